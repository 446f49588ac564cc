#!/usr/bin/env bash
# libFuzzer with the address sanitizer on the five parsers that read what others wrote (Tests/Fuzz), FUZZ_SECONDS
# over all of them, 60 by default. What it finds new stays in .build-ci/fuzz/corpus-*, not in the repository; an
# input that fails is kept as .build-ci/fuzz/crash-*. The last line contains the number of executions.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

seconds=${FUZZ_SECONDS:-60}
work=$work/fuzz
targets=(JSON Event Headers Answer Reply)
modules=(Platform JSON OpenSSLSetup HTTPClient SigV4 AWSClient S3 SageMakerRuntime LambdaEvents LambdaRuntime ImageClassification)
flags=(-O -wmo -swift-version 6 -package-name fuzz -parse-as-library -enable-testing "-sanitize=fuzzer,address" -I "$work")
mkdir -p "$work"
for module in Sources/System/*/; do flags+=(-I "$module"); done

objects=()
for module in "${modules[@]}"; do
  object=$work/$module.o
  objects+=("$object")
  # Every module again after a change in any: they are few and small.
  if [[ ! -e $object || -n $(find Sources/Function Sources/System -newer "$object" -print -quit) ]]; then
    mapfile -t sources < <(find "Sources/Function/$module" -name '*.swift')
    swiftc "${flags[@]}" -module-name "$module" -emit-module -emit-module-path "$work/$module.swiftmodule" \
      -emit-object -o "$object" "${sources[@]}"
  fi
done

# The backtracer of Swift would trip over the address sanitizer's handlers.
export SWIFT_BACKTRACE=enable=no
status=0
total=0
for target in "${targets[@]}"; do
  swiftc "${flags[@]}" -use-ld=lld -module-name "Fuzz$target" -o "$work/fuzz-$target" \
    "Tests/Fuzz/$target.swift" "${objects[@]}" -lcurl -lssl -lcrypto -lz
  mkdir -p "$work/corpus-$target"
  "$work/fuzz-$target" -max_total_time=$((seconds / ${#targets[@]})) -max_len=4096 -timeout=10 -rss_limit_mb=1024 \
    -artifact_prefix="$work/crash-$target-" -print_final_stats=1 \
    "$work/corpus-$target" "Tests/Fuzz/Corpus/$target" >"$work/$target.log" 2>&1 || {
    tail -n 40 "$work/$target.log"
    echo "fuzz: $target FAILED, see $work/$target.log"
    status=1
  }
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$target.log")
  echo "fuzz: $target ${executions:-0} executions"
  total=$((total + ${executions:-0}))
done
[[ $status = 0 ]] || fail "the input is kept as .build-ci/fuzz/crash-*"
passed "$total executions in $seconds s, nothing found"
