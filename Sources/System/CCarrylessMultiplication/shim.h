// The carry-less multiplication instruction, which Swift does not expose. Nothing else belongs here.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#include <sys/platform/x86.h>

/// Whether this processor supports it, and AVX, with which nothing is copied between registers: a third fewer
/// instructions. According to glibc (2.33 or later): the compiler's __builtin_cpu_supports executes CPUID at each
/// start, which exits from a virtual machine.
static inline bool carryless_is_available(void) { return CPU_FEATURE_ACTIVE(PCLMULQDQ) && CPU_FEATURE_ACTIVE(AVX); }

/// One lane of `carryless_fold`.
__attribute__((target("avx,pclmul"), always_inline)) static inline __m128i carryless_step(
    __m128i lane, __m128i factor, const __m128i *bytes) {
  const __m128i first = _mm_clmulepi64_si128(lane, factor, 0x00), second = _mm_clmulepi64_si128(lane, factor, 0x11);
  return _mm_xor_si128(_mm_xor_si128(first, second), _mm_loadu_si128(bytes));
}

/// Folds blocks of 64 bytes into one, `sum`: four lanes of 128 bits, each multiplied by `factors`
/// (for its first and second eight bytes) and added to the same lane of the next block. Bits are
/// reflected: the lowest bit is the highest power.
__attribute__((target("avx,pclmul"))) static inline void carryless_fold(
    const uint8_t *bytes, size_t blocks, const uint64_t factors[2], uint64_t sum[8]) {
  const __m128i factor = _mm_loadu_si128((const __m128i *)factors);
  __m128i *const sums = (__m128i *)sum;
  // Not an array, which would be kept in memory.
  __m128i a = _mm_loadu_si128(sums), b = _mm_loadu_si128(sums + 1), c = _mm_loadu_si128(sums + 2),
          d = _mm_loadu_si128(sums + 3);
  for (; blocks > 0; blocks--, bytes += 64) {
    const __m128i *const block = (const __m128i *)bytes;
    a = carryless_step(a, factor, block);
    b = carryless_step(b, factor, block + 1);
    c = carryless_step(c, factor, block + 2);
    d = carryless_step(d, factor, block + 3);
  }
  _mm_storeu_si128(sums, a), _mm_storeu_si128(sums + 1, b), _mm_storeu_si128(sums + 2, c), _mm_storeu_si128(sums + 3, d);
}
#else
static inline bool carryless_is_available(void) { return false; }
static inline void carryless_fold(const uint8_t *bytes, size_t blocks, const uint64_t factors[2], uint64_t sum[8]) {
  (void)bytes, (void)blocks, (void)factors, (void)sum;
}
#endif
