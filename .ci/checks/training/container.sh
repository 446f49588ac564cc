#!/usr/bin/env bash
# AWS's training toolkit (sagemaker-training) as in a SageMaker job, without a way to any network:
#
#   container.sh PYTHON SOURCE.tar.gz PHOTOGRAPHS WEIGHTS OUTPUT HYPERPARAMETERS.json
#
# As root. Runs itself in a mount and a network namespace of its own, whose /opt/ml has the folders of a job: the source
# is the channel `code`, WEIGHTS is copied to the channel `weights`. OUTPUT gets /opt/ml/model, /opt/ml/output, and what
# is left in /opt/ml/checkpoints.
set -euo pipefail

if [[ "${INSIDE_NAMESPACE-}" != yes ]]; then
  INSIDE_NAMESPACE=yes exec unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private bash "$0" "$@"
fi

python=$1 source=$2 photographs=$3 weights=$4 hyperparameters=$6
mkdir -p "$5"
output=$(realpath "$5")
job=$(mktemp -d)
trap 'rm -rf "$job"' EXIT
mkdir -p "$job"/ml/{model,checkpoints,output/data,input/config,input/data/{train,code,weights}}
cp "$source" "$job/ml/input/data/code/sourcedir.tar.gz"
cp -R "$photographs/." "$job/ml/input/data/train"
cp "$weights" "$job/ml/input/data/weights/"
cp "$hyperparameters" "$job/ml/input/config/hyperparameters.json"
cat >"$job/ml/input/config/inputdataconfig.json" <<'JSON'
{"train": {"TrainingInputMode": "File"}, "code": {"TrainingInputMode": "File"}, "weights": {"TrainingInputMode": "File"}}
JSON
# The toolkit resolves every host's name, for 15 minutes and without a message; here only /etc/hosts can answer.
cat >"$job/ml/input/config/resourceconfig.json" <<'JSON'
{"current_host": "algo-1", "hosts": ["algo-1"], "network_interface_name": "lo"}
JSON
echo '127.0.0.1 localhost algo-1' >"$job/hosts"
mount --bind "$job/hosts" /etc/hosts
mount --bind "$job" /opt
"$python" - <<'PYTHON'
import fcntl, socket, struct

# "lo" goes up: SIOCSIFFLAGS with IFF_UP.
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    fcntl.ioctl(control, 0x8914, struct.pack("16sH14x", b"lo", 1))
try:
    socket.create_connection(("192.0.2.1", 443), 2)
except OSError:
    pass
else:
    raise SystemExit("there is a way out of the namespace")
PYTHON

status=0
cd /opt/ml
env -i PATH="$(dirname "$python"):$PATH" HOME="$job" LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 SAGEMAKER_REGION=us-east-1 \
  TRAINING_JOB_NAME=check "$(dirname "$python")/train" || status=$?
cp -R /opt/ml/model /opt/ml/output /opt/ml/checkpoints "$output"
exit "$status"
