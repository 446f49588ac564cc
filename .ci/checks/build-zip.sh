#!/usr/bin/env bash
# build-zip.sh builds the same bytes from two clean clones at different paths, its audit refuses what
# provided.al2023 would not run, and a label file arrives in the zip. Needs the packages of
# `build-zip.sh --packages`. What was checked stays in dist/, for the checks that follow.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

work=$work/build-zip
kept=0
broken=0
export LIBCURL_CACHE=${LIBCURL_CACHE:-$PWD/.build/zip/libcurl}
rm -rf "$work"
mkdir -p "$work"

expect() { # NAME, then a command that must succeed
  local name=$1
  shift
  if "$@"; then
    kept=$((kept + 1))
  else
    broken=$((broken + 1))
    echo "build-zip: NOT SO: $name"
  fi
}

build() { # CLONE ARGUMENT...
  local clone=$1
  shift
  (cd "$clone" && ./build-zip.sh "$@") >"$clone.log" 2>&1 || {
    tail -n 40 "$clone.log"
    fail "the build in $clone"
  }
}

pack() { # ZIP NAME MODE FILE
  python3 - "$@" <<'END'
import sys, zipfile
path, name, mode, content = sys.argv[1:]
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (0o100000 | int(mode, 8)) << 16
    package.writestr(info, open(content, "rb").read(), zipfile.ZIP_DEFLATED)
END
}

refused() { # ZIP REASON: the audit must fail and say so
  local output
  if output=$(./build-zip.sh --audit "$1" 2>&1); then
    echo "accepted: $output"
    return 1
  fi
  grep -qF -- "$2" <<<"$output" || {
    echo "said instead: $output"
    return 1
  }
}

one=$work/one
two=$work/another/path/that/is/longer/two
git clone --quiet --no-hardlinks . "$one"
git clone --quiet --no-hardlinks . "$two"
build "$one"
build "$two"
expect "two clones give the same bytes" cmp "$one/dist/bootstrap.zip" "$two/dist/bootstrap.zip"
expect "the debug symbols know lines" grep -q 'main.swift' <(strings -a "$one/dist/bootstrap.debug")
expect "the second one reused libcurl" test -z "$(grep 'building it once' "$two.log")"
expect "CodeSha256 is the zip's" test \
  "$(openssl dgst -sha256 -binary "$one/dist/bootstrap.zip" | base64)" = "$(cat "$one/dist/bootstrap.zip.sha256")"
expect "the architecture is recorded" test \
  "$(cat "$one/dist/bootstrap.zip.arch")" = "$(uname -m | sed s/aarch64/arm64/)"
expect "the audit accepts it" ./build-zip.sh --audit "$one/dist/bootstrap.zip"

good=$work/good
python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("bootstrap"))' \
  "$one/dist/bootstrap.zip" >"$good"
strings -a "$good" >"$work/strings"
expect "no path of a clone is in it" test -z "$(grep -F "$work" "$work/strings")"

printf 'cat\ndog\n' >"$work/labels.txt"
build "$two" --labels "$work/labels.txt"
expect "a label file arrives" test "$(python3 -c \
  'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read("labels.txt").decode(), end="")' \
  "$two/dist/bootstrap.zip")" = "$(cat "$work/labels.txt")"

cat >"$work/newer.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
int main(void) { printf("%u\n", arc4random()); }
END
cat >"$work/foundation.swift" <<'END'
import Foundation
print(Date())
END
clang -o "$work/newer" "$work/newer.c"
swiftc -O -static-stdlib -o "$work/foundation" "$work/foundation.swift" >"$work/foundation.log" 2>&1
llvm-objcopy --strip-all "$work/foundation" 2>/dev/null || strip "$work/foundation"
head -c 6000000 /dev/urandom >"$work/noise"
cat "$good" "$work/noise" >"$work/large"

pack "$work/shell.zip" bootstrap 755 /bin/bash
expect "a program of the system is refused" refused "$work/shell.zip" "bootstrap needs libtinfo.so.6"
pack "$work/newer.zip" bootstrap 755 "$work/newer"
expect "a symbol of a newer glibc is refused" refused "$work/newer.zip" "bootstrap needs symbols of GLIBC_2.36"
pack "$work/foundation.zip" bootstrap 755 "$work/foundation"
expect "Foundation is refused" refused "$work/foundation.zip" "Foundation is linked into bootstrap"
pack "$work/mode.zip" bootstrap 644 "$good"
expect "a file that is not executable is refused" refused "$work/mode.zip" "is not an executable file: -rw-r--r--"
pack "$work/name.zip" bin/bootstrap 755 "$good"
expect "a bootstrap below the root is refused" refused "$work/name.zip" "no bootstrap at the root, but bin/bootstrap"
pack "$work/large.zip" bootstrap 755 "$work/large"
expect "a zip that is too large is refused" refused "$work/large.zip" "the limit is 4,500,000"
pack "$work/text.zip" bootstrap 755 build-zip.sh
expect "a script is refused" refused "$work/text.zip" "bootstrap is not an ELF program"
expect "a file that is not a zip is refused" refused build-zip.sh "not a zip file"

mkdir -p dist
cp "$one"/dist/* dist/
[ "$broken" = 0 ] || fail "$broken of $((kept + broken)) expectations"
passed "$kept expectations, $(stat -c %s dist/bootstrap.zip) bytes"
