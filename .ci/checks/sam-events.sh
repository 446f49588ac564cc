#!/usr/bin/env bash
# The real bootstrap and every event that `sam local generate-event` knows: what S3, SQS, SNS, API Gateway and load
# balancers send is answered in its own way, all others are refused with the accepted shapes. Needs a finished
# `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv sam aws-sam-cli==1.170.0 pytest==9.0.3
events=$work/sam-events.json
count=$("$work/venv-sam/bin/python" .ci/checks/sam_events.py "$events")
[[ "$count" -ge 60 ]] || fail "only $count events were generated"
export SAM_EVENTS=$events
run_tests 'OracleTests.SAMEventTests' 5
passed "$test_summary of $count events of aws-sam-cli 1.170.0"
