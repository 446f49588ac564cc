#!/usr/bin/env bash
# The costs and the plot of docs/endpoint-kinds.md are what `inferencectl endpoint estimate` computes. Needs a finished
# `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

program=$(swift build --show-bin-path)/inferencectl
files=("$program" docs/endpoint-kinds.md docs/endpoint-costs.svg)
if [[ "${COSTS_WRITE-}" = 1 ]]; then python3 .ci/checks/template_costs.py "${files[@]}" --write; fi
verdict=$(python3 .ci/checks/template_costs.py "${files[@]}") || fail "write them again: COSTS_WRITE=1 .ci/checks/$check.sh"
passed "$verdict"
