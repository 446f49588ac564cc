#!/usr/bin/env bash
# Each request that inferencectl can make, and those of the function to SageMaker Runtime, compared with botocore's
# serializer: method, host, path, query, headers, body. Needs a finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv boto3 boto3==1.44.5

CONTROL_REQUESTS=$work/control-requests.jsonl
export CONTROL_REQUESTS
rm -f "$CONTROL_REQUESTS"
run_tests AWSControlTests.RequestDumpTests 2
verdict=$("$work/venv-boto3/bin/python" .ci/checks/control_requests.py "$CONTROL_REQUESTS") || {
  echo "$verdict"
  fail "see above"
}
# A case that got lost must not look like one that agrees.
operations=$(grep -rhoE '^package struct [A-Za-z]+: [^{]*(Read|Write|Paged)Operation' Sources/Operations | wc -l)
[[ "$verdict" = *" of $operations operations" ]] || fail "$verdict, but there are $operations in Sources/Operations"

RUNTIME_REQUESTS=$work/runtime-requests.jsonl
export RUNTIME_REQUESTS
rm -f "$RUNTIME_REQUESTS"
run_tests SageMakerRuntimeTests.RequestDumpTests 1
runtime=$("$work/venv-boto3/bin/python" .ci/checks/control_requests.py "$RUNTIME_REQUESTS") || {
  echo "$runtime"
  fail "see above"
}
[[ "$runtime" = *" of 2 operations" ]] || fail "$runtime of SageMaker Runtime, but there are 2"
passed "$verdict, and of SageMaker Runtime $runtime, are botocore 1.44.5's"
