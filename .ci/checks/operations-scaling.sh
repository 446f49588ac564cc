#!/usr/bin/env bash
# `inferencectl concurrency` and `inferencectl endpoint` as processes: Lambda is MiniStack with AUTH=true, Application
# Auto Scaling, SageMaker and CloudWatch are moto in IAM mode, the same IAM user's keys on both. What was written is
# read back with boto3. Needs a finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv ministack ministack==1.5.33
make_venv moto 'moto[server]==5.2.1' boto3==1.44.5
make_venv operations boto3==1.44.5 pytest==9.0.3

rm -rf "$work/operations-temporary"
mkdir "$work/operations-temporary"
ministack_port=$(free_port)
start_server ministack-operations "http://127.0.0.1:$ministack_port/_ministack/health" env \
  TMPDIR="$work/operations-temporary" GATEWAY_PORT="$ministack_port" BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 \
  LAMBDA_EXECUTOR=local LAMBDA_ACCOUNT_CONCURRENCY=1000 AUTH=true AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=rootsecret \
  "$work/venv-ministack/bin/ministack"

export OPERATIONS_KEYS=$work/operations-keys.json
rm -f "$OPERATIONS_KEYS"
moto_port=$(free_port)
start_server moto-operations "http://127.0.0.1:$moto_port/moto-api/" \
  "$work/venv-moto/bin/python" .ci/checks/operations_moto.py "$moto_port"

log=$work/operations-scaling.log
export MINISTACK_URL=http://127.0.0.1:$ministack_port MOTO_URL=http://127.0.0.1:$moto_port
if ! "$work/venv-operations/bin/python" -m pytest -q -p no:cacheprovider .ci/checks/operations_scaling_test.py >"$log" 2>&1; then
  tail -n 60 "$log"
  fail "see above"
fi
! grep -E 'skipped|deselected' "$log" || fail "a test was skipped"
passed "$(tail -n 1 "$log" | grep -oE '[0-9]+ passed') with MiniStack 1.5.33 and moto 5.2.1"
