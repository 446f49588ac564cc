# Shared by the checks of .ci/checks; to be sourced. Changes to the repository's root.
# Everything a check makes lies in .build-ci; what it starts ends with it.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

check=$(basename "$0" .sh)
mkdir -p .build-ci
# Without links: .ci/run links it into a clone that goes away, and programs in Python environments name their
# interpreter.
work=$(realpath .build-ci)
export PYTHONDONTWRITEBYTECODE=1
# The oracles are on loopback: no proxy, and none of the caller's keys or profiles.
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL

# Prints what was proved, as the last line of a check.
passed() {
  echo "$check: $*"
}

fail() {
  echo "$check: FAILED, $*"
  exit 1
}

# make_venv NAME REQUIREMENT...: .build-ci/venv-NAME with exactly these; kept while the pins stay the same.
make_venv() {
  local venv=$work/venv-$1
  shift
  # The list is written last: a half-made environment has none.
  if [[ "$(cat "$venv/installed" 2>/dev/null)" != "$*" ]]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"
    echo "$*" >"$venv/installed"
  fi
}

# Sets BOOTSTRAP, unless it is given, to the program of dist/bootstrap.zip, which is built when it is not there.
take_bootstrap() {
  [[ -z "${BOOTSTRAP-}" ]] || return 0
  if [[ ! -e dist/bootstrap.zip ]]; then
    ./build-zip.sh >"$work/$check-zip.log" 2>&1 || { tail -n 20 "$work/$check-zip.log"; fail "no zip"; }
  fi
  rm -rf "${work:?}/$check-zip"
  python3 -m zipfile -e dist/bootstrap.zip "$work/$check-zip"
  BOOTSTRAP=$work/$check-zip/bootstrap
  chmod +x "$BOOTSTRAP"
}

# install_chromium [PACKAGE]...: Debian's chromium, a font, and these packages beside it.
install_chromium() {
  local package missing=()
  command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
  for package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [[ ${#missing[@]} != 0 ]] || return 0
  local as_root=()
  [[ "$(id -u)" = 0 ]] || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >"$work/chromium.log" 2>&1 || {
    tail -n 5 "$work/chromium.log"
    fail "chromium cannot be installed"
  }
}

# The options of every headless Chromium here: it asks for nothing but the page.
# shellcheck disable=SC2034  # Used by the checks.
chromium_options=(--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --no-first-run
  --disable-background-networking --disable-component-update --disable-sync --disable-extensions)

free_port() {
  python3 -c 'import socket
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
print(listener.getsockname()[1])'
}

server_ids=()
stop_servers() {
  local id
  for id in "${server_ids[@]}"; do
    kill "$id" 2>/dev/null || true
  done
  for id in "${server_ids[@]}"; do
    wait "$id" 2>/dev/null || true
  done
  server_ids=()
}
trap stop_servers EXIT
trap 'exit 130' INT TERM

# start_server NAME URL COMMAND...: in the background, its output in .build-ci/NAME.log. Returns when any HTTP
# answer comes from the URL; fails when the server ends, or after 60 s.
start_server() {
  local name=$1 url=$2 id
  shift 2
  "$@" >"$work/$name.log" 2>&1 </dev/null &
  id=$!
  server_ids+=("$id")
  if ! python3 - "$url" "$id" <<'PYTHON'; then
import os, sys, time, urllib.error, urllib.request
url, server = sys.argv[1], int(sys.argv[2])
deadline = time.monotonic() + 60
while time.monotonic() < deadline:
    try:
        urllib.request.urlopen(url, timeout=5)
        sys.exit(0)
    except urllib.error.HTTPError:
        sys.exit(0)
    except OSError:
        pass
    try:
        with open(f"/proc/{server}/stat") as stat:
            if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                sys.exit("it has ended")
    except FileNotFoundError:
        sys.exit("it has ended")
    time.sleep(0.1)
sys.exit("no answer within 60 s")
PYTHON
    tail -n 20 "$work/$name.log"
    fail "$name did not start"
  fi
}

# start_ministack NAME [REQUIREMENT]...: MiniStack that checks signatures and permissions, its temporary files in
# .build-ci/NAME-temporary; with more requirements in an environment of its own. Its root key, test with the secret
# rootsecret, is for the set-up only. Sets ministack_url.
start_ministack() {
  local port venv=ministack name=$1
  shift
  [[ $# = 0 ]] || venv=ministack-$name
  port=$(free_port)
  make_venv "$venv" ministack==1.5.33 "$@"
  mkdir -p "$work/$name-temporary"
  ministack_url=http://127.0.0.1:$port
  start_server "ministack-$name" "$ministack_url/_ministack/health" env \
    TMPDIR="$work/$name-temporary" GATEWAY_PORT="$port" BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 LAMBDA_EXECUTOR=local \
    AUTH=true AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=rootsecret "$work/venv-$venv/bin/ministack"
}

# run_tests FILTER MINIMUM: runs the tests of the build that is there, with REQUIRE_ORACLES so that none can be skipped.
# Fewer than MINIMUM, or a skipped one, counts as a failure. Sets test_summary.
run_tests() {
  local log=$work/$check-tests.log
  if ! REQUIRE_ORACLES=1 swift test --skip-build --filter "$1" >"$log" 2>&1 </dev/null; then
    # The first failures, each on one line; without any, it did not get so far.
    grep -E 'recorded an issue|error:' "$log" | cut -c 1-400 | head -n 12 || tail -n 20 "$log"
    fail "see the lines above; all of it is in .build-ci/$check-tests.log"
  fi
  if grep -E '^➜ ?(Test|Suite) .*skipped|skipped:' "$log"; then
    fail "a test was skipped"
  fi
  test_summary=$(sed -n 's/.*Test run with \([0-9]* tests\{0,1\}\) in .* passed after.*/\1/p' "$log" | tail -n 1)
  if [[ "${test_summary%% *}" -lt "$2" ]]; then
    tail -n 20 "$log"
    fail "only ${test_summary:-0 tests} ran, at least $2 were expected"
  fi
}
