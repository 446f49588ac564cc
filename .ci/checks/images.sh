#!/usr/bin/env bash
# Images of all sizes and modes: the local model (Swift) and the container's preprocessing (Pillow of Debian 12) give
# the same verdict, PNG the same pixels, each in at most 400 MB and 3 s. The last line counts them.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

folder=$work/images
# Every file in it is compared: none of an earlier state may be left.
rm -rf "$folder"
mkdir -p "$folder"
make_venv images numpy==1.26.4 pillow==9.4.0
python=$work/venv-images/bin/python
images=.ci/checks/images.py
"$python" "$images" make "$folder/files"
"$python" "$images" container "$folder/files" "$folder/container.json"
export VERDICT_IMAGES=$folder/files VERDICT_OUTPUT=$folder/replay.json
rm -f "$VERDICT_OUTPUT"
run_tests ImageVerdictsTests 1
"$python" "$images" compare "$folder/container.json" "$folder/replay.json" | tee "$folder/table.txt" || fail "see the table"
passed "$(tail -n 1 "$folder/table.txt")"
