#!/usr/bin/env bash
# Cold starts of dist/bootstrap.zip beside awslambdaric and boto3, with the targets
# (Sources/Measuring/cold-start/cold_start.py). A time never decides a check, so a target that is missed is printed and
# not failed: `cold_start.py --check` fails.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv startup awslambdaric==4.2.2 boto3==1.44.5
[ -f dist/bootstrap.zip ] || ./build-zip.sh

python3 Sources/Measuring/cold-start/cold_start.py --tutorial "$work/venv-startup/bin/python" "$@" | tee "$work/startup.txt"
passed "measured: $(tail -n 1 "$work/startup.txt")"
