#!/usr/bin/env bash
# Cold starts of dist/bootstrap.zip beside awslambdaric and boto3, against the targets (.ci/startup/measure.py).
# On a busy machine a measurement may miss by chance: one of three must hold.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

requirements=(awslambdaric==4.2.2 boto3==1.44.5)
venv=$PWD/.build-ci/venv-startup
export PYTHONDONTWRITEBYTECODE=1

if [ "$(cat "$venv/installed" 2>/dev/null)" != "${requirements[*]}" ]; then
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "${requirements[@]}"
  echo "${requirements[*]}" >"$venv/installed"
fi
[ -f dist/bootstrap.zip ] || ./build-zip.sh

for _ in 1 2 3; do
  python3 .ci/startup/measure.py --check --tutorial "$venv/bin/python" "$@" && exit
done
exit 1
