#!/usr/bin/env bash
# The costs and the plot of docs/endpoint-kinds.md are those of the price list that inferencectl uses.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

files=(Sources/Operations/Prices/Resources/prices-us-east-1.json docs/endpoint-kinds.md docs/endpoint-costs.svg)
if [[ "${COSTS_WRITE-}" = 1 ]]; then python3 .ci/checks/template_costs.py "${files[@]}" --write; fi
verdict=$(python3 .ci/checks/template_costs.py "${files[@]}") || fail "write them again: COSTS_WRITE=1 .ci/checks/$check.sh"
passed "$verdict"
