#!/usr/bin/env bash
# Builds dist/bootstrap.zip, the function as Lambda's provided.al2023 runs it, for the architecture of
# this machine. It carries everything but glibc: libcurl (built once from the distribution's own source),
# OpenSSL, zlib, the C++ library and the Swift standard library. See docs/startup.md for why it is linked so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly maximum_glibc=2.34 # provided.al2023
readonly image=swift:6.3-bookworm
readonly scratch=$PWD/.build/zip

usage() {
  cat <<'END'
usage: ./build-zip.sh [--labels FILE] [--container]
       ./build-zip.sh --parameters [NAME=VALUE...]
       ./build-zip.sh --audit FILE.zip | --packages

  --labels FILE   add a file of class labels, one per line, to the zip (at most 1 MiB of UTF-8), for example
                  labels.txt; the function reads it as CLASS_LABELS=/var/task/labels.txt
  --container     build in the official Swift image of Debian, with docker (always used on macOS)
  --parameters    print the parameters for sam deploy: the given ones, Architecture, and Release (docs/deploy.md)
  --audit FILE    check an existing zip: required libraries, glibc symbols, no Foundation, name, mode, size
  --packages      print the required packages, for apt-get install

Without an option it builds dist/bootstrap.zip. Beside it are .sha256 (base64, equal to Lambda's CodeSha256), .arch
(x86_64 or arm64, for the template's Architecture), and bootstrap.debug, the debug symbols.

CURL_SOURCE=FILE.tar.gz   build libcurl from this source instead of the distribution's
LIBCURL_CACHE=FOLDER      store the built libcurl there (default: .build/zip/libcurl)
END
}

fail() {
  printf 'build-zip.sh: %s\n' "$*" >&2
  exit 1
}

# The packages of Debian 12 and Ubuntu 22.04, the distributions whose glibc is old enough.
readonly packages=(
  dpkg-dev libssl-dev libstdc++-12-dev libunwind-14-dev make python3 zlib1g-dev
)

run_in_container() {
  command -v docker >/dev/null || fail "docker is required: on this system the zip is built in $image"
  echo "build-zip.sh: building in $image; it installs ${packages[*]} there"
  # shellcheck disable=SC2016  # Those of the shell in the container.
  exec docker run --rm --volume "$PWD:/source" --workdir /source "$image" bash -c \
    'apt-get -qq update && apt-get -qq install --no-install-recommends --yes $0 >/dev/null && ./build-zip.sh "$@"' \
    "${packages[*]}" "${arguments[@]}"
}

# The first of the given patterns that names a file.
first_file() {
  local file
  for file in "$@"; do
    if [ -f "$file" ]; then
      printf '%s\n' "$file"
      return
    fi
  done
  return 1
}

# Fills $scratch/lib, where the linker looks first, with only static libraries, so that it cannot link a shared one.
collect_static_libraries() {
  local library=$scratch/lib triplet name missing=0
  triplet=$(dpkg-architecture -q DEB_HOST_MULTIARCH 2>/dev/null) || missing=1
  rm -rf "$library"
  mkdir -p "$library"
  for name in libssl libcrypto libz; do
    ln -s "$(first_file "/usr/lib/$triplet/$name.a")" "$library/" 2>/dev/null || missing=1
  done
  # GCC's own unwinder needs glibc 2.35, LLVM's does not.
  ln -s "$(first_file /usr/lib/llvm-*/lib/libunwind.a)" "$library/" 2>/dev/null || missing=1
  ln -s "$(first_file "/usr/lib/gcc/$triplet"/*/libstdc++.a)" "$library/" 2>/dev/null || missing=1
  for name in make python3 dpkg-source; do
    command -v "$name" >/dev/null || missing=1
  done
  [ "$missing" = 0 ] || fail "build packages are missing. Install them on Debian 12 or Ubuntu 22.04 as below; elsewhere use --container.
  sudo apt-get install --no-install-recommends ${packages[*]}"
}

# Swift's overlay of the C library contains a wrapper of hypotf, which has a new version in glibc 2.35. It is never
# called, but the linker would still require that version. Squares of floats are exact as doubles.
compile_replacements() {
  cat >"$scratch/replacements.c" <<'END'
float hypotf(float x, float y) {
  if (__builtin_isinf(x) || __builtin_isinf(y)) return __builtin_inff();
  return (float)__builtin_sqrt((double)x * x + (double)y * y);
}
END
  "$toolchain/clang" -O2 -fno-math-errno -c -o "$scratch/replacements.o" "$scratch/replacements.c"
}

build_bootstrap() {
  local options=(
    --configuration release --product bootstrap --scratch-path "$scratch/swift"
    --static-swift-stdlib --disable-local-rpath
    # The headers of the library that is linked, not those of the system's libcurl.
    -Xcc "-I$libcurl/include" -Xlinker "-L$libcurl/lib" -Xlinker "-L$scratch/lib"
    -Xlinker "$scratch/replacements.o" -Xlinker -lssl -Xlinker -lcrypto -Xlinker -lz
    # Otherwise every module is linked with the regular-expression engine (see Package.swift) and the concurrency
    # runtime.
    -Xswiftc -Xfrontend -Xswiftc -disable-implicit-string-processing-module-import
    -Xswiftc -Xfrontend -Xswiftc -disable-implicit-concurrency-module-import
    # Only what is used, and no exported symbols.
    -Xswiftc -Xfrontend -Xswiftc -function-sections
    -Xlinker --gc-sections -Xlinker --no-export-dynamic
    # No code throws C++ exceptions or cancels threads; their tables would be 0.4 MB of the zip.
    -Xlinker --no-eh-frame-hdr
    -Xswiftc -use-ld=lld
    -Xswiftc -Xclang-linker -Xswiftc --unwindlib=libunwind
    -Xswiftc -Xclang-linker -Xswiftc --rtlib=compiler-rt
    # A fixed address saves 38,000 relocations at each start (docs/startup.md).
    -Xswiftc -Xclang-linker -Xswiftc -no-pie
    # The same bytes regardless of the clone's location.
    -Xswiftc -file-prefix-map -Xswiftc "$PWD=." -Xcc "-ffile-prefix-map=$PWD=."
    # Incremental compilation leaves a hash of its options, and a build id is a hash of the debug information,
    # which names the module cache. Line tables are what an address of a crash needs.
    -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen
    -Xlinker --build-id=none -Xswiftc -gline-tables-only
  )
  # SwiftPM does not detect a changed library.
  rm -f "$scratch/swift/release/bootstrap"
  swift build "${options[@]}"
}

# The program without symbols, and the symbols beside the zip: llvm-symbolizer --obj=dist/bootstrap.debug ADDRESS.
strip_bootstrap() {
  local program=$scratch/swift/release/bootstrap status=0
  "$toolchain/llvm-objcopy" --only-keep-debug "$program" dist/bootstrap.debug
  "$toolchain/llvm-objcopy" --strip-all --remove-section=.eh_frame "$program" "$scratch/bootstrap"
  # It must start on this machine and report the missing variable.
  env -i "$scratch/bootstrap" 2>"$scratch/start.log" || status=$?
  if [ "$status" != 1 ] || ! grep -q 'AWS_LAMBDA_RUNTIME_API is not set' "$scratch/start.log"; then
    fail "the program does not start: status $status, $(cat "$scratch/start.log")"
  fi
}

audit() {
  python3 .packaging/audit.py --objdump "$toolchain/llvm-objdump" --maximum-glibc "$maximum_glibc" "$1"
}

arguments=()
labels=
container=
while [ $# -gt 0 ]; do
  case $1 in
    --labels)
      labels=${2:?--labels requires a file}
      arguments+=("$1" "$2")
      shift
      ;;
    --container) container=yes ;;
    --audit)
      audited=${2:?--audit requires a file}
      arguments+=("$1" "$2")
      shift
      ;;
    --parameters)
      shift
      exec python3 .packaging/parameters.py "$@"
      ;;
    --packages)
      echo "${packages[*]}"
      exit
      ;;
    -h | --help)
      usage
      exit
      ;;
    *)
      usage >&2
      exit 64
      ;;
  esac
  shift
done

if [ -n "$container" ] || [ "$(uname -s)" != Linux ]; then run_in_container; fi
command -v swiftc >/dev/null ||
  fail "no Swift compiler in PATH; install one from https://www.swift.org/install, or use --container"
toolchain=$(swiftc -print-target-info | python3 -c \
  'import json, sys; print(json.load(sys.stdin)["paths"]["runtimeResourcePath"] + "/../../bin")')
readonly toolchain

if [ -n "${audited:-}" ]; then
  audit "$audited"
  exit
fi

mkdir -p "$scratch" dist
# After a failure, no old file may be mistaken for the result.
rm -f dist/bootstrap.zip dist/bootstrap.zip.* dist/bootstrap.debug
collect_static_libraries
libcurl=$(CC=$toolchain/clang LIBCURL_CACHE=${LIBCURL_CACHE:-$scratch/libcurl} .packaging/libcurl.sh)
readonly libcurl
compile_replacements
build_bootstrap
strip_bootstrap
python3 .packaging/zip.py --program "$scratch/bootstrap" ${labels:+--labels "$labels"} "$scratch/bootstrap.zip"
audit "$scratch/bootstrap.zip"
mv "$scratch"/bootstrap.zip* dist/
echo "dist/bootstrap.zip: $(cat dist/bootstrap.zip.arch), CodeSha256 $(cat dist/bootstrap.zip.sha256)"
