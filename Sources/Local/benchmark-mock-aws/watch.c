// The measured process: its start, its clock, its end.
#define _GNU_SOURCE
#include "mock.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct findings findings;
static pid_t child;
static clockid_t child_clock;
static long long sent_at, steady_cpu_start, own_cpu_start;
// Events asked for, and handed out.
static int asked, sent;

void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fflush(stdout);
  fputs("benchmark-mock-aws: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  if (child > 0) kill(child, SIGKILL);
  exit(1);
}

static long long read_clock(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time)) fail("no clock: %s", strerror(errno));
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

long long now(void) { return read_clock(CLOCK_MONOTONIC); }

void pin(int core) {
  // Where it may, the measurement goes before whatever else the machine is doing.
  (void)!setpriority(PRIO_PROCESS, 0, -20);
  if (core < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  if (sched_setaffinity(0, sizeof set, &set)) fail("core %d: %s", core, strerror(errno));
}

static void set_address(const char *name, const char *scheme, enum role role) {
  char address[64];
  snprintf(address, sizeof address, "%s127.0.0.1:%d", scheme, ports[role]);
  setenv(name, address, 1);
}

void start_program(void) {
  set_address("AWS_LAMBDA_RUNTIME_API", "", RUNTIME);
  const char *scheme = plan.secured ? "https://" : "http://";
  set_address("AWS_ENDPOINT_URL_S3", scheme, S3);
  set_address("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", scheme, ENDPOINT);
  int log = open(plan.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (log < 0 || nothing < 0) fail("%s: %s", plan.log, strerror(errno));
  pid_t parent = getpid();
  findings.start = now();
  child = vfork();
  if (child == 0) {
    // Nothing of it may outlive this process.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    dup2(nothing, 0);
    dup2(log, 1);
    dup2(log, 2);
    execvp(plan.program[0], plan.program);
    _exit(127);
  }
  if (child < 0) fail("vfork: %s", strerror(errno));
  if (clock_getcpuclockid(child, &child_clock)) fail("the program has no CPU clock");
}

void check_program(void) {
  int status;
  if (waitpid(child, &status, WNOHANG) != child) return;
  child = 0;
  if (WIFSIGNALED(status)) fail("%s was ended by signal %d", plan.program[0], WTERMSIG(status));
  fail("%s ended with status %d after %d events", plan.program[0], WEXITSTATUS(status), sent);
}

static long peak_kibibytes(void) {
  char path[64], line[256];
  long kibibytes = 0;
  snprintf(path, sizeof path, "/proc/%d/status", child);
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "VmHWM: %ld", &kibibytes) == 1) break;
  if (file) fclose(file);
  return kibibytes;
}

// By SIGTERM, so that a profiler around it can write what it saw.
static void end_program(void) {
  kill(child, SIGTERM);
  for (int i = 0; i < 10000 && waitpid(child, NULL, WNOHANG) == 0; i++) usleep(1000);
  if (waitpid(child, NULL, WNOHANG) != 0) return;
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

void event_asked(void) {
  long long time = now();
  if (asked == 0) findings.first_next = time;
  if (asked > plan.warmup) findings.cycles[asked - plan.warmup - 1] = time - sent_at;
  if (asked == 1) findings.cold_cpu = read_clock(child_clock);
  if (asked > 0 && !findings.first_answer) fail("%s asked for another event before it answered", plan.program[0]);
  if (asked == plan.warmup) {
    steady_cpu_start = read_clock(child_clock);
    own_cpu_start = read_clock(CLOCK_PROCESS_CPUTIME_ID);
  }
  if (asked == plan.warmup + plan.invocations) {
    findings.steady_cpu = read_clock(child_clock) - steady_cpu_start;
    findings.own_cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID) - own_cpu_start;
    findings.peak_kibibytes = peak_kibibytes();
    end_program();
    stop();
  }
  asked++;
  sent_at = now();
}

void event_sent(void) { sent++; }

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
    fail("answer %d differs from the first one: %.*s", sent, bytes < 300 ? (int)bytes : 300, answer);
  }
}
