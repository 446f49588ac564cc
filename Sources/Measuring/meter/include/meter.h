// What the meters in C share: the Runtime API, S3 and the endpoint on loopback in one process and one thread, and the
// Lambda runtime that they serve. A meter gives the answers.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum role { RUNTIME, S3, ENDPOINT, ROLES };

// A whole request: the head is ended by NUL, the body follows it.
struct request {
  char *head, *body;
  size_t body_bytes;
};

// What a meter does with a request.
typedef void request_handler(enum role role, int connection, struct request request);

// http.c
// The role gets a port of its own on 127.0.0.1. Requests to a role without one come to the Runtime API's.
void listen_as(enum role role);
// The service speaks HTTPS, after use_certificate().
void secure(enum role role);
// The URL of the service, with 127.0.0.1 and its port.
void write_url(enum role role, char *url, size_t room);
// Returns after stop(); anything unexpected ends the process with a message.
void serve(request_handler *answer_request);
void stop(void);
void send_answer(int connection, const char *head, const char *body, size_t body_bytes);
// Calls the function after the delay, which must be the same in all calls, unless the connection is closed by then.
void answer_later(int connection, int milliseconds, void (*answer)(int connection));
// Closes the connection after this answer.
void hang_up(int connection);

// message.c
// The bytes that the message at the start of the buffer has or will have, and those of its head; 0 while its head is
// incomplete.
size_t message_bytes(char *bytes, size_t count, size_t *head_bytes);

// tls.c
// Files in PEM form.
void use_certificate(const char *chain, const char *key);

// process.c
extern pid_t program;
// Events returned so far.
extern int events;
// Starts the program with this process's environment and the addresses of the services; its output is appended to the
// log. It runs on this core, or with -1 where this process may run. Returns the time of its start.
long long start_program(char **arguments, const char *log, int core);
void check_program(void); // that it still runs
// By SIGTERM, so that a profiler around it can write what it saw.
void end_program(void);
// Nanoseconds on the processor.
long long program_time(void);
// A field of its status, such as VmRSS.
long program_kibibytes(const char *field);
// Nanoseconds.
long long now(void);
// Ends the program and this process.
_Noreturn void fail(const char *format, ...);
