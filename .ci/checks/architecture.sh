#!/usr/bin/env bash
# The arrows of docs/architecture.md are those of Package.swift, no folder needs one that it may not, and every target
# is named in the page. ARROWS_WRITE=1 writes the arrows there.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

swift package --scratch-path "$work/package" dump-package >"$work/package.json" 2>"$work/$check.log" || { tail -n 20 "$work/$check.log"; fail "no package"; }
verdict=$(python3 .ci/checks/architecture.py "$work/package.json" docs/architecture.md) || {
  echo "$verdict"
  fail "see above; ARROWS_WRITE=1 bash .ci/checks/architecture.sh writes the arrows"
}
passed "$verdict"
