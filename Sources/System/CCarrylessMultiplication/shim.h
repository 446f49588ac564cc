// The carry-less multiplication instruction, which Swift does not expose. Nothing else belongs here.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#include <sys/platform/x86.h>

/// The most bytes that `carryless_fold` takes at once on this processor: 256, 128, or 64; 0 when it cannot.
///
/// 256 need registers of 512 bits. Processors that lower their clock for these (Intel's until Ice Lake) have no
/// AVX512_BF16. According to glibc (2.33 or later): the compiler's __builtin_cpu_supports executes CPUID at each
/// start, which exits from a virtual machine.
static inline size_t carryless_block_bytes(void) {
  if (!CPU_FEATURE_ACTIVE(PCLMULQDQ) || !CPU_FEATURE_ACTIVE(AVX)) return 0;
  if (!CPU_FEATURE_ACTIVE(VPCLMULQDQ) || !CPU_FEATURE_ACTIVE(AVX2)) return 64;
  return CPU_FEATURE_ACTIVE(AVX512_BF16) && CPU_FEATURE_ACTIVE(AVX512F) ? 256 : 128;
}

// The same loop for registers of 128, 256 and 512 bits. The four lanes are not an array, which would be kept in memory.

__attribute__((target("avx,pclmul"), always_inline)) static inline __m128i carryless_step_128(
    __m128i lane, __m128i factor, const uint8_t *bytes) {
  const __m128i first = _mm_clmulepi64_si128(lane, factor, 0x00), second = _mm_clmulepi64_si128(lane, factor, 0x11);
  return _mm_xor_si128(_mm_xor_si128(first, second), _mm_loadu_si128((const __m128i *)bytes));
}

__attribute__((target("avx,pclmul"))) static inline void carryless_fold_64(
    const uint8_t *bytes, size_t blocks, const uint64_t factors[2], uint64_t sum[8]) {
  const __m128i factor = _mm_loadu_si128((const __m128i *)factors);
  __m128i *const sums = (__m128i *)sum;
  __m128i a = _mm_loadu_si128(sums), b = _mm_loadu_si128(sums + 1), c = _mm_loadu_si128(sums + 2),
          d = _mm_loadu_si128(sums + 3);
  for (; blocks > 0; blocks--, bytes += 64) {
    a = carryless_step_128(a, factor, bytes), b = carryless_step_128(b, factor, bytes + 16);
    c = carryless_step_128(c, factor, bytes + 32), d = carryless_step_128(d, factor, bytes + 48);
  }
  _mm_storeu_si128(sums, a), _mm_storeu_si128(sums + 1, b), _mm_storeu_si128(sums + 2, c), _mm_storeu_si128(sums + 3, d);
}

__attribute__((target("avx2,vpclmulqdq"), always_inline)) static inline __m256i carryless_step_256(
    __m256i lane, __m256i factor, const uint8_t *bytes) {
  const __m256i first = _mm256_clmulepi64_epi128(lane, factor, 0x00),
                second = _mm256_clmulepi64_epi128(lane, factor, 0x11);
  return _mm256_xor_si256(_mm256_xor_si256(first, second), _mm256_loadu_si256((const __m256i *)bytes));
}

__attribute__((target("avx2,vpclmulqdq"))) static inline void carryless_fold_128(
    const uint8_t *bytes, size_t blocks, const uint64_t factors[2], uint64_t sum[16]) {
  const __m256i factor = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)factors));
  __m256i *const sums = (__m256i *)sum;
  __m256i a = _mm256_loadu_si256(sums), b = _mm256_loadu_si256(sums + 1), c = _mm256_loadu_si256(sums + 2),
          d = _mm256_loadu_si256(sums + 3);
  for (; blocks > 0; blocks--, bytes += 128) {
    a = carryless_step_256(a, factor, bytes), b = carryless_step_256(b, factor, bytes + 32);
    c = carryless_step_256(c, factor, bytes + 64), d = carryless_step_256(d, factor, bytes + 96);
  }
  _mm256_storeu_si256(sums, a), _mm256_storeu_si256(sums + 1, b);
  _mm256_storeu_si256(sums + 2, c), _mm256_storeu_si256(sums + 3, d);
}

__attribute__((target("avx512f,vpclmulqdq"), always_inline)) static inline __m512i carryless_step_512(
    __m512i lane, __m512i factor, const uint8_t *bytes) {
  const __m512i first = _mm512_clmulepi64_epi128(lane, factor, 0x00),
                second = _mm512_clmulepi64_epi128(lane, factor, 0x11);
  return _mm512_xor_si512(_mm512_xor_si512(first, second), _mm512_loadu_si512(bytes));
}

__attribute__((target("avx512f,vpclmulqdq"))) static inline void carryless_fold_256(
    const uint8_t *bytes, size_t blocks, const uint64_t factors[2], uint64_t sum[32]) {
  const __m512i factor = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)factors));
  __m512i a = _mm512_loadu_si512(sum), b = _mm512_loadu_si512(sum + 8), c = _mm512_loadu_si512(sum + 16),
          d = _mm512_loadu_si512(sum + 24);
  for (; blocks > 0; blocks--, bytes += 256) {
    a = carryless_step_512(a, factor, bytes), b = carryless_step_512(b, factor, bytes + 64);
    c = carryless_step_512(c, factor, bytes + 128), d = carryless_step_512(d, factor, bytes + 192);
  }
  _mm512_storeu_si512(sum, a), _mm512_storeu_si512(sum + 8, b);
  _mm512_storeu_si512(sum + 16, c), _mm512_storeu_si512(sum + 24, d);
}

/// Folds blocks of `block_bytes` (64, 128, or 256) into one, `sum`: each 128 bits of it are multiplied by `factors`
/// (their first and second eight bytes) and added to those of the next block. Bits are reflected: the lowest bit is
/// the highest power.
static inline void carryless_fold(
    const uint8_t *bytes, size_t blocks, size_t block_bytes, const uint64_t factors[2], uint64_t *sum) {
  switch (block_bytes) {
    case 256: return carryless_fold_256(bytes, blocks, factors, sum);
    case 128: return carryless_fold_128(bytes, blocks, factors, sum);
    default: return carryless_fold_64(bytes, blocks, factors, sum);
  }
}
#else
static inline size_t carryless_block_bytes(void) { return 0; }
static inline void carryless_fold(
    const uint8_t *bytes, size_t blocks, size_t block_bytes, const uint64_t factors[2], uint64_t *sum) {
  (void)bytes, (void)blocks, (void)block_bytes, (void)factors, (void)sum;
}
#endif
