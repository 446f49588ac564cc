#!/usr/bin/env bash
# 1,000 random requests, the same each time: botocore, awscrt and our signer must agree on each, and our
# verifier must accept what botocore would send. Run from the repository's root.
# SIGNATURE_COUNT and SIGNATURE_SEED ask for others.
set -euo pipefail

count=${SIGNATURE_COUNT:-1000}
seed=${SIGNATURE_SEED:-20150830}
venv=.build-ci/venv-signing
cases=$PWD/.build-ci/signature-cases.jsonl
log=.build-ci/signature-differential.log

# The versions that made Tests/SigV4Tests/Vectors; the file marks a completed installation.
requirements=(botocore==1.44.5 awscrt==0.38.1)
if [ "$(cat "$venv/installed" 2>/dev/null)" != "${requirements[*]}" ]; then
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "${requirements[@]}"
  echo "${requirements[*]}" >"$venv/installed"
fi

PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" .ci/checks/signature_differential.py \
  "$count" "$seed" "$cases"

if ! SIGNATURE_CASES=$cases swift test --filter DifferentialTests >"$log" 2>&1; then
  tail -n 40 "$log" >&2
  echo "signature-differential: FAILED, see $log"
  exit 1
fi

# A skipped test does not print its line.
for result in "signatures checked" "requests accepted"; do
  number=$(sed -n "s/^signature-differential: \([0-9]*\) $result\$/\1/p" "$log" | tail -n 1)
  if [ "${number:-0}" -lt "$count" ]; then
    tail -n 40 "$log" >&2
    echo "signature-differential: FAILED, ${number:-0} of $count $result"
    exit 1
  fi
done
echo "signature-differential: $number random requests agree (ours, ${requirements[*]}, seed $seed)"
