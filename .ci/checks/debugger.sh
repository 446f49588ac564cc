#!/usr/bin/env bash
# local-invoke --wait-for-debugger with the line that it prints for gdb: the breakpoint is hit where the function
# receives the event, in ImageClassifier.swift, and the function then answers as without a debugger. Needs gdb and a
# finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

command -v gdb >/dev/null || fail "gdb is not installed"
program=$(swift build --show-bin-path)/local-invoke
folder=$work/$check
rm -rf "$folder"
mkdir -p "$folder"

"$program" events/test-key.json --wait-for-debugger >"$folder/answer.json" 2>"$folder/log" &
server_ids+=($!)
replay=$!
line=
for _ in $(seq 300); do
  line=$(sed -n 's/^ *\(sudo \)\{0,1\}\(gdb -p .*\)$/\2/p' "$folder/log")
  [[ -z "$line" ]] || break
  kill -0 "$replay" 2>/dev/null || fail "it ended: $(tail -n 5 "$folder/log")"
  sleep 0.1
done
[[ -n "$line" ]] || fail "no line for gdb within 30 s"
# As printed, and then what a person would type.
eval "timeout 120 $line -batch -ex backtrace -ex delete -ex continue" >"$folder/gdb.log" 2>&1 </dev/null ||
  { tail -n 20 "$folder/gdb.log"; fail "gdb"; }
grep -qE '^#0 .*ClassifierC6handle_.* at .*ImageClassifier\.swift:[0-9]+' "$folder/gdb.log" ||
  { tail -n 20 "$folder/gdb.log"; fail "the breakpoint was not hit"; }
wait "$replay" || fail "the replay: $(tail -n 5 "$folder/log")"
grep -q '"statusCode":200' "$folder/answer.json" || fail "the answer: $(cat "$folder/answer.json")"
passed "gdb stops where the function receives the event, and the function answers afterwards"
