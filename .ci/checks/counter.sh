#!/usr/bin/env bash
# Instructions and system calls of the program in dist/bootstrap.zip, or of BOOTSTRAP with bootstrap.debug beside it,
# against the committed baselines (Sources/Measuring/counter, docs/benchmarks.md). --update writes them anew. Needs
# valgrind and strace.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

for tool in valgrind strace; do
  command -v "$tool" >/dev/null || fail "$tool is not installed: apt-get install valgrind strace"
done
if [[ -z "${BOOTSTRAP-}" ]]; then
  take_bootstrap
  cp dist/bootstrap.debug "$(dirname "$BOOTSTRAP")/"
fi
counter=Sources/Measuring/counter/counter.py
counts=$work/counter-counts.json

python3 "$counter" --program "$BOOTSTRAP" --symbols "$(dirname "$BOOTSTRAP")/bootstrap.debug" --counts "$counts" "$@" |
  tee "$work/counter.txt" || fail "the functions of each count are in .build-ci/counter/functions-*.txt"

# doctored SHARE MEASURE UNIT: the verdict on these counts with one of them changed, against themselves as the baseline;
# COMPILER instead of UNIT is that of the baseline.
doctored() {
  python3 - "$counts" "$work/counter-doctored" "$@" <<'PYTHON'
import json, pathlib, sys
counts, folder, share, measure, unit = sys.argv[1:]
folder = pathlib.Path(folder)
folder.mkdir(exist_ok=True)
entry = json.loads(pathlib.Path(counts).read_text())
compiler = entry["compiler"]
if unit not in entry["counts"][measure]:
    entry["compiler"] = unit
    unit = "instructions"
(folder / "baselines.json").write_text(json.dumps({"baselines": [entry]}))
entry["compiler"] = compiler
entry["counts"][measure][unit] = round(entry["counts"][measure][unit] * float(share))
(folder / "counts.json").write_text(json.dumps(entry))
PYTHON
  python3 "$counter" --baselines "$work/counter-doctored/baselines.json" --judge "$work/counter-doctored/counts.json" \
    >"$work/counter-doctored.txt"
}
doctored 2 start "another compiler" || fail "another compiler's baseline decides"
grep -q 'NOTHING WAS COMPARED' "$work/counter-doctored.txt" || fail "it is not said that there is no baseline"
doctored 1.02 invocation instructions || fail "2 % more instructions are refused"
for rise in "1.04 start instructions" "1.04 invocation instructions" "1.05 invocation systemCalls" \
  "1.12 firstHTTPSAnswer instructions"; do
  # shellcheck disable=SC2086  # Three words.
  if doctored $rise; then fail "not refused: $rise"; fi
  grep -q "WORSE: $(cut -d ' ' -f 2 <<<"$rise")" "$work/counter-doctored.txt" || fail "not named: $rise"
done

verdict="no count is above its limit"
grep -q 'NOTHING WAS COMPARED' "$work/counter.txt" && verdict="NOTHING WAS COMPARED, no baseline is for this machine"
passed "$verdict; a rise of 4 % is refused, of HTTPS one of 12 %"
