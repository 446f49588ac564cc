#!/usr/bin/env bash
# swift test is green, always: whole runs in a row on a machine that is left alone, then as many with every processor
# kept busy beside them. REPEATED_TESTS runs of each, 20 by default. Needs a finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

count=${REPEATED_TESTS:-20}
unlucky=0
# runs WHAT: one line for each.
runs() {
  local number log started
  for number in $(seq "$count"); do
    log=$work/repeated-tests.log
    started=$SECONDS
    if swift test --skip-build >"$log" 2>&1 </dev/null; then
      echo "$1, run $number: $((SECONDS - started)) s, $(grep -oE 'Test run with [0-9]+ tests' "$log" | tail -n 1)"
    else
      unlucky=$((unlucky + 1))
      cp "$log" "$work/repeated-tests-failure-$unlucky.log"
      echo "$1, run $number: FAILED, .build-ci/repeated-tests-failure-$unlucky.log"
      grep -E 'recorded an issue|error:' "$log" | cut -c 1-400 | head -n 5 || tail -n 5 "$log"
    fi
  done
}

runs "alone"
for _ in $(seq "$(nproc)"); do
  sh -c 'while :; do :; done' &
  server_ids+=($!)
done
runs "beside $(nproc) busy processors"
[[ $unlucky = 0 ]] || fail "$unlucky of $((2 * count)) runs"
passed "$count runs alone and $count beside $(nproc) busy processors, none failed"
