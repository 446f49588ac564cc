#!/usr/bin/env bash
# readme.sh NUMBER: runs that command of README.md as it stands there, after its mark <!-- ci: command NUMBER -->.
# The output of apt-get goes to standard error, so that standard output contains only the program's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command=$(awk -v mark="<!-- ci: command $1 -->" '
  $0 == mark { wanted = 1; next }
  wanted && /^```/ { if (inside) exit; inside = 1; next }
  inside' README.md)
if [[ -z "$command" ]]; then
  echo "README.md has no command $1" >&2
  exit 1
fi

program=$(command -v apt-get || true)
as_root=()
[[ "$(id -u)" = 0 ]] || as_root=(sudo)
# shellcheck disable=SC2317  # The command calls it.
apt-get() {
  # NO_INSTALL=1, of .ci/run --no-install: what is there has to do.
  [[ -z "${NO_INSTALL-}" ]] || return 0
  "${as_root[@]}" "$program" "$@" >&2
}

echo "+ $command" >&2
eval "$command"
