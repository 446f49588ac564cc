#!/usr/bin/env bash
# build.sh FOLDER: compiles floor and limit into the folder. The floor is linked as build-zip.sh links the function:
# libcurl, OpenSSL, and zlib static, a fixed address, all functions resolved at the start. The limit is static
# altogether, since it looks up no names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
readonly folder=$1 sources=Sources/Measuring/benchmark-floor meter=Sources/Measuring/meter

libcurl=$(CC=clang LIBCURL_CACHE=${LIBCURL_CACHE:-.build/zip/libcurl} .packaging/libcurl.sh)
options=(-O2 -Wall -Wextra -Werror -fuse-ld=lld -Xlinker --gc-sections -Xlinker --strip-debug -Xlinker -z -Xlinker now)
clang "${options[@]}" -no-pie -I"$libcurl/include" -o "$folder/floor" "$sources/floor.c" "$sources/hashes.c" \
  "$libcurl/lib/libcurl.a" -l:libssl.a -l:libcrypto.a -l:libz.a
clang "${options[@]}" -static -I"$meter/include" -o "$folder/limit" "$sources/limit.c" "$sources/hashes.c" \
  "$meter/message.c" -l:libcrypto.a -l:libz.a
