#!/usr/bin/env bash
# inferencectl results: many results listed and summarized in less than 100 MB, an export that is killed and continued,
# MiniStack's S3 and Athena, and DuckDB as the judge of every figure. Needs a finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# A million and ten million are in .ci/nightly.
count=200000
program=${INFERENCECTL:-$(swift build --show-bin-path)/inferencectl}
make_venv results boto3==1.44.5 duckdb==2.0.1

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
