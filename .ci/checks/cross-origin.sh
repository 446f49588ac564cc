#!/usr/bin/env bash
# A page of one origin posts a photograph to a function URL of another one, in headless Chromium, and reads the answer.
# The function is the real one (local-invoke --serve); in front of it, cross_origin.py does what Lambda does: it answers
# preflight requests, and adds the CORS headers of template.yaml to the function's own. With a second header, as the
# function once sent it, the browser must refuse. Needs a finished `swift build --build-tests`. The picture stays in
# .build-ci/cross-origin.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

install_chromium
program=$(swift build --show-bin-path)/local-invoke
pictures=$work/cross-origin
rm -rf "$pictures"
mkdir -p "$pictures"
function_port=$(free_port) page_port=$(free_port) front_port=$(free_port)
start_server cross-origin-function "http://127.0.0.1:$function_port/" "$program" --serve "$function_port"
start_server cross-origin-front "http://127.0.0.1:$front_port/" \
  python3 .ci/checks/cross_origin.py "$function_port" "$page_port" "$front_port"

# load PATH OPTION...: the page in the browser; its DOM after the answer is in .build-ci/cross-origin/page.html.
load() {
  local page="http://127.0.0.1:$page_port/?http://127.0.0.1:$front_port$1"
  shift
  timeout 120 chromium "${chromium_options[@]}" --user-data-dir="$pictures/profile" --virtual-time-budget=30000 \
    --window-size=900,700 "$@" "$page" >"$pictures/page.html" 2>"$pictures/chromium.log" ||
    fail "chromium: see .build-ci/cross-origin/chromium.log"
}

load / --screenshot="$pictures/answer.png"
[[ -s "$pictures/answer.png" ]] || fail "no picture"
load / --dump-dom
grep -q 'data-outcome="read"' "$pictures/page.html" || fail "the answer was not read: $(grep -o 'data-.*' "$pictures/page.html")"
class=$(sed -n 's/.*<h1>\(.* 0\.[0-9]*\)<\/h1>.*/\1/p' "$pictures/page.html")
[[ -n "$class" ]] || fail "the answer has no class"
load /doubled --dump-dom
grep -q 'data-outcome="refused"' "$pictures/page.html" || fail "two headers are accepted, so that this check proves nothing"
passed "Chromium posts a photograph to another origin and reads \"$class\"; with the header twice it refuses"
