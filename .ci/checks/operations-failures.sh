#!/usr/bin/env bash
# inferencectl failures list, show, redrive against MiniStack's SQS and Lambda with AUTH=true, with the keys of an IAM
# user; what is in the queue and what the function got is read back with boto3. Needs a finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv boto3 boto3==1.44.5

start_ministack failures
verdict=$("$work/venv-boto3/bin/python" .ci/checks/operations_failures.py .build/debug/inferencectl "$ministack_url") || {
  echo "$verdict"
  fail "see above"
}
passed "$verdict"
