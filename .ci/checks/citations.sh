#!/usr/bin/env bash
# Each path and flag that pages and comments name is there (citations.py), and docs/CHANGELOG.md begins with the version
# that the programs print. Needs a finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

programs=$(swift build --show-bin-path)
helps=()
for program in inferencectl local-invoke benchmark; do
  "$programs/$program" --experimental-dump-help >"$work/help-$program.json" || fail "$program does not describe its options"
  helps+=("$program=$work/help-$program.json")
done
verdict=$(python3 .ci/checks/citations.py "${helps[@]}") || {
  echo "$verdict"
  fail "see above"
}

version=$(sed -n 's/^## \([0-9.]*\).*/\1/p' docs/CHANGELOG.md | head -n 1)
for program in inferencectl local-invoke; do
  printed=$("$programs/$program" --version)
  [[ "$printed" = "$program $version" ]] ||
    fail "$program --version prints $printed, docs/CHANGELOG.md begins with ${version:-no version}"
done
passed "$verdict are there; $version is the version of both programs"
