// What the measured process does, and when.
#define _GNU_SOURCE
#include "mock.h"
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct findings findings;
static long long sent_at, steady_cpu_start, own_cpu_start;
static int asked;

void choose_cores(void) {
  // Where it may, the measurement goes before whatever else the machine is doing.
  (void)sched_setscheduler(0, SCHED_RR, &(struct sched_param){.sched_priority = 10});
  if (plan.core < 0) return;
  cpu_set_t own;
  sched_getaffinity(0, sizeof own, &own);
  if (!plan.apart) {
    CPU_ZERO(&own);
    CPU_SET(plan.core, &own);
  } else if (CPU_COUNT(&own) > 1) {
    CPU_CLR(plan.core, &own);
  }
  if (sched_setaffinity(0, sizeof own, &own)) fail("core %d: %s", plan.core, strerror(errno));
}

static long long own_time(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void event_asked(void) {
  long long time = now();
  if (asked == 0) findings.first_next = time;
  if (asked > plan.warmup) findings.cycles[asked - plan.warmup - 1] = time - sent_at;
  struct stat trace;
  if (plan.trace) findings.trace_bytes[asked] = stat(plan.trace, &trace) ? 0 : trace.st_size;
  if (asked == 1) findings.cold_cpu = program_time();
  if (asked > 0 && !findings.first_answer) fail("%s asked for another event before it answered", plan.program[0]);
  if (asked == plan.warmup) {
    steady_cpu_start = program_time();
    own_cpu_start = own_time();
  }
  if (asked == plan.warmup + plan.invocations) {
    findings.steady_cpu = program_time() - steady_cpu_start;
    findings.own_cpu = own_time() - own_cpu_start;
    findings.peak_kibibytes = program_kibibytes("VmHWM");
    end_program();
    stop();
  }
  asked++;
  sent_at = now();
}

static unsigned long long hash(const char *bytes, size_t count) {
  unsigned long long value = 0xcbf29ce484222325; // FNV-1a
  for (size_t i = 0; i < count; i++) value = (value ^ (unsigned char)bytes[i]) * 0x100000001b3;
  return value;
}

void answer_came(const char *answer, size_t bytes) {
  static char *first;
  long long time = now();
  if (!first) {
    findings.first_answer = time;
    findings.answer_bytes = bytes;
    findings.answer_hash = hash(answer, bytes);
    first = malloc(bytes + 1);
    memcpy(first, answer, bytes);
  } else if (bytes != findings.answer_bytes || memcmp(first, answer, bytes)) {
    fail("answer %d differs from the first one: %.*s", events, bytes < 300 ? (int)bytes : 300, answer);
  }
}
