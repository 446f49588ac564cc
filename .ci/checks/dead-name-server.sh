#!/usr/bin/env bash
# The zip's program in a network whose only name server never answers: the error must reach the Runtime API before the
# invocation's deadline. In namespaces of its own, for which it needs CAP_SYS_ADMIN or user namespaces. BOOTSTRAP is
# taken instead of building the zip.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

take_bootstrap
isolated=(unshare --mount --net)
[[ $(id -u) == 0 ]] || isolated+=(--map-root-user)
result=$("${isolated[@]}" python3 .ci/checks/dead_name_server.py "$BOOTSTRAP" "$work" 2>&1) || {
  echo "$result"
  fail "see above"
}
passed "$result"
