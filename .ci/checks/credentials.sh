#!/usr/bin/env bash
# Where inferencectl finds its credentials, judged by botocore on the same files, variables and servers; assumed roles against MiniStack's STS with AUTH=true. Needs a finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv boto3 boto3==1.44.5
make_venv ministack ministack==1.5.33

verdict=$("$work/venv-boto3/bin/python" .ci/checks/credentials.py .build/debug/inferencectl) || {
  echo "$verdict"
  fail "see above"
}

port=$(free_port)
mkdir -p "$work/credentials-temporary"
start_server ministack-credentials "http://127.0.0.1:$port/_ministack/health" env \
  TMPDIR="$work/credentials-temporary" GATEWAY_PORT="$port" BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 LAMBDA_EXECUTOR=local AUTH=true \
  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=rootsecret "$work/venv-ministack/bin/ministack"
roles=$("$work/venv-boto3/bin/python" .ci/checks/credentials_roles.py .build/debug/inferencectl "http://127.0.0.1:$port") || {
  echo "$roles"
  fail "see above"
}
passed "$verdict; $roles"
