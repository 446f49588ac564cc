#!/usr/bin/env bash
# inferencectl results: a million results listed and summarized in less than 100 MB, an export that is killed and
# continued, MiniStack's S3 and Athena, and DuckDB as the judge of every figure. With the release build of inferencectl,
# the one for use.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# Fewer or more with RESULTS_COUNT; .ci/nightly has ten million.
count=${RESULTS_COUNT:-1000000}
program=${INFERENCECTL:-.build-release/release/inferencectl}
make_venv results boto3==1.44.5 duckdb==2.0.1
[[ -n "${INFERENCECTL-}" ]] ||
  swift build -c release --product inferencectl --scratch-path .build-release >"$work/results-build.log" 2>&1 || {
  tail -n 20 "$work/results-build.log"
  fail "no release build"
}

# Without DuckDB its Athena would answer with nothing.
ATHENA_ENGINE=duckdb start_ministack results duckdb==2.0.1
rm -rf "$work/results-documents"
athena=$("$work/venv-results/bin/python" .ci/checks/results_athena.py "$program" "$ministack_url" "$work/results-documents") || {
  echo "$athena"
  fail "see above"
}
stream=$("$work/venv-results/bin/python" .ci/checks/results_stream_check.py "$program" "$work/results-stream" "$count" 3000) || {
  echo "$stream"
  fail "see above"
}
passed "$athena; $stream"
