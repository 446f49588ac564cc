#!/usr/bin/env bash
# Cold starts of dist/bootstrap.zip beside awslambdaric and boto3, with the targets (.ci/startup/measure.py). A time
# never decides a check, so a target that is missed is printed and not failed: `measure.py --check` fails.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv startup awslambdaric==4.2.2 boto3==1.44.5
[ -f dist/bootstrap.zip ] || ./build-zip.sh

python3 .ci/startup/measure.py --tutorial "$work/venv-startup/bin/python" "$@" | tee "$work/startup.txt"
passed "measured: $(tail -n 1 "$work/startup.txt")"
