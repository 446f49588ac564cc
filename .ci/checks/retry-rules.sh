#!/usr/bin/env bash
# What is retried, compared with botocore's own checkers: every code of its lists and of the models' errors, every
# status from 400 to 599, eight services. Offline. Needs a finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv botocore botocore==1.44.8

RETRY_CODES=$work/retry-codes.txt
RETRY_VERDICTS=$work/retry-verdicts.txt
export RETRY_CODES RETRY_VERDICTS
rm -f "$RETRY_VERDICTS"
"$work/venv-botocore/bin/python" .ci/checks/retry_rules.py codes >"$RETRY_CODES"
run_tests AWSControlTests.RetryRulesDumpTests 1
verdict=$("$work/venv-botocore/bin/python" .ci/checks/retry_rules.py compare "$RETRY_VERDICTS") || {
  echo "$verdict"
  fail "see above"
}
echo "$verdict"
passed "${verdict##*$'\n'} to botocore 1.44.8"
