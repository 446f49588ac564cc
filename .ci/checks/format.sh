#!/usr/bin/env bash
# swift-format finds nothing, and no comment is wider than 120 columns.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

swift format lint --strict -r Sources Tests Package.swift || fail "see above"

width=120
mapfile -t sources < <(git ls-files '*.swift' '*.c' '*.h' '*.sh' '*.py' '*.yaml' '*.yml' .ci/run)
wide=$(python3 - "$width" "${sources[@]}" <<'PYTHON'
import re, sys

width, *paths = sys.argv[1:]
for path in paths:
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().split("\n"), 1):
            # Lines that are a comment alone; an address cannot be broken.
            if re.match(r"\s*(//|#[^!\"]|\*( |$|/))", line) and len(line) > int(width) and not re.search(r"https?://\S{60}", line):
                print(f"{path}:{number}: {len(line)} columns")
PYTHON
)
[[ -z "$wide" ]] || {
  echo "$wide"
  fail "comments wider than $width columns"
}
passed "$(git ls-files '*.swift' | wc -l) files are formatted, comments are within $width columns"
