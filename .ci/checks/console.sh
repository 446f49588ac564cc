#!/usr/bin/env bash
# The page of `local-invoke --serve` in Debian's Chromium: a person drops a photograph, reads the bars, edits the event,
# chooses a fault, changes a variable, and uses the keyboard alone (console_session.py); axe-core looks for barriers in
# each state, light and dark, at 400 and 1,600 px (console_looks.py). Times are printed and decide nothing. Needs a
# finished `swift build --build-tests`; LOCAL_INVOKE names another build of the program. The pictures stay in
# .build-ci/console. CONSOLE_WRITE=1 also draws README's picture, docs/console.png.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

install_chromium chromium-driver
make_venv console selenium==4.48.0 axe-core-python==0.1.0 pillow==12.0.0
program=${LOCAL_INVOKE:-$(swift build --show-bin-path)/local-invoke}
[[ -x "$program" ]] || fail "no local-invoke; run swift build --product local-invoke first"
pictures=$work/console
rm -rf "$pictures"
mkdir -p "$pictures"
"$work/venv-console/bin/python" .ci/checks/console.py "$program" "$pictures" "${chromium_options[@]}" || fail "see above"
if [[ "${CONSOLE_WRITE-}" = 1 ]]; then cp "$pictures/readme.png" docs/console.png; fi
passed "a photograph dropped, an event edited, faults, variables, and the keyboard alone, in Chromium; no barrier for axe-core"
