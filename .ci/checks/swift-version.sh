#!/usr/bin/env bash
# Every page that names a Swift version names the one that Package.swift requires, and every image the same release.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

required=$(sed -n '1s/^\/\/ swift-tools-version: *//p' Package.swift)
[[ "$required" =~ ^[0-9]+\.[0-9]+$ ]] || fail "Package.swift begins with no swift-tools-version of two numbers: $required"

# The versions that a page requires. Those of three numbers are what was measured, or read in an answer.
mapfile -t pages < <(git ls-files '*.md' '*.sh' '*.yml' '*.yaml' .ci/run ':!docs/benchmarks.md' ':!docs/CHANGELOG.md')
said=
for page in "${pages[@]}"; do
  # A line may end between the two words.
  found=$(tr '\n' ' ' <"$page" | grep -oE 'Swift \[?[0-9]+\.[0-9]+(\.[0-9]+)?' | grep -vE '\.[0-9]+\.[0-9]+$' || true)
  [[ -z "$found" ]] || said+="$page: ${found//$'\n'/$'\n'$page: }"$'\n'
done
said=${said%$'\n'}
wrong=$(grep -vE "Swift \[?${required//./\\.}\$" <<<"$said" || true)
[[ -z "$wrong" ]] || fail "Package.swift requires Swift $required, but: $wrong"

images=$(grep -ohE '\bswift:[0-9][0-9A-Za-z.-]*' "${pages[@]}" | sort | uniq -c)
[[ "$(wc -l <<<"$images")" = 1 ]] || fail "more than one Swift image: $images"
image=$(awk '{ print $2 }' <<<"$images")
release=$(sed -E 's/^swift:([0-9]+\.[0-9]+).*/\1/' <<<"$image")
[[ "$(printf '%s\n' "$required" "$release" | sort -V | tail -n 1)" = "$release" ]] ||
  fail "the image $image is older than Swift $required"
count=$(grep -c . <<<"$said" || true)
[[ "$count" -ge 3 ]] || fail "only $count pages name the version: the search does not work"
passed "$count places require Swift $required, as Package.swift does; $(awk '{ print $1 }' <<<"$images") use $image"
