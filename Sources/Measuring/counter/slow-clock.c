// To be preloaded: the program's monotonic clock runs at a hundredth of its speed. Under callgrind, on a busy machine,
// a connection would exceed the function's time limit, and another one would be opened and counted.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int (*system_clock)(clockid_t, struct timespec *);

__attribute__((constructor)) static void find_system_clock(void) {
  *(void **)&system_clock = dlsym(RTLD_NEXT, "clock_gettime");
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int status = system_clock(clock, time);
  if (status != 0 || clock != CLOCK_MONOTONIC) return status;
  long long nanoseconds = (time->tv_sec * 1000000000LL + time->tv_nsec) / 100;
  *time = (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  return 0;
}
