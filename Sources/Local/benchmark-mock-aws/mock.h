// A Runtime API, an S3 and a SageMaker endpoint in one process and one thread, which start a Lambda runtime and
// measure it. See main.c for the command line and its output.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum role { RUNTIME, S3, ENDPOINT, ROLES };

// What one run is to do; filled from the command line.
struct plan {
  int core;               // of this process and the measured one; -1 for any
  int warmup, invocations; // events before the steady part, and in it
  size_t image_bytes;
  int records;             // images of one event
  int delay_milliseconds;  // that the endpoint takes
  bool secured;            // S3 and the endpoint speak HTTPS
  bool skipped;            // the event is one that has nothing to classify
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
  size_t answer_bytes;
  unsigned long long answer_hash;
};
extern struct findings findings;

// A whole request: the head is ended by NUL, the body follows it.
struct request {
  char *head, *body;
  size_t body_bytes;
};

// server.c
extern int ports[ROLES];
void listen_as(enum role role);
// Returns when stop() was called; anything unexpected ends the process with a message.
void serve(void);
void stop(void);
void send_answer(int connection, const char *head, const char *body, size_t body_bytes);

// answers.c
void prepare_answers(void);
// Whether the answer is still to come from answer_endpoint.
bool answer_request(enum role role, int connection, struct request request);
// The endpoint's answer, when its time has come.
void answer_endpoint(int connection);

// tls.c
void use_certificate(const char *chain, const char *key);
struct ssl_st *secure(int connection);
void take_ciphertext(struct ssl_st *tls, const char *bytes, size_t count);
// 0 when all that arrived has been read.
size_t decipher(struct ssl_st *tls, char *into, size_t room);
void send_secured(struct ssl_st *tls, const char *bytes, size_t count);
void end_secured(struct ssl_st *tls);

// watch.c
long long now(void);
void pin(int core);
void start_program(void);
void check_program(void); // that it still runs
void event_asked(void);   // the program asks for an event
void event_sent(void);
void answer_came(const char *answer, size_t bytes);
_Noreturn void fail(const char *format, ...);
