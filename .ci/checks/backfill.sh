#!/usr/bin/env bash
# inferencectl backfill from listing to report: MiniStack's S3, IAM, STS and Lambda with the program of the zip in it,
# a scripted endpoint, and a scripted S3 Control (backfill_s3control.py), because neither MiniStack nor moto has batch
# jobs. 300 photographs in a versioned bucket, also killed, canceled, and resumed; then the same from this machine;
# judged with boto3 by the stored results. Needs a finished `swift build`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv boto3 boto3==1.44.5
take_bootstrap

rm -rf "$work/backfill-temporary" "$work/backfill-runs"
mkdir -p "$work/backfill-runs"
start_ministack backfill
verdict=$("$work/venv-boto3/bin/python" .ci/checks/backfill.py .build/debug/inferencectl "$BOOTSTRAP" "$ministack_url" \
  "$work/backfill-runs") || {
  echo "$verdict"
  fail "see above"
}
[[ "$verdict" = *" 9 parts "* ]] || fail "$verdict, expected 9 parts"
passed "$verdict"
