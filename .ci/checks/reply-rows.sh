#!/usr/bin/env bash
# MODEL_OUTPUT=auto against numpy in extended precision: rows of probabilities and of logits as models write them
# (float32, binary16, bfloat16, 2 to 6 decimals; 2 to 10,000 classes). Of probabilities, and of logits of ten and more
# classes, not one may be misread; a refusal is not a misreading. REPLY_ROWS rows, 20,000 by default; the million of
# docs/replies.md takes a quarter of an hour.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

rows=${REPLY_ROWS:-20000}
make_venv reply-rows numpy==1.26.4
work=$work/reply-rows
mkdir -p "$work"
flags=(-O -wmo -swift-version 6 -I "$work" -I Sources/System/CMalloc)
for module in Platform JSON; do
  swiftc "${flags[@]}" -parse-as-library -package-name rows -module-name "$module" -emit-module \
    -emit-module-path "$work/$module.swiftmodule" -emit-object -o "$work/$module.o" "Sources/Function/$module"/*.swift
done
classification=Sources/Function/ImageClassification
swiftc "${flags[@]}" -package-name rows -module-name ReplyRows -o "$work/reply-rows" Tests/ReplyRows/main.swift \
  "$classification"/Replies/*.swift "$classification"/Ranking.swift "$work"/{Platform,JSON}.o
"$work/../venv-reply-rows/bin/python" .ci/checks/reply_rows.py "$work/reply-rows" "$rows" || fail "see the lines above"
passed "$rows rows"
