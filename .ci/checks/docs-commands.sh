#!/usr/bin/env bash
# The commands of README.md and of the other pages that can run offline succeed as they stand there: each block of shell
# behind a line <!-- ci: run -->, from the repository's root, with the AWS CLI at hand. A block of text behind a line
# <!-- ci: prints --> is what the block before it prints. Needs a finished `swift build --build-tests`.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

minimum=6
make_venv aws-cli awscli==1.46.3
programs=$(realpath "$(swift build --show-bin-path)")
export PATH=$PATH:$work/venv-aws-cli/bin
export AWS_PAGER=

blocks=$work/docs-commands
rm -rf "$blocks"
mkdir -p "$blocks"
mapfile -t pages < <(git ls-files '*.md')
python3 - "$blocks" "${pages[@]}" <<'PYTHON' || fail "see above"
import sys

folder, *pages = sys.argv[1:]
count = 0
for page in pages:
    with open(page, encoding="utf-8") as file:
        lines = file.read().split("\n")
    for number, line in enumerate(lines):
        if line.strip() != "<!-- ci: run -->":
            continue
        if lines[number + 1].strip() != "```sh":
            sys.exit(f"{page}:{number + 1}: no block of sh follows")
        end = lines.index("```", number + 2)
        count += 1
        with open(f"{folder}/{count:02}.sh", "w", encoding="utf-8") as file:
            # What a failing block leaves in the background ends with it.
            file.write(f"# {page}:{number + 2}\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n")
            file.write("\n".join(lines[number + 2:end]) + "\n")
        if lines[end + 1:end + 4] == ["", "<!-- ci: prints -->", "```text"]:
            text = lines[end + 4:lines.index("```", end + 4)]
            with open(f"{folder}/{count:02}.sh.expected", "w", encoding="utf-8") as file:
                file.write("\n".join(text) + "\n")
PYTHON

count=0
compared=0
failures=0
for block in "$blocks"/*.sh; do
  [[ -e "$block" ]] || break
  count=$((count + 1))
  place=$(sed -n '1s/^# //p' "$block")
  started=$SECONDS
  if timeout -k 20 600 bash -euo pipefail "$block" >"$block.out" 2>"$block.err" </dev/null; then
    echo "  $place: $((SECONDS - started)) s"
    [[ -e "$block.expected" ]] || continue
    compared=$((compared + 1))
    diff "$block.expected" "$block.out" || {
      failures=$((failures + 1))
      echo "  $place: FAILED: the page shows (<) what is not printed (>)"
    }
  else
    failures=$((failures + 1))
    echo "  $place: FAILED"
    cat "$block"
    tail -n 8 "$block.out" "$block.err" | cut -c 1-300
  fi
done
[[ $failures = 0 ]] || fail "$failures of $count blocks"
[[ $count -ge $minimum ]] || fail "only $count blocks are marked <!-- ci: run -->, at least $minimum were expected"
[[ $compared -ge 1 ]] || fail "no block is marked <!-- ci: prints -->"
[[ -x "$programs/local-invoke" ]] || fail "the blocks built no local-invoke in $programs"
passed "$count blocks of the pages run as written, $compared print what the page shows"
