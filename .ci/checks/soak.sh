#!/usr/bin/env bash
# Memory and descriptors over many invocations (.ci/soak.c), by default 20,000; SOAK_COUNT=200000 is the whole
# soak and takes a few minutes. BOOTSTRAP names another build than the release build made here.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

cc -O2 -Wall -o "$work/soak" .ci/soak.c
if [[ -z "${BOOTSTRAP-}" ]]; then
  swift build -c release --product bootstrap --static-swift-stdlib >"$work/soak-build.log" 2>&1 ||
    { tail -n 40 "$work/soak-build.log"; fail "it does not build"; }
  BOOTSTRAP=$(swift build -c release --show-bin-path)/bootstrap
fi
"$work/soak" "${SOAK_COUNT:-20000}" "$BOOTSTRAP"
