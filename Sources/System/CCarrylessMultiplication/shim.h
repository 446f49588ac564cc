// The carry-less multiplication instruction, which Swift does not expose. Nothing else belongs here.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#include <sys/platform/x86.h>

/// Whether this processor supports it, according to glibc (2.33 or later). The compiler's
/// __builtin_cpu_supports executes CPUID at each start, which exits from a virtual machine.
static inline bool carryless_is_available(void) { return CPU_FEATURE_ACTIVE(PCLMULQDQ); }

/// Folds blocks of 64 bytes into one, `sum`: four lanes of 128 bits, each multiplied by `factors`
/// (for its first and second eight bytes) and added to the same lane of the next block. Bits are
/// reflected: the lowest bit is the highest power.
__attribute__((target("pclmul"))) static inline void carryless_fold(
    const uint8_t *bytes, size_t blocks, const uint64_t factors[2], uint64_t sum[8]) {
  const __m128i factor = _mm_loadu_si128((const __m128i *)factors);
  __m128i lane[4];
  for (int i = 0; i < 4; i++) lane[i] = _mm_loadu_si128((const __m128i *)sum + i);
  for (; blocks > 0; blocks--, bytes += 64)
    for (int i = 0; i < 4; i++) {
      __m128i first = _mm_clmulepi64_si128(lane[i], factor, 0x00);
      __m128i second = _mm_clmulepi64_si128(lane[i], factor, 0x11);
      lane[i] = _mm_xor_si128(_mm_xor_si128(first, second), _mm_loadu_si128((const __m128i *)bytes + i));
    }
  for (int i = 0; i < 4; i++) _mm_storeu_si128((__m128i *)sum + i, lane[i]);
}
#else
static inline bool carryless_is_available(void) { return false; }
static inline void carryless_fold(const uint8_t *bytes, size_t blocks, const uint64_t factors[2], uint64_t sum[8]) {
  (void)bytes, (void)blocks, (void)factors, (void)sum;
}
#endif
