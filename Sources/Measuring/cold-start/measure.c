// Measures cold starts: starts a Lambda runtime again and again, with the Runtime API, S3 and the
// SageMaker endpoint played on loopback by threads of this process.
//
//   measure --runs N --cpu N --image FILE [--tls CERTIFICATE KEY] SUBJECT...
//   SUBJECT: name;NAME=VALUE ...;program argument ...
//
// Subjects take turns. Each run prints a line: name, microseconds from the start of the process to
// its first GET /next, to its first posted response, its CPU time in microseconds, its peak memory in
// KiB. The subject is pinned to one core; this process keeps to the others. With --tls the endpoint
// speaks HTTPS as well. {runtime}, {s3} and {endpoint} in the environment are replaced by host:port.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CLASSES = 133, BUFFER = 1 << 20, RUN_LIMIT_MS = 10000 };
typedef enum { RUNTIME, S3, ENDPOINT } role;
typedef struct { int file; role role; } connection;

static char *image, reply[CLASSES * 12], event[1024];
static size_t image_bytes;
static SSL_CTX *tls;
static int listeners[3], ports[3], nowhere;

// Of the current run, in nanoseconds; written by the servers, read by the main thread.
static _Atomic long long first_next, first_response;
static _Atomic int status_of_answer; // 1: response, 2: error
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("measure: ", stderr);
  vfprintf(stderr, format, arguments);
  fprintf(stderr, " (%s)\n", strerror(errno));
  exit(2);
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void answer(connection *to, SSL *ssl, int status, const char *headers, const char *body,
                   size_t bytes) {
  char head[2048];
  int length = snprintf(head, sizeof head, "HTTP/1.1 %d X\r\n%sContent-Length: %zu\r\n\r\n", status,
                        headers, bytes);
  char *all = malloc(length + bytes);
  memcpy(all, head, length);
  memcpy(all + length, body, bytes);
  size_t done = 0, total = length + bytes;
  while (done < total) {
    ssize_t n = ssl ? SSL_write(ssl, all + done, total - done) : write(to->file, all + done, total - done);
    if (n <= 0) break;
    done += n;
  }
  free(all);
}

static void answer_runtime(connection *to, const char *request) {
  if (!strncmp(request, "GET", 3)) {
    long long none = 0;
    // Only the first /next is answered: the second one waits until the process is stopped.
    if (!__atomic_compare_exchange_n((long long *)&first_next, &none, now(), 0, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST))
      return;
    char headers[512];
    snprintf(headers, sizeof headers,
             "Content-Type: application/json\r\n"
             "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
             "Lambda-Runtime-Deadline-Ms: %lld\r\n"
             "Lambda-Runtime-Invoked-Function-Arn: "
             "arn:aws:lambda:us-east-1:123456789012:function:classify\r\n"
             "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n",
             (long long)time(NULL) * 1000 + 30000);
    answer(to, NULL, 200, headers, event, strlen(event));
    return;
  }
  long long arrived = now();
  answer(to, NULL, 202, "", "", 0);
  pthread_mutex_lock(&lock);
  first_response = arrived;
  status_of_answer = strstr(request, "/response ") ? 1 : 2;
  if (status_of_answer == 2) fprintf(stderr, "%s\n", strstr(request, "\r\n\r\n") + 4);
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
}

static void answer_request(connection *to, SSL *ssl, const char *request) {
  switch (to->role) {
  case RUNTIME: answer_runtime(to, request); break;
  case S3:
    answer(to, ssl, 200, "Content-Type: image/jpeg\r\nETag: \"d41d8cd9\"\r\n"
           "x-amz-request-id: 4442587FB7D0A2F9\r\n", image, image_bytes);
    break;
  case ENDPOINT:
    answer(to, ssl, 200, "Content-Type: application/json\r\n"
           "x-amzn-Invoked-Production-Variant: AllTraffic\r\n", reply, strlen(reply));
  }
}

// The length of a whole request at the start of the buffer, or 0.
static size_t whole(const char *buffer, size_t count) {
  const char *end = memmem(buffer, count, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t length = end + 4 - buffer;
  for (const char *line = buffer; line < end; line = strstr(line, "\r\n") + 2)
    if (!strncasecmp(line, "content-length:", 15)) length += strtoul(line + 15, NULL, 10);
  return length <= count ? length : 0;
}

static void *serve(void *argument) {
  connection *from = argument;
  SSL *ssl = NULL;
  char first = 0;
  // A TLS handshake begins with the byte 22, a request with a letter.
  if (tls && from->role == ENDPOINT && recv(from->file, &first, 1, MSG_PEEK) == 1 && first == 22) {
    ssl = SSL_new(tls);
    SSL_set_fd(ssl, from->file);
    if (SSL_accept(ssl) != 1) goto end;
  }
  char *buffer = malloc(BUFFER + 1);
  size_t count = 0;
  while (count < BUFFER) {
    ssize_t n = ssl ? SSL_read(ssl, buffer + count, BUFFER - count)
                    : read(from->file, buffer + count, BUFFER - count);
    if (n <= 0) break;
    count += n;
    buffer[count] = 0;
    size_t length = whole(buffer, count);
    if (!length) continue;
    answer_request(from, ssl, buffer);
    memmove(buffer, buffer + length, count -= length);
  }
  free(buffer);
end:
  SSL_free(ssl);
  close(from->file);
  free(from);
  return NULL;
}

static void *accept_all(void *argument) {
  role which = (role)(long)argument;
  for (;;) {
    int file = accept4(listeners[which], NULL, NULL, SOCK_CLOEXEC);
    if (file < 0) continue;
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    connection *new = malloc(sizeof *new);
    *new = (connection){file, which};
    pthread_t thread;
    pthread_create(&thread, NULL, serve, new);
    pthread_detach(thread);
  }
}

static void listen_as(role which) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int file = listeners[which] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(file, (void *)&address, size) || listen(file, 64)) die("cannot listen");
  getsockname(file, (void *)&address, &size);
  ports[which] = ntohs(address.sin_port);
  pthread_t thread;
  pthread_create(&thread, NULL, accept_all, (void *)(long)which);
}

static char *expand(const char *text) {
  static const char *names[] = {"{runtime}", "{s3}", "{endpoint}"};
  for (int i = 0; i < 3; i++) {
    const char *at = strstr(text, names[i]);
    char *out;
    if (!at) continue;
    if (asprintf(&out, "%.*s127.0.0.1:%d%s", (int)(at - text), text, ports[i],
                 at + strlen(names[i])) < 0) die("memory");
    return out;
  }
  return strdup(text);
}

static char **words(char *text) {
  char **list = calloc(64, sizeof *list), *rest = text, *word;
  for (int i = 0; i < 63 && (word = strsep(&rest, " "));)
    if (*word) list[i++] = expand(word);
  return list;
}

static long peak_kib(pid_t process) {
  char path[64], line[256];
  long kib = 0;
  snprintf(path, sizeof path, "/proc/%d/status", process);
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "VmHWM: %ld", &kib) == 1) break;
  if (file) fclose(file);
  return kib;
}

static void run(const char *name, char **environment, char **command, int cpu) {
  first_next = first_response = 0;
  status_of_answer = 0;
  long long start = now();
  pid_t process = vfork();
  if (process == 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
    dup2(nowhere, 1); // Its log lines; an error is printed from its report.
    dup2(nowhere, 2);
    execve(command[0], command, environment);
    _exit(127);
  }
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec += RUN_LIMIT_MS / 1000;
  pthread_mutex_lock(&lock);
  while (!first_response)
    if (pthread_cond_timedwait(&changed, &lock, &limit)) die("%s: no answer in time", name);
  pthread_mutex_unlock(&lock);
  usleep(3000); // The process asks for its next event; then it is done.
  long kib = peak_kib(process);
  kill(process, SIGKILL);
  struct rusage usage;
  wait4(process, NULL, 0, &usage);
  long cpu_time = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec +
                  usage.ru_stime.tv_usec;
  if (status_of_answer != 1) die("%s answered with an error", name);
  printf("%s\t%lld\t%lld\t%ld\t%ld\n", name, (first_next - start) / 1000,
         (first_response - start) / 1000, cpu_time, kib);
  fflush(stdout);
}

static void keep_off(int cpu) {
  cpu_set_t set;
  sched_getaffinity(0, sizeof set, &set);
  if (CPU_COUNT(&set) < 2) return;
  CPU_CLR(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

int main(int count, char **arguments) {
  int runs = 21, cpu = 0, i = 1;
  const char *image_path = NULL;
  for (; i < count && !strncmp(arguments[i], "--", 2); i++) {
    if (!strcmp(arguments[i], "--runs")) runs = atoi(arguments[++i]);
    else if (!strcmp(arguments[i], "--cpu")) cpu = atoi(arguments[++i]);
    else if (!strcmp(arguments[i], "--image")) image_path = arguments[++i];
    else if (!strcmp(arguments[i], "--tls") && i + 2 < count) {
      tls = SSL_CTX_new(TLS_server_method());
      if (SSL_CTX_use_certificate_chain_file(tls, arguments[++i]) != 1 ||
          SSL_CTX_use_PrivateKey_file(tls, arguments[++i], SSL_FILETYPE_PEM) != 1)
        die("cannot use the certificate");
    } else die("unknown option %s", arguments[i]);
  }
  FILE *file = image_path ? fopen(image_path, "rb") : NULL;
  if (!file) die("cannot read the image");
  image = malloc(BUFFER);
  image_bytes = fread(image, 1, BUFFER, file);
  strcpy(reply, "[[");
  for (int c = 0; c < CLASSES; c++)
    sprintf(reply + strlen(reply), "%s%.6f", c ? ", " : "", (c * 37 % 101) / 10.0 - 5);
  strcat(reply, "]]");
  strcpy(event, "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":"
         "\"us-east-1\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"s3SchemaVersion\":\"1.0\","
         "\"bucket\":{\"name\":\"dog-photos\",\"arn\":\"arn:aws:s3:::dog-photos\"},\"object\":"
         "{\"key\":\"uploads/dog.jpg\",\"size\":100000,\"eTag\":\"d41d8cd9\",\"sequencer\":"
         "\"0A1B2C3D4E5F678901\"}}}]}");
  signal(SIGPIPE, SIG_IGN);
  nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  // Where it may, the measurement goes before whatever else the machine is doing.
  sched_setscheduler(0, SCHED_RR, &(struct sched_param){.sched_priority = 10});
  keep_off(cpu);
  for (role which = RUNTIME; which <= ENDPOINT; which++) listen_as(which);
  int first = i, subjects = count - i;
  if (subjects < 1) die("no subject");
  char *names[subjects], **environments[subjects], **commands[subjects];
  for (int s = 0; s < subjects; s++) {
    char *rest = arguments[first + s];
    names[s] = strsep(&rest, ";");
    char *environment = strsep(&rest, ";");
    if (!environment || !rest) die("a subject is name;environment;command");
    environments[s] = words(environment);
    commands[s] = words(rest);
  }
  for (int r = 0; r < runs; r++)
    for (int s = 0; s < subjects; s++) run(names[s], environments[s], commands[s], cpu);
}
