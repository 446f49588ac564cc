#!/usr/bin/env bash
# template.yaml: tests of what SAM makes of it, SAM's and CloudFormation's linters, checkov, parliament, and MiniStack's
# evaluator of policies, by which each permission is needed. Offline.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
export SAM_CLI_TELEMETRY=0 PYTHONPATH=.ci/checks

make_venv sam aws-sam-cli==1.170.0 pytest==9.0.3
make_venv checkov checkov==3.3.30
make_venv parliament parliament==1.6.4 setuptools==80.9.0
make_venv ministack ministack==1.5.33
sam=$work/venv-sam/bin
documents=$work/template
rm -rf "$documents"

passed=0
failed=0
# part NAME COMMAND...: what it printed last, or all of it when it failed.
part() {
  local name=$1 log=$work/template-$1.log
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    printf '  %-12s %s\n' "$name" "$(grep . "$log" | tail -n 1)"
  else
    failed=$((failed + 1))
    printf '  %-12s FAILED\n' "$name"
    tail -n 60 "$log"
  fi
}

# These run where bash forgets `set -e`, hence each && below.
tests() {
  local log=$work/template-pytest.log
  "$sam/python" -m pytest -q -p no:cacheprovider .ci/checks/template_test.py .ci/checks/template_kinds_test.py >"$log" 2>&1 && ! grep -q skipped "$log"
  local status=$?
  cat "$log"
  return $status
}

lint() {
  # In the rendered templates the names of the zones are the renderer's.
  "$sam/cfn-lint" template.yaml && "$sam/cfn-lint" "$documents/translated.json" &&
    "$sam/cfn-lint" --ignore-checks W3010 --template "$documents"/rendered-*.json &&
    echo "template.yaml, SAM's translation and $(find "$documents" -name 'rendered-*' | wc -l) rendered cases: no finding"
}

circle() {
  local findings=$work/template-circle-findings
  "$sam/cfn-lint" "$work/template-circle.json" >"$findings" || true
  grep -q '^E3004' "$findings" && echo "a role that asks the bucket for its ARN is found: E3004"
}

security() {
  # It ends with 1 when there are findings; they are compared with those that docs/deploy.md explains.
  rm -f "$work/checkov.json"
  "$work/venv-checkov/bin/checkov" -d "$documents" --framework cloudformation --skip-download --quiet -o json \
    >"$work/checkov.json"
  python3 .ci/checks/template_checkov.py "$work/checkov.json" docs/deploy.md
}

part documents "$sam/python" .ci/checks/template_documents.py "$documents"
part tests tests
part sam "$sam/sam" validate --template template.yaml --region us-east-1
part sam-lint "$sam/sam" validate --lint --template template.yaml --region us-east-1
part cfn-lint lint
part circle circle
part checkov security
part permissions "$work/venv-ministack/bin/python" .ci/checks/template_permissions.py "$documents"
part parliament "$work/venv-parliament/bin/python" .ci/checks/template_parliament.py "$documents"

[[ $failed = 0 && $passed = 9 ]] || fail "$failed of $((passed + failed)) parts"
passed "template.yaml in $passed parts"
