// The measured process: its start, its clock, its end.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <meter.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

pid_t program;
int events;
static clockid_t program_clock;
static const char *name;

void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fflush(stdout);
  fprintf(stderr, "%s: ", program_invocation_short_name);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  if (program > 0) kill(program, SIGKILL);
  exit(1);
}

static long long read_clock(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time)) fail("no clock: %s", strerror(errno));
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

long long now(void) { return read_clock(CLOCK_MONOTONIC); }

long long program_time(void) { return read_clock(program_clock); }

static void set_addresses(void) {
  static const char *names[ROLES] = {
      "AWS_LAMBDA_RUNTIME_API", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"};
  for (enum role role = RUNTIME; role < ROLES; role++) {
    char url[64];
    write_url(role, url, sizeof url);
    // The Runtime API's address has no scheme.
    setenv(names[role], role == RUNTIME ? strstr(url, "//") + 2 : url, 1);
  }
}

long long start_program(char **arguments, const char *log_path, int core) {
  set_addresses();
  name = arguments[0];
  int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (log < 0 || nothing < 0) fail("%s: %s", log_path, strerror(errno));
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (core >= 0) CPU_SET(core, &cores);
  pid_t parent = getpid();
  long long start = now();
  program = vfork();
  if (program == 0) {
    // Nothing of it may outlive this process.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    if (core >= 0 && sched_setaffinity(0, sizeof cores, &cores)) _exit(127);
    dup2(nothing, 0);
    dup2(log, 1);
    dup2(log, 2);
    execvp(arguments[0], arguments);
    _exit(127);
  }
  if (program < 0) fail("vfork: %s", strerror(errno));
  if (clock_getcpuclockid(program, &program_clock)) fail("the program has no CPU clock");
  return start;
}

void check_program(void) {
  int status;
  if (waitpid(program, &status, WNOHANG) != program) return;
  program = 0;
  if (WIFSIGNALED(status)) fail("%s was ended by signal %d after %d events", name, WTERMSIG(status), events);
  fail("%s ended with status %d after %d events", name, WEXITSTATUS(status), events);
}

void end_program(void) {
  kill(program, SIGTERM);
  for (int i = 0; i < 10000 && waitpid(program, NULL, WNOHANG) == 0; i++) usleep(1000);
  if (waitpid(program, NULL, WNOHANG) != 0) return;
  kill(program, SIGKILL);
  waitpid(program, NULL, 0);
}

long program_kibibytes(const char *field) {
  char path[64], line[256];
  long kibibytes = 0;
  size_t length = strlen(field);
  snprintf(path, sizeof path, "/proc/%d/status", program);
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file))
    if (!strncmp(line, field, length) && sscanf(line + length, ": %ld", &kibibytes) == 1) break;
  if (file) fclose(file);
  return kibibytes;
}
