#!/usr/bin/env bash
# inferencectl failures list, show, redrive against MiniStack's SQS and Lambda with AUTH=true, with the keys of an IAM user; what
# is in the queue and what the function got is read back with boto3. Needs a finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv boto3 boto3==1.44.5
make_venv ministack ministack==1.5.33

port=$(free_port)
mkdir -p "$work/failures-temporary"
start_server ministack-failures "http://127.0.0.1:$port/_ministack/health" env \
  TMPDIR="$work/failures-temporary" GATEWAY_PORT="$port" BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 LAMBDA_EXECUTOR=local AUTH=true \
  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=rootsecret "$work/venv-ministack/bin/ministack"
verdict=$("$work/venv-boto3/bin/python" .ci/checks/operations_failures.py .build/debug/inferencectl "http://127.0.0.1:$port") || {
  echo "$verdict"
  fail "see above"
}
passed "$verdict"
