#!/usr/bin/env bash
# inferencectl while AWS fails: lost responses, conflicts, rollbacks, signals, kills, and outages, injected by a proxy
# in front of MiniStack (Lambda, CloudWatch) and moto (SageMaker, Application Auto Scaling). What is left is read back
# with boto3, past the proxy. Needs a finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv moto 'moto[server]==5.2.1' boto3==1.44.5

start_ministack operations-faults
moto_port=$(free_port)
start_server moto-faults "http://127.0.0.1:$moto_port/moto-api/" \
  "$work/venv-moto/bin/moto_server" -H 127.0.0.1 -p "$moto_port"

folder=$work/operations-faults
rm -rf "$folder"
mkdir -p "$folder"
verdict=$("$work/venv-moto/bin/python" .ci/checks/operations_faults.py "$ministack_url" "http://127.0.0.1:$moto_port" \
  "${INFERENCECTL:-$PWD/.build/debug/inferencectl}" "$folder") || {
  echo "$verdict"
  fail "see above"
}
deployments=$("$work/venv-moto/bin/python" .ci/checks/operations_deploy_faults.py "$ministack_url" \
  "${INFERENCECTL:-$PWD/.build/debug/inferencectl}" "$folder") || {
  echo "$deployments"
  fail "see above"
}
passed "$verdict; $(tail -n 1 <<<"$deployments")"
