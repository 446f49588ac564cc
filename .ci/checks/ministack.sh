#!/usr/bin/env bash
# GetObject of the real bootstrap against MiniStack: signatures, session tokens, IAM per resource, versions, checksums,
# the S3 events that MiniStack itself makes; then bootstrap as a function of MiniStack's Lambda, reached by S3, SQS, SNS
# and EventBridge, and the results that it keeps; then the same behind a scripted asynchronous endpoint, whose failures
# inferencectl redrives. Needs a finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv ministack ministack==1.5.33
# With awscrt, which has the checksums that Python lacks.
make_venv boto3-crt 'boto3[crt]==1.44.5'

# Where it unpacks functions.
rm -rf "$work/ministack-temporary"
mkdir "$work/ministack-temporary"
port=$(free_port)
# Without BIND_HOST it would listen on every address; the local executor needs no container engine.
start_server ministack "http://127.0.0.1:$port/_ministack/health" env \
  TMPDIR="$work/ministack-temporary" GATEWAY_PORT="$port" BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 LAMBDA_EXECUTOR=local AUTH=true \
  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=rootsecret LAMBDA_ASYNC_RETRY_BASE_SECONDS=0.2 \
  "$work/venv-ministack/bin/ministack"
description=$work/ministack.json
"$work/venv-boto3-crt/bin/python" .ci/checks/ministack_setup.py "http://127.0.0.1:$port" "$description"

export MINISTACK_ORACLE=$description MINISTACK_URL=http://127.0.0.1:$port
export BOTO3_PYTHON=$work/venv-boto3-crt/bin/python
run_tests 'OracleTests.MiniStack' 29
passed "$test_summary of GetObject and of bootstrap as a function behind seven sources and an asynchronous endpoint, MiniStack 1.5.33 with AUTH=true"
