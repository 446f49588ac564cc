#!/usr/bin/env bash
# Where inferencectl finds its credentials, judged by botocore on the same files, variables and servers; assumed roles
# against MiniStack's STS with AUTH=true. Needs a finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv boto3 boto3==1.44.5

verdict=$("$work/venv-boto3/bin/python" .ci/checks/credentials.py .build/debug/inferencectl) || {
  echo "$verdict"
  fail "see above"
}

start_ministack credentials
roles=$("$work/venv-boto3/bin/python" .ci/checks/credentials_roles.py .build/debug/inferencectl "$ministack_url") || {
  echo "$roles"
  fail "see above"
}
passed "$verdict; $roles"
