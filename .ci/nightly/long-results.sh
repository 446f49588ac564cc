#!/usr/bin/env bash
# inferencectl results over one and ten million generated results, with the release build: listed and summarized in less
# than 100 MB, every figure as DuckDB's; and Label Studio's library as the judge of tasks for people (500 MB of disk).
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv results duckdb==2.0.1
swift build -c release --product inferencectl --scratch-path .build-release >"$work/results-build.log" 2>&1 || {
  tail -n 20 "$work/results-build.log"
  fail "no release build"
}
for count in 1000000 10000000; do
  verdict=$("$work/venv-results/bin/python" .ci/checks/results_stream_check.py .build-release/release/inferencectl \
    "$work/long-results" "$count" 20000) || {
    echo "$verdict"
    fail "see above"
  }
  echo "$verdict"
done
make_venv label-studio label-studio-sdk==2.1.2
review=$("$work/venv-label-studio/bin/python" .ci/checks/results_review.py .build-release/release/inferencectl \
  "$work/long-results-review") || {
  echo "$review"
  fail "see above"
}
passed "one and ten million as above; $review"
