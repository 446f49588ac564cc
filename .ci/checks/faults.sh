#!/usr/bin/env bash
# The table of docs/faults.md is what the fault suite observes now. FAULTS_WRITE=1 writes it there instead.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

rows=$work/fault-rows
rm -rf "$rows"
mkdir -p "$rows"
FAULT_TABLE=$rows run_tests FaultTableTests 1
{
  echo '<!-- observed: begin -->'
  echo '| fault, at the third of ten events | outcome of the events | process | log |'
  echo '| --- | --- | --- | --- |'
  cat "$rows"/*.md
  echo '<!-- observed: end -->'
} >"$work/fault-table.md"
awk -v table="$work/fault-table.md" '
  /^<!-- observed: begin -->$/ { while ((getline line < table) > 0) print line; skipping = 1 }
  !skipping { print }
  /^<!-- observed: end -->$/ { skipping = 0 }' docs/faults.md >"$work/faults.md"
if [[ "${FAULTS_WRITE-}" = 1 ]]; then cp "$work/faults.md" docs/faults.md; fi
diff -u docs/faults.md "$work/faults.md" || fail "docs/faults.md differs from what was observed"
passed "$(find "$rows" -name '*.md' | wc -l) faults end as in docs/faults.md"
