// From an event to the next /invocation/next: an emulated Runtime API that measures a runtime, and beside
// it the floor, a bare loop on libcurl that makes the same two transfers and does nothing else.
//
//   measure-loop CORE COUNT serve PROGRAM [ARGUMENT…]   starts the program and measures it
//   measure-loop - - client                             is such a program
//
// Both processes share one core. Printed: microseconds, median and mean of COUNT events after a tenth as
// many for warming up. Time begins when the event is handed to the kernel and ends when the whole request
// for the next one has been read; the two answers of this server in between are part of it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EVENT_BYTES 840

static void fail(const char *what) {
  perror(what);
  exit(1);
}

// MARK: The floor

static size_t ignore_body(char *data, size_t size, size_t count, void *context) {
  (void)data;
  (void)context;
  return size * count;
}

static size_t find_id(char *data, size_t size, size_t count, void *context) {
  static const char name[] = "Lambda-Runtime-Aws-Request-Id: ";
  if (size * count > sizeof name && strncasecmp(data, name, sizeof name - 1) == 0)
    snprintf(context, 64, "%.*s", (int)(size * count - (sizeof name - 1) - 2), data + sizeof name - 1);
  return size * count;
}

static int client(void) {
  char url[256], id[64] = "";
  const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
  CURL *curl = curl_easy_init();
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  if (!address || !curl || !headers) return 1;
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, find_id);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, (void *)id);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  while (1) {
    snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/next", address);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    if (curl_easy_perform(curl) != CURLE_OK) return 1;
    snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/%s/response", address, id);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, 2L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "{}");
    if (curl_easy_perform(curl) != CURLE_OK) return 1;
  }
}

// MARK: The Runtime API

static int make_event(char *out, size_t size, int number) {
  char body[EVENT_BYTES + 1];
  int length = snprintf(
      body, sizeof body,
      "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"us-east-1\","
      "\"eventTime\":\"2025-11-22T10:15:30.123Z\",\"eventName\":\"ObjectRemoved:Delete\","
      "\"userIdentity\":{\"principalId\":\"AWS:AIDACKCEVSQ6C2EXAMPLE\"},"
      "\"requestParameters\":{\"sourceIPAddress\":\"203.0.113.17\"},"
      "\"responseElements\":{\"x-amz-request-id\":\"C3D13FE58DE4C810\","
      "\"x-amz-id-2\":\"EXAMPLE123/5678abcdefghijklambdaisawesome/mnopqrstuvwxyzABCDEFGH\"},"
      "\"s3\":{\"s3SchemaVersion\":\"1.0\",\"configurationId\":\"classify-uploads\","
      "\"bucket\":{\"name\":\"dog-photos\",\"ownerIdentity\":{\"principalId\":\"A3NL1KOZZKEXAMPLE\"},"
      "\"arn\":\"arn:aws:s3:::dog-photos\"},\"object\":{\"key\":\"uploads/Sch%%C3%%A4ferhund+Rex.jpg\","
      "\"sequencer\":\"0065F1A2B3C4D5E6F7\"},\"padding\":\"");
  while (length < EVENT_BYTES - 5) body[length++] = 'x';
  memcpy(body + length, "\"}}]}", 6);
  return snprintf(
      out, size,
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
      "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-%012d\r\n"
      "Lambda-Runtime-Deadline-Ms: 33290000000000\r\n"
      "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:classify\r\n"
      "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2%04d;Parent=9a9197af755a6419;Sampled=0\r\n"
      "Lambda-Runtime-Invocation-Id: 1c54f2ab-27c4-4b58-a3a5-%012d\r\n"
      "Date: Sat, 22 Nov 2025 10:15:30 GMT\r\nContent-Length: %d\r\n\r\n%s",
      number, number % 10000, number, EVENT_BYTES, body);
}

// Reads one whole request; returns its first byte, 0 at the end of the connection.
static char read_request(int connection) {
  static char buffer[1 << 20];
  size_t length = 0;
  while (1) {
    ssize_t count = recv(connection, buffer + length, sizeof buffer - 1 - length, 0);
    if (count <= 0) return 0;
    length += count;
    buffer[length] = 0;
    char *end = strstr(buffer, "\r\n\r\n");
    if (!end) continue;
    char *field = strcasestr(buffer, "\r\nContent-Length:");
    size_t body = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    if (length >= (size_t)(end + 4 - buffer) + body) return buffer[0];
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int by_size(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

static int serve(int count, char **program) {
  static const char accepted[] =
      "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (void *)&address, size) || listen(listener, 8)) fail("listen");
  getsockname(listener, (void *)&address, &size);
  char text[64];
  snprintf(text, sizeof text, "127.0.0.1:%d", ntohs(address.sin_port));
  pid_t child = fork();
  if (child == 0) {
    setenv("AWS_LAMBDA_RUNTIME_API", text, 1);
    dup2(open("/dev/null", O_WRONLY), 2);
    execv(program[0], program);
    _exit(127);
  }
  int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  int warming = count / 10, done = 0;
  double *times = calloc(count, sizeof *times), begin = 0, sum = 0;
  char event[4096];
  while (done < count + warming) {
    char method = read_request(connection);
    if (!method) break;
    if (method == 'P') {
      if (send(connection, accepted, sizeof accepted - 1, MSG_NOSIGNAL) < 0) break;
      continue;
    }
    if (begin > 0) {
      if (done >= warming) times[done - warming] = now() - begin;
      done++;
    }
    int length = make_event(event, sizeof event, done);
    begin = now();
    if (send(connection, event, length, MSG_NOSIGNAL) < 0) break;
  }
  kill(child, SIGTERM);
  waitpid(child, NULL, 0);
  if (done < count + warming) {
    fprintf(stderr, "%s ended or changed its connection after %d events\n", program[0], done);
    return 1;
  }
  for (int i = 0; i < count; i++) sum += times[i];
  qsort(times, count, sizeof *times, by_size);
  printf("%.1f %.1f\n", times[count / 2], sum / count);
  return 0;
}

int main(int count, char **arguments) {
  if (count >= 4 && strcmp(arguments[3], "client") == 0) return client();
  if (count < 5) return 2;
  if (atoi(arguments[1]) >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(atoi(arguments[1]), &set);
    if (sched_setaffinity(0, sizeof set, &set)) fail("sched_setaffinity");
  }
  return serve(atoi(arguments[2]), arguments + 4);
}
