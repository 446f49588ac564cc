#!/usr/bin/env bash
# Memory and descriptors over many invocations (.ci/soak.c), by default 20,000; SOAK_COUNT=200000 is the whole
# soak and takes a few minutes. BOOTSTRAP names another build than the release build made here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

mkdir -p .build-ci
cc -O2 -Wall -o .build-ci/soak .ci/soak.c
if [[ -z "${BOOTSTRAP:-}" ]]; then
  swift build -c release --product bootstrap >.build-ci/soak-build.log 2>&1 ||
    { tail -n 40 .build-ci/soak-build.log; echo "soak: FAILED to build"; exit 1; }
  BOOTSTRAP=$(swift build -c release --show-bin-path)/bootstrap
fi
.build-ci/soak "${SOAK_COUNT:-20000}" "$BOOTSTRAP"
