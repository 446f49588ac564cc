#!/usr/bin/env bash
# DogBreedModel's logits against the same network in onnxruntime, on images that Pillow reads (onnx_logits.py).
# Everything it makes lies in .build-ci. Exit status 0 and a last line when they agree.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

requirements=.ci/checks/onnx-requirements.txt
venv=.build-ci/venv-onnx
work=$PWD/.build-ci/onnx-logits
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$work"
rm -f "$work/logits.json"

# Made again when the pins change, or when it was left half made: the pins are copied last.
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
  cp "$requirements" "$venv/requirements.txt"
fi

"$venv/bin/python" .ci/checks/onnx_logits.py images "$work/images"
LOGITS_IMAGES="$work/images" LOGITS_OUTPUT="$work/logits.json" \
  swift test --filter LogitsForONNXRuntimeTests >"$work/swift-test.log" 2>&1 || true
if [[ ! -s "$work/logits.json" ]]; then
  tail -n 40 "$work/swift-test.log"
  echo "onnxruntime: failed, the Swift test wrote no logits"
  exit 1
fi
"$venv/bin/python" .ci/checks/onnx_logits.py compare "$work/images" "$work/logits.json"
