#!/usr/bin/env bash
# What may not be in the repository.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

findings=0
# none WHAT LINES: the lines, if there are any, are a finding.
none() {
  [[ -n "$2" ]] || return 0
  printf '%s:\n%s\n' "$1" "$2" | head -n 10
  findings=$((findings + 1))
}

# S3's own message is "functionality that is not implemented".
none "left-overs in Sources" "$(git grep -nwE \
  'TODO|FIXME|XXX|fatalError\(.*|try!.*|unimplemented|not implemented' -- 'Sources/*.swift' |
  grep -v 'functionality that is not implemented' || true)"
none "Foundation or Dispatch in what is deployed" "$(git grep -nE \
  '^ *(@[A-Za-z]+ )*(public |internal |package )?import (Foundation|FoundationEssentials|Dispatch)' \
  -- 'Sources/Function/*.swift' || true)"
none "Swift concurrency in what is deployed" "$(git grep -nE \
  '(^|[^A-Za-z])(async |await |actor [A-Z]|Task *[{(.]|@MainActor)' -- 'Sources/Function/*.swift' |
  grep -vE '^[^:]+:[0-9]+: *//' || true)"
none "tests that read a table of the whole machine" "$(git grep -nE '/proc/net|lsof|netstat' -- 'Tests/*.swift' || true)"
none "tests that an elapsed time decides" "$(git grep -nE \
  'timeIntervalSince\([^)]*\)[^=<>]*<|(Continuous|Suspending)Clock' -- 'Tests/*.swift' || true)"
none "marks of an unfinished merge" "$(git grep -nE '^(<<<<<<<|>>>>>>>)( |$)' -- . || true)"
none "paths of one machine" "$(git grep -nE '(^|[^A-Za-z0-9_.])/(work|farm|root|opt/swift|home)(/|$)' -- . || true)"
none "servers on every address" "$(git grep -nE '0\.0\.0\.0' -- Sources .ci Tests \
  ':!Tests/ImageClassificationTests/Fixtures/url-hosts' || true)"
none "names of package registries" "$(git grep -nIE '(pypi|pythonhosted|npmjs|crates|rubygems)\.(org|com|io)' -- . || true)"
none "files above 8 MB" "$(git ls-files -z | xargs -0 -r ls -ln | awk '$5 > 8388608 { print $5, $9 }')"
none "build output" "$(git ls-files | grep -E '(^|/)(\.build|dist|Package\.resolved|__pycache__)' || true)"
none "two checks of one name" "$(git ls-files '.ci/checks/*.sh' '.ci/nightly/*.sh' | xargs -n 1 basename | sort | uniq -d)"
none "scripts without run bit" "$(git ls-files -s .ci/run '*.sh' | awk '$1 != "100755" && $4 != ".ci/lib.sh" { print $4 }')"
for path in Package.swift README.md LICENSE .swift-format .ci/run events Tests; do
  [[ -e "$path" ]] || none "missing at the top level" "$path"
done
if [[ -d ../shared/vectors ]]; then
  # These have their own licenses and may not be copied; the text of the Apache license may.
  none "copies of files of shared/vectors or shared/traces" "$(
    git ls-files -z ':!LICENSE' | xargs -0 sha256sum | sort >"$work/tree-ours"
    find ../shared/vectors/ ../shared/traces/ -type f -size +63c -exec sha256sum {} + | sort |
      join -o 1.1,1.2,2.2 - "$work/tree-ours" || true
  )"
fi
[[ $findings = 0 ]] || fail "$findings kinds of findings"
passed "nothing that may not be there"
