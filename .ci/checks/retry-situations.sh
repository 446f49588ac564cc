#!/usr/bin/env bash
# The zip's program against an S3, an endpoint, and a proxy that fail in one way each: the number of attempts and the
# outcome of every situation. Prints the table with the times. BOOTSTRAP is taken instead of building the zip.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

take_bootstrap
python3 .ci/checks/retry_situations.py "$BOOTSTRAP" | tee "$work/retry-situations.txt" ||
  fail "see the rows that are marked"
passed "$(tail -n 1 "$work/retry-situations.txt")"
