// Events, images and replies for a Lambda runtime, and what it does with them measured. See main.c for the command
// line and its output.
#pragma once
#include <meter.h>

// What one run is to do; filled from the command line.
struct plan {
  int core;                // of the measured process; -1 for any
  bool apart;              // this process keeps to the other cores, instead of to the same one
  int warmup, invocations; // events before the steady part, and in it
  size_t image_bytes;
  int records;             // images of one event
  int delay_milliseconds;  // that the endpoint takes
  const char *trace;       // a file whose sizes are printed, or NULL
  bool skipped;            // the event is one that has nothing to classify
  enum { REALTIME, SUBMISSION, RESULT } call; // of an asynchronous endpoint: the upload, or SNS's message of the result
  const char *folder;      // where the first requests and the first answer are kept, or NULL
  const char *log;         // where the program's own output goes
  char **program;
};
extern struct plan plan;

// What it found; times in nanoseconds.
struct findings {
  long long start, first_next, first_answer;
  long long *cycles;       // from handing out an event to the next GET of one
  long long cold_cpu, steady_cpu, own_cpu;
  long peak_kibibytes;
  long long *trace_bytes;  // at each GET of an event
  size_t answer_bytes;
  unsigned long long answer_hash;
};
extern struct findings findings;

// answers.c
void prepare_answers(void);
request_handler answer_request;

// watch.c
void choose_cores(void);
void event_asked(void); // the program asks for an event
void answer_came(const char *answer, size_t bytes);
