#!/usr/bin/env bash
# The template's alarms over the metrics of runs of dist/bootstrap.zip in which every image fails: from S3, from
# EventBridge, from a queue, and over HTTP. Each alarm is needed: without it, or with a threshold out of reach, this
# check fails.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv sam aws-sam-cli==1.170.0 pytest==9.0.3
take_bootstrap
log=$work/alarms.log
PYTHONPATH=.ci/checks SAM_CLI_TELEMETRY=0 "$work/venv-sam/bin/python" .ci/checks/alarms.py "$BOOTSTRAP" 2>&1 | tee "$log" ||
  fail "see the lines above"
passed "$(tail -n 1 "$log")"
