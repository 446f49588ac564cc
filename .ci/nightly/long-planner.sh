#!/usr/bin/env bash
# The planner's longer comparisons: 3,000 random configurations against the second simulator, and the search against a
# wide grid on eight seeds. Needs a finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

python3 .ci/checks/planner_oracle.py "$work/planner-oracle-long.json" 3000
export PLANNER_ORACLE=$work/planner-oracle-long.json PLANNER_GRID=wide
run_tests '^CapacityPlannerTests\.(OracleTests/|SearchTests/theSearchFindsWhatAGridFinds)' 3
passed "3,000 configurations and a wide grid, $test_summary"
