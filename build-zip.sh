#!/usr/bin/env bash
# Builds dist/bootstrap.zip, the function as Lambda's provided.al2023 runs it, for the architecture of
# this machine. It carries everything but glibc: libcurl (built once from the distribution's own source),
# OpenSSL, zlib, the C++ library and the Swift standard library. See docs/startup.md for why it is linked so.
set -euo pipefail
readonly caller=$PWD
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
  --parameters    print the parameters for sam deploy: the given ones, ClassLabelsFile, Architecture, and Release; refuse
                  what template.yaml or the zip does not have (docs/deploy.md)
  --audit FILE    check an existing zip: required libraries, glibc symbols, no Foundation, name, mode, size
  --packages      print the required packages, for apt-get install

Without an option it builds dist/bootstrap.zip; until the new one is complete, the previous one stays. Beside it are
.sha256 (base64, equal to Lambda's CodeSha256), .arch (x86_64 or arm64, for the template's Architecture), and
bootstrap.debug, the debug symbols. FILE is relative to the current folder.

CURL_SOURCE=FILE.tar.gz   build libcurl from this source instead of the distribution's
LIBCURL_CACHE=FOLDER      store the built libcurl there (default: .build/zip/libcurl); it is built again when the
                          package lists (apt-get update) have another version of the distribution's curl
END
}

fail() {
  printf 'build-zip.sh: %s\n' "$*" >&2
  exit 1
}

misused() {
  printf 'build-zip.sh: %s\n' "$*" >&2
  usage >&2
  exit 64
}

# The packages of Debian 12 and Ubuntu 22.04, the distributions whose glibc is old enough.
readonly packages=(
  dpkg-dev libssl-dev libstdc++-12-dev libunwind-14-dev make musl-dev python3 zlib1g-dev
)

# The path from the caller's folder, which must be a file.
file_of_caller() {
  local path=$1
  [[ $path = /* ]] || path=$caller/$path
  [ -f "$path" ] || fail "$1 is not a file"
  [ -r "$path" ] || fail "$1 cannot be read"
  printf '%s\n' "$path"
}

# A path for the container, which has only this folder: a copy of the file.
file_for_container() {
  local copy
  copy=.build/zip/given/$(basename "$1")
  mkdir -p .build/zip/given
  cp "$1" "$copy"
  printf '%s\n' "$copy"
}

run_in_container() {
  local arguments=() options=()
  if [ -n "${CURL_SOURCE:-}" ]; then options+=(--env "CURL_SOURCE=$(file_for_container "$CURL_SOURCE")"); fi
  if [ -n "$labels" ]; then arguments+=(--labels "$(file_for_container "$labels")"); fi
  if [ -n "$audited" ]; then arguments+=(--audit "$(file_for_container "$audited")"); fi
  command -v docker >/dev/null || fail "docker is required: on this system the zip is built in $image"
  echo "build-zip.sh: building in $image; it installs ${packages[*]} there"
  # To the bash 3.2 of macOS, an empty array is an unset variable.
  # shellcheck disable=SC2016  # Those of the shell in the container.
  exec docker run --rm --volume "$PWD:/source" --workdir /source ${options[@]+"${options[@]}"} "$image" bash -c \
    'apt-get -qq update && apt-get -qq install --no-install-recommends --yes $0 >/dev/null && ./build-zip.sh "$@"' \
    "${packages[*]}" ${arguments[@]+"${arguments[@]}"}
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

# The mathematical functions of musl: of glibc's, the shared library would be loaded at each start, and the static one
# needs private symbols of glibc. exp is the only one that the function uses often.
collect_mathematics() {
  local musl=$1 library=$2 members
  local names='(ceil|copysign|exp|floor|fma|fmod|frexp|ilogb|nextafter|remainder|remquo|rint|round|scalbn|sqrt|trunc)[fl]?'
  [ -f "$musl" ] || return 1
  members=$("$toolchain/llvm-ar" t "$musl" | grep -xE "($names|(exp|sqrt)_data|__math_.*|__fpclassify.?|fenv|fesetround)\.lo")
  rm -rf "$scratch/musl"
  mkdir "$scratch/musl"
  # shellcheck disable=SC2086  # One word for each member.
  (cd "$scratch/musl" && "$toolchain/llvm-ar" x "$musl" $members && "$toolchain/llvm-ar" rcsD "$library" $members)
}

# Fills $scratch/lib, where the linker looks first, with only static libraries, so that it cannot link a shared one.
collect_static_libraries() {
  local library=$scratch/lib triplet name missing=0
  triplet=$(dpkg-architecture -q DEB_HOST_MULTIARCH 2>/dev/null) || missing=1
  rm -rf "$library"
  mkdir -p "$library"
  for name in libssl libz; do
    ln -s "$(first_file "/usr/lib/$triplet/$name.a")" "$library/" 2>/dev/null || missing=1
  done
  # On x86, libcrypto asks the processor for its features before main, and again when it is initialized. Each question
  # leaves the virtual machine.
  "$toolchain/llvm-objcopy" --remove-section=.init --remove-section=.rela.init \
    "/usr/lib/$triplet/libcrypto.a" "$library/libcrypto.a" 2>/dev/null || missing=1
  # GCC's own unwinder needs glibc 2.35, LLVM's does not.
  ln -s "$(first_file /usr/lib/llvm-*/lib/libunwind.a)" "$library/" 2>/dev/null || missing=1
  ln -s "$(first_file "/usr/lib/gcc/$triplet"/*/libstdc++.a)" "$library/" 2>/dev/null || missing=1
  collect_mathematics "/usr/lib/${triplet%-gnu}-musl/libc.a" "$library/libm.a" || missing=1
  for name in make python3 dpkg-source; do
    command -v "$name" >/dev/null || missing=1
  done
  [ "$missing" = 0 ] || fail "build packages are missing. Install them on Debian 12 or Ubuntu 22.04 as below; elsewhere use --container.
  sudo apt-get install --no-install-recommends ${packages[*]}"
}

# Swift's compiler marks some read-only data as writable (sections of the name .rodata with the flag W: conformances).
# The linker would put all of .rodata into the writable segment because of these few; they go to .data.rel.ro instead.
write_linker_script() {
  cat >"$scratch/readonly.t" <<'END'
OVERWRITE_SECTIONS {
  .data.rel.ro : { *(.data.rel.ro .data.rel.ro.*) INPUT_SECTION_FLAGS(SHF_WRITE) *(.rodata .rodata.*) }
}
END
}

# The Swift libraries that the linker takes instead of the toolchain's.
copy_swift_libraries() {
  local name
  remapped=()
  for name in libswiftCore libswiftGlibc libswiftSynchronization; do
    python3 .packaging/discardable.py "$toolchain/../lib/swift_static/linux/$name.a" "$scratch/lib/$name.a"
    remapped+=(-Xlinker "--remap-inputs=*/$name.a=$scratch/lib/$name.a")
  done
}

build_bootstrap() {
  local options=(
    --configuration release --product bootstrap --scratch-path "$scratch/swift"
    --static-swift-stdlib --disable-local-rpath
    # The headers of the library that is linked, not those of the system's libcurl.
    -Xcc "-I$libcurl/include" -Xlinker "-L$libcurl/lib" -Xlinker "-L$scratch/lib"
    -Xlinker -lssl -Xlinker -lcrypto -Xlinker -lz
    # Otherwise every module is linked with the regular-expression engine (see Package.swift) and the concurrency
    # runtime.
    -Xswiftc -Xfrontend -Xswiftc -disable-implicit-string-processing-module-import
    -Xswiftc -Xfrontend -Xswiftc -disable-implicit-concurrency-module-import
    # Only what is used, and no exported symbols.
    -Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -Xfrontend -Xswiftc -internalize-at-link
    "${remapped[@]}"
    -Xlinker --gc-sections -Xlinker --no-export-dynamic
    # Swift makes many functions of the same instructions. Of the folded ones of C, only the address of libcurl's
    # Curl_cf_def_cntrl is compared, so that a function that does nothing is not called.
    -Xlinker --icf=all
    # What runs stands together, so that an invocation touches a third of the pages. The list is made by
    # Sources/Measuring/counter/order.py; a name that no longer exists costs nothing.
    -Xlinker "--symbol-ordering-file=$PWD/.packaging/hot-functions.txt" -Xlinker --no-warn-symbol-ordering
    # A text that is the end of another one is stored once.
    -Xlinker -O2
    # No code throws C++ exceptions or cancels threads; their tables would be 0.4 MB of the zip.
    -Xlinker --no-eh-frame-hdr
    -Xswiftc -use-ld=lld
    -Xswiftc -Xclang-linker -Xswiftc --unwindlib=libunwind
    -Xswiftc -Xclang-linker -Xswiftc --rtlib=compiler-rt
    # A fixed address saves 38,000 relocations at each start. All addresses of functions are resolved at the start, so
    # that no table of them stays writable (docs/startup.md).
    -Xswiftc -Xclang-linker -Xswiftc -no-pie -Xlinker -z -Xlinker now -Xlinker "$scratch/readonly.t"
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
  "$toolchain/llvm-objcopy" --only-keep-debug "$program" "$scratch/bootstrap.debug"
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

labels=
audited=
container=
while [ $# -gt 0 ]; do
  case $1 in
    --labels)
      [ -n "${2-}" ] || misused "--labels requires a file"
      labels=$(file_of_caller "$2")
      shift
      ;;
    --container) container=yes ;;
    --audit)
      [ -n "${2-}" ] || misused "--audit requires a file"
      audited=$(file_of_caller "$2")
      shift
      ;;
    --parameters)
      [ -z "$labels$audited$container" ] || misused "--parameters is used without other options: build first"
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
    *) misused "$1 is not an option" ;;
  esac
  shift
done
if [ -n "${CURL_SOURCE:-}" ]; then
  CURL_SOURCE=$(file_of_caller "$CURL_SOURCE")
  export CURL_SOURCE
fi
case ${LIBCURL_CACHE:=$scratch/libcurl} in
  /*) ;;
  *) LIBCURL_CACHE=$caller/$LIBCURL_CACHE ;;
esac

if [ -n "$container" ] || [ "$(uname -s)" != Linux ]; then run_in_container; fi
command -v swiftc >/dev/null ||
  fail "no Swift compiler in PATH; install one from https://www.swift.org/install, or use --container"
toolchain=$(swiftc -print-target-info | python3 -c \
  'import json, sys; print(json.load(sys.stdin)["paths"]["runtimeResourcePath"] + "/../../bin")')
readonly toolchain

if [ -n "$audited" ]; then
  audit "$audited"
  exit
fi

keep_previous() {
  local status=$?
  if [ "$status" != 0 ] && [ -e dist/bootstrap.zip ]; then
    echo "build-zip.sh: failed; dist/bootstrap.zip is still that of the previous build" >&2
  fi
}
trap keep_previous EXIT

mkdir -p "$scratch" dist
if [ -n "$labels" ]; then python3 .packaging/zip.py --check-labels "$labels"; fi
collect_static_libraries
libcurl=$(CC=$toolchain/clang LIBCURL_CACHE=$LIBCURL_CACHE .packaging/libcurl.sh)
readonly libcurl
write_linker_script
copy_swift_libraries
build_bootstrap
strip_bootstrap
python3 .packaging/zip.py --program "$scratch/bootstrap" ${labels:+--labels "$labels"} "$scratch/bootstrap.zip"
audit "$scratch/bootstrap.zip"
# Each replaces the previous file at once. An interruption in between leaves a digest that is not the zip's, which
# --parameters refuses.
mv "$scratch"/bootstrap.zip* "$scratch/bootstrap.debug" dist/
echo "dist/bootstrap.zip: $(cat dist/bootstrap.zip.arch), CodeSha256 $(cat dist/bootstrap.zip.sha256)"
