#!/usr/bin/env bash
# 10,000 seeds of the model of Lambda, two operators and faults; `swift test` runs 500. Needs a finished
# `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

export MODEL_SEEDS=${MODEL_SEEDS:-10000}
run_tests '^VersioningTests\.DeploymentModelTests/' 1
passed "$MODEL_SEEDS seeds, $test_summary"
