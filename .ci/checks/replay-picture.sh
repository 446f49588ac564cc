#!/usr/bin/env bash
# README's picture of a replay shows what local-invoke prints today. REPLAY_WRITE=1 draws it again.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

program=$(swift build --show-bin-path)/local-invoke
[[ -x "$program" ]] || fail "no local-invoke; run swift build --product local-invoke first"
if [[ "${REPLAY_WRITE-}" = 1 ]]; then python3 .ci/checks/replay_picture.py "$program" docs/replay.svg; fi
python3 .ci/checks/replay_picture.py "$program" docs/replay.svg --check || fail "draw it again: REPLAY_WRITE=1 .ci/checks/$check.sh"
passed "docs/replay.svg is up to date"
