#!/usr/bin/env bash
# The peak memory of the zip's program with events of many large images, against its limits. BOOTSTRAP is taken instead
# of building the zip.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

take_bootstrap
result=$(python3 .ci/checks/memory.py "$BOOTSTRAP" 2>&1) || {
  echo "$result"
  fail "see above"
}
echo "$result"
passed "${result##*$'\n'}"
