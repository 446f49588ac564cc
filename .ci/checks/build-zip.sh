#!/usr/bin/env bash
# build-zip.sh builds the same bytes from two clean clones at different paths, its audit refuses what provided.al2023
# would not run and what is not hardened, a label file arrives in the zip, and a build that fails leaves the previous
# zip. Needs the packages of `build-zip.sh --packages`. What was checked stays in dist/, for the checks that follow.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

work=$work/build-zip
kept=0
broken=0
export LIBCURL_CACHE=${LIBCURL_CACHE:-$PWD/.build/zip/libcurl}
rm -rf "$work"
mkdir -p "$work"
toolchain=$(swiftc -print-target-info | python3 -c \
  'import json, sys; print(json.load(sys.stdin)["paths"]["runtimeResourcePath"] + "/../../bin")')

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

# What a start would pay for and nothing calls: a public function of Swift's library, and two of its initializers.
left_out() { # LIBRARY NAME: the library has it, the program does not
  grep -qF -- "$2" <(nm "$toolchain/../lib/swift_static/linux/$1.a" 2>/dev/null) && ! grep -qF -- "$2" "$work/symbols"
}
nm "$one/dist/bootstrap.debug" >"$work/symbols"
# shellcheck disable=SC2016  # A mangled name.
expect "an unused function of Swift's library is left out" left_out libswiftGlibc '$s5Glibc5acoshyS2fF'
expect "the initializer of the command line is left out" left_out libswiftCore _GLOBAL__sub_I_CommandLine.cpp
# Code in .init runs before main, and only __gmon_start__ of glibc's is called there, by its address in a register.
calls_at_start() { "$toolchain/llvm-objdump" -d --section=.init "$good" | grep -cE '\bcall[a-z]*\s+(0x)?[0-9a-f]+'; }
if [ "$(uname -m)" = x86_64 ]; then
  expect "libcrypto does not ask the processor before main" test "$(calls_at_start)" = 0
fi
expect "the initializer of backtraces is left out" left_out libswiftCore _GLOBAL__sub_I_Backtrace.cpp

cat >"$work/newer.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
int main(void) { printf("%u\n", arc4random()); }
END
cat >"$work/foundation.swift" <<'END'
import Foundation
print(Date())
END
clang -no-pie -Wl,-z,lazy -o "$work/newer" "$work/newer.c"
swiftc -O -static-stdlib -o "$work/foundation" "$work/foundation.swift" >"$work/foundation.log" 2>&1
llvm-objcopy --strip-all "$work/foundation" 2>/dev/null || strip "$work/foundation"
head -c 6000000 /dev/urandom >"$work/noise"
cat "$good" "$work/noise" >"$work/large"

# Full RELRO: all that the loader fills in is read-only before the program starts. See docs/startup.md.
is_hardened() { # PROGRAM
  readelf -dW "$1" | grep -q 'FLAGS.*BIND_NOW' && readelf -lW "$1" | grep -q GNU_RELRO || return 1
  readelf -lW "$1" | grep -E 'LOAD|GNU_STACK' | grep -q 'RWE' && return 1
  # Sections of the writable segments that GNU_RELRO does not protect.
  local left
  left=$(readelf -lW "$1" | awk '
    /Program Headers:/ { segments = 1; next }
    /Section to Segment/ { segments = 0; next }
    segments && $1 ~ /^(PHDR|INTERP|LOAD|TLS|DYNAMIC|GNU_RELRO|GNU_STACK|NOTE|GNU_EH_FRAME|GNU_PROPERTY)$/ {
      kind[count] = $1; flags[count] = $7 $8; count++ }
    /^   [0-9][0-9] / {
      number = $1 + 0
      for (i = 2; i <= NF; i++) {
        if (kind[number] == "GNU_RELRO") protected[$i] = 1
        if (kind[number] == "LOAD" && flags[number] ~ /W/) writable[$i] = 1
      }
    }
    END { for (name in writable) if (!(name in protected)) print name }')
  [[ "$left" = *.data* ]] || return 1
  ! grep -qE '^\.(rodata|got|data\.rel\.ro|dynamic|init_array|fini_array)' <<<"$left"
}
expect "readelf shows full RELRO, and no read-only data in a writable segment" is_hardened "$good"
not_hardened() { ! is_hardened "$1"; }
expect "the test of that finds what is not hardened" not_hardened "$work/newer"

printf 'cat\ndog\n' >"$work/labels.txt"
# From another folder than the clone's.
(cd "$work" && "$two/build-zip.sh" --labels labels.txt) >"$two.log" 2>&1 || {
  tail -n 40 "$two.log"
  fail "the build with labels"
}
expect "a label file arrives" test "$(python3 -c \
  'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read("labels.txt").decode(), end="")' \
  "$two/dist/bootstrap.zip")" = "$(cat "$work/labels.txt")"

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
expect "a zip that is too large is refused" refused "$work/large.zip" "the limit is 4,200,000"
expect "functions that are resolved lazily are refused" refused "$work/newer.zip" "no BIND_NOW"
echo 'int value __attribute__((section("marked"))) = 1; int main(void) { return value; }' >"$work/writable.c"
clang -c -o "$work/marked.o" "$work/writable.c"
"$toolchain/llvm-objcopy" --rename-section marked=.rodata,alloc,data "$work/marked.o" "$work/writable.o"
clang -no-pie -fuse-ld=lld -Wl,-z,now -o "$work/writable" "$work/writable.o"
pack "$work/writable.zip" bootstrap 755 "$work/writable"
expect "read-only data that is writable is refused" refused "$work/writable.zip" \
  ".rodata of bootstrap is in a writable segment"
clang -no-pie -fuse-ld=lld -Wl,-z,now,-z,norelro -o "$work/norelro" "$work/marked.o"
pack "$work/norelro.zip" bootstrap 755 "$work/norelro"
expect "a program without RELRO is refused" refused "$work/norelro.zip" ".got of bootstrap stays writable"
pack "$work/text.zip" bootstrap 755 build-zip.sh
expect "a script is refused" refused "$work/text.zip" "bootstrap is not an ELF program"
expect "a file that is not a zip is refused" refused build-zip.sh "not a zip file"

# fails REASON COMMAND...: in another folder than the clone's; the zip of the clone must stay as it is.
fails() {
  local reason=$1 output
  shift
  if output=$(cd "$work" && "$@" 2>&1); then
    echo "it did not fail"
    return 1
  fi
  grep -qF -- "$reason" <<<"$output" || {
    echo "said instead: $output"
    return 1
  }
  (cd "$two/dist" && sha256sum --quiet -c "$work/before")
}
(cd "$two/dist" && sha256sum bootstrap.*) >"$work/before"
printf 'cat\n\n' >"$work/empty-line.txt"
cp "$work/labels.txt" "$work/two words.txt"
mkdir -p "$work/failing"
printf '#!/bin/sh\necho started >>"%s"\nexit 1\n' "$work/swift-started" >"$work/failing/swift"
chmod +x "$work/failing/swift"
# The build would fail at its first step, which must not be reached.
too_early() {
  rm -f "$work/swift-started"
  fails "$1" env PATH="$work/failing:$PATH" "$two/build-zip.sh" "${@:2}" && [ ! -e "$work/swift-started" ]
}
expect "a label file that is not there is refused before the build" too_early "absent.txt is not a file" --labels absent.txt
expect "a folder is not a label file" too_early "failing is not a file" --labels failing
expect "a label file with an empty line is refused before the build" too_early "has no label or an empty line" \
  --labels empty-line.txt
expect "a label file that the template cannot name is refused before the build" too_early "not two words.txt" \
  --labels "two words.txt"
expect "a failed build keeps the previous zip" fails "is still that of the previous build" \
  env PATH="$work/failing:$PATH" "$two/build-zip.sh"
expect "the build was reached then" test -e "$work/swift-started"
audit_from_dist() { (cd "$two/dist" && "$two/build-zip.sh" --audit bootstrap.zip); }
expect "a zip to audit is found from the caller's folder" audit_from_dist

# The container has only the clone's folder: files of the caller are copied into it. docker is one that prints.
container() {
  mkdir -p "$work/docker"
  printf '#!/bin/sh\nprintf "<%%s>" "$@"\n' >"$work/docker/docker"
  chmod +x "$work/docker/docker"
  (cd "$work" && PATH=$work/docker:$PATH CURL_SOURCE=newer.c "$two/build-zip.sh" --container "$@")
}
expect "a label file reaches the container" grep -qF '<--labels><.build/zip/given/labels.txt>' <<<"$(container --labels labels.txt)"
expect "a source of curl reaches the container" grep -qF '<--env><CURL_SOURCE=.build/zip/given/newer.c>' <<<"$(container)"
expect "they are copies" cmp "$work/newer.c" "$two/.build/zip/given/newer.c"

# A new version of the distribution's curl: the library is built again. apt-get is one that fails, so that it is seen.
libcurl_with() { # VERSION
  mkdir -p "$work/apt"
  printf '#!/bin/sh\nprintf "curl:\\n  Candidate: %%s\\n" "%s"\n' "$1" >"$work/apt/apt-cache"
  printf '#!/bin/sh\nexit 1\n' >"$work/apt/apt-get"
  chmod +x "$work"/apt/*
  (cd "$two" && PATH=$work/apt:$PATH CC=$toolchain/clang .packaging/libcurl.sh 2>&1)
}
candidate=$(LC_ALL=C apt-cache policy libcurl4-openssl-dev | sed -n 's/^  Candidate: //p')
if [[ -n "$candidate" && "$candidate" != "(none)" ]]; then
  expect "the library of the offered version is not built again" test -z "$(libcurl_with "$candidate" | grep 'building it once')"
else
  echo "this machine has no package lists: that the same version is not built again was seen above only"
fi
expect "a new version of the distribution's curl is built" test -n "$(libcurl_with 99.0-1+deb99u1 | grep 'building it once')"

mkdir -p dist
cp "$one"/dist/* dist/
[ "$broken" = 0 ] || fail "$broken of $((kept + broken)) expectations"
passed "$kept expectations, $(stat -c %s dist/bootstrap.zip) bytes"
