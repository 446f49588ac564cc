#!/usr/bin/env bash
# Memory and descriptors over many invocations (Sources/Measuring/soak), by default 20,000; SOAK_COUNT=200000 is the whole
# soak and takes a few minutes. The program of dist/bootstrap.zip, or BOOTSTRAP.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

cc -O2 -Wall -o "$work/soak" Sources/Measuring/soak/main.c
take_bootstrap
"$work/soak" "${SOAK_COUNT:-20000}" "$BOOTSTRAP"
