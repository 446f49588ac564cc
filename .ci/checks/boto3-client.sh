#!/usr/bin/env bash
# boto3 as the client of LocalAWS (started by the tests) and of `local-invoke --serve`: right keys are accepted; a wrong
# secret, an old date, a changed body or query are refused with AWS's own codes. Needs a finished
# `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv boto3 boto3==1.44.5

port=$(free_port)
programs=$(swift build --show-bin-path)
start_server local-invoke "http://127.0.0.1:$port/" "$programs/local-invoke" --serve "$port"

BOTO3_PYTHON=$work/venv-boto3/bin/python
LOCAL_INVOKE_URL=http://127.0.0.1:$port
export BOTO3_PYTHON LOCAL_INVOKE_URL
run_tests 'OracleTests.(Boto3Tests|LambdaInvokeTests)' 14
passed "$test_summary of LocalAWS and local-invoke --serve with boto3 1.44.5 as the client"
