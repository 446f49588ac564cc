#!/usr/bin/env bash
# inferencectl's versions, alias, and deploy as a process, with an IAM user's keys, against MiniStack's Lambda and
# CloudWatch; the result is read with boto3. Requires a finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv ministack ministack==1.5.33
make_venv boto3 boto3==1.44.5

rm -rf "$work/operations-lambda"
mkdir -p "$work/operations-lambda/temporary"
port=$(free_port)
# Without BIND_HOST it would listen on every address; the local executor needs no container engine.
start_server ministack-operations "http://127.0.0.1:$port/_ministack/health" env \
  TMPDIR="$work/operations-lambda/temporary" GATEWAY_PORT="$port" BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 \
  LAMBDA_EXECUTOR=local AUTH=true AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=rootsecret \
  "$work/venv-ministack/bin/ministack"
program=${INFERENCECTL:-.build/debug/inferencectl}
[[ -x "$program" ]] || fail "$program is not there"
proved=$("$work/venv-boto3/bin/python" .ci/checks/operations_lambda.py \
  "http://127.0.0.1:$port" "$program" "$work/operations-lambda") || {
  echo "$proved"
  fail "see above"
}
echo "$proved"
expected=$(grep -c '^def test_' .ci/checks/operations_lambda.py)
[[ "$(grep -c '^proved: ' <<<"$proved")" = "$expected" ]] || fail "not all of $expected parts ran"

# Three calls of a release build where there is one: the goal is 150 ms.
release=${INFERENCECTL_RELEASE:-.build-release/release/inferencectl}
if [[ -x "$release" ]]; then
  "$work/venv-boto3/bin/python" .ci/checks/operations_lambda.py \
    "http://127.0.0.1:$port" "$release" "$work/operations-lambda" --time
fi
passed "$expected parts against MiniStack 1.5.33 with AUTH=true, state read with boto3 1.44.5"
