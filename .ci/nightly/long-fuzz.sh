#!/usr/bin/env bash
# The five fuzzers for an hour over all; .ci/checks/fuzz.sh gives them a minute.
set -euo pipefail
FUZZ_SECONDS=${FUZZ_SECONDS:-3600} exec bash "$(dirname "${BASH_SOURCE[0]}")/../checks/fuzz.sh"
