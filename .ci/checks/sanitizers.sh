#!/usr/bin/env bash
# The function's tests under the thread sanitizer, and under the address sanitizer with leak detection; the bootstrap
# process that they start is built with the same one. Builds of their own, in .build-ci.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

tests='(Platform|JSON|HTTPClient|SigV4|SignatureVerification|AWSClient|S3|SageMakerRuntime|LambdaEvents|LambdaRuntime|ImageClassification|Fault|Bootstrap)Tests'
# A Mutex that another thread holds is taken in libswiftSynchronization, which is not instrumented: what happens under
# it then looks unordered. These types do nothing without it. Else the sanitizer waits a second at the end of a process.
printf 'race:10HTTPClient%s\n' 16CertificateStoreC 10TLSClosureO 10BodyMemoryV >"$work/race-suppressions"
export TSAN_OPTIONS=atexit_sleep_ms=0:suppressions=$work/race-suppressions
export SWIFT_BACKTRACE=enable=no
# The toolchain's own XCTest leaks 144 bytes when it ends. The vectors that SignatureCase keeps until then hold
# Foundation's Data, whose pointers carry tag bits that hide them from the leak detector.
printf 'leak:XCTest\nleak:SignatureCase\n' >"$work/leak-suppressions"
export LSAN_OPTIONS=suppressions=$work/leak-suppressions:print_suppressions=0
# The tests of depth count on the stack frames of an ordinary build.
skipped=JSONTests.DepthTests
verdict=
for sanitizer in thread address; do
  log=$work/sanitizer-$sanitizer.log
  if ! FUNCTION_ALONE=1 SANITIZER=$sanitizer swift test --sanitize="$sanitizer" --scratch-path "$work/build-$sanitizer" --filter "$tests" --skip "$skipped" >"$log" 2>&1 ||
    grep -qE 'WARNING: ThreadSanitizer|ERROR: (Address|Leak)Sanitizer' "$log"; then
    grep -E 'recorded an issue|error:|Sanitizer' "$log" | cut -c 1-400 | head -n 20
    fail "$sanitizer; all of it is in .build-ci/sanitizer-$sanitizer.log"
  fi
  verdict+="$sanitizer: $(sed -n 's/.*Test run with \([0-9]* tests\).*/\1/p' "$log" | tail -n 1); "
done
passed "${verdict}nothing found"
