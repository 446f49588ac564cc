// Prints the processor's features by which libraries choose their code, on one line; run under valgrind, those that
// valgrind shows to a program.
#include <stdio.h>

#ifdef __x86_64__
#include <cpuid.h>

enum { EBX, ECX, EDX };
static const struct { const char *name; unsigned leaf, word, bit; } features[] = {
    {"adx", 7, EBX, 19},     {"aes", 1, ECX, 25},      {"avx", 1, ECX, 28},        {"avx2", 7, EBX, 5},
    {"avx512f", 7, EBX, 16}, {"bmi1", 7, EBX, 3},      {"bmi2", 7, EBX, 8},        {"erms", 7, EBX, 9},
    {"fma", 1, ECX, 12},     {"fsrm", 7, EDX, 4},      {"movbe", 1, ECX, 22},      {"pclmulqdq", 1, ECX, 1},
    {"rdrand", 1, ECX, 30},  {"sha_ni", 7, EBX, 29},   {"sse4_1", 1, ECX, 19},     {"sse4_2", 1, ECX, 20},
    {"ssse3", 1, ECX, 9},    {"vaes", 7, ECX, 9},      {"vpclmulqdq", 7, ECX, 10},
};

int main(void) {
  printf("x86_64");
  for (unsigned i = 0; i < sizeof features / sizeof *features; i++) {
    unsigned eax = 0, words[3] = {0};
    if (!__get_cpuid_count(features[i].leaf, 0, &eax, &words[EBX], &words[ECX], &words[EDX])) continue;
    if (words[features[i].word] >> features[i].bit & 1) printf(" %s", features[i].name);
  }
  puts("");
}
#else
#include <sys/auxv.h>

int main(void) { printf("arm64 hwcap %#lx %#lx\n", getauxval(AT_HWCAP), getauxval(AT_HWCAP2)); }
#endif
