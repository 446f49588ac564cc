// Many invocations of the real bootstrap, four in ten of which go wrong, against an emulated Runtime API,
// S3 and SageMaker Runtime in one process: resident memory and file descriptors must stay what they are.
//
//   soak COUNT PROGRAM
//
// Exit status 0 when every invocation ended as expected, the resident memory at the end is within 1 MB of
// that after the first 1,000, and as many file descriptors are open as then. The last line says so.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAXIMUM_CONNECTIONS 32
#define MAXIMUM_BYTES (1 << 20)

enum kind { SUCCESS, SUCCESS_2, SUCCESS_3, SUCCESS_4, TWO_IMAGES, REMOVED, NO_KEY, MODEL_ERROR, NO_JSON, CONSOLE, KINDS };

static struct {
  int descriptor;
  size_t length;
  char *bytes;
} connections[MAXIMUM_CONNECTIONS];

static int number, wanted, responses, errors, expected_errors;
static long first_kilobytes, first_descriptors;
static pid_t child;
static char image[MAXIMUM_BYTES];

static void fail(const char *what) {
  perror(what);
  if (child > 0) kill(child, SIGKILL);
  exit(1);
}

static long resident_kilobytes(void) {
  char path[64], line[256];
  long kilobytes = 0;
  snprintf(path, sizeof path, "/proc/%d/status", child);
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file)) sscanf(line, "VmRSS: %ld", &kilobytes);
  if (file) fclose(file);
  return kilobytes;
}

static long open_descriptors(void) {
  char path[64];
  long count = 0;
  snprintf(path, sizeof path, "/proc/%d/fd", child);
  DIR *folder = opendir(path);
  while (folder && readdir(folder)) count++;
  if (folder) closedir(folder);
  return count;
}

static void finish(void) {
  long kilobytes = resident_kilobytes(), descriptors = open_descriptors();
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  int good = kilobytes - first_kilobytes <= 1024 && descriptors == first_descriptors &&
             errors == expected_errors && responses + errors == wanted;
  printf(
      "soak: %s: %d invocations, %d answered, %d failed as they should (%d expected); resident after 1,000: %ld kB, "
      "at the end: %ld kB; descriptors %ld and %ld\n",
      good ? "ok" : "FAILED", responses + errors, responses, errors, expected_errors, first_kilobytes, kilobytes,
      first_descriptors - 2, descriptors - 2);
  exit(good ? 0 : 1);
}

// MARK: Answers

static void answer(int descriptor, const char *status, const char *headers, const char *body, size_t length) {
  static char out[MAXIMUM_BYTES + 4096];
  int size = snprintf(
      out, 4096, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, headers, length);
  memcpy(out + size, body, length);
  size += length;
  for (int sent = 0; sent < size;) {
    ssize_t count = send(descriptor, out + sent, size - sent, MSG_NOSIGNAL);
    if (count < 0) return;
    sent += count;
  }
}

static void text(int descriptor, const char *status, const char *headers, const char *body) {
  answer(descriptor, status, headers, body, strlen(body));
}

static void record(char *out, const char *event, const char *key) {
  sprintf(
      out, "{\"eventName\":\"%s\",\"awsRegion\":\"us-east-1\",\"s3\":{\"bucket\":{\"name\":\"photos\"},"
      "\"object\":{\"key\":\"%s\",\"eTag\":\"e\",\"sequencer\":\"%d\"}}}", event, key, number);
}

static void next(int descriptor) {
  static char first[1024], second[1024], event[4096], headers[1024];
  if (number == 1000) first_kilobytes = resident_kilobytes(), first_descriptors = open_descriptors();
  if (number == wanted) finish();
  if (number > 0 && number % 50000 == 0)
    fprintf(stderr, "%d: %ld kB\n", number, resident_kilobytes());
  enum kind kind = number % KINDS;
  record(first, kind == REMOVED ? "ObjectRemoved:Delete" : "ObjectCreated:Put",
         kind == NO_KEY ? "no.jpg" : kind == MODEL_ERROR ? "model-error.jpg" : "rex.jpg");
  record(second, "ObjectCreated:Put", "second.jpg");
  if (kind == TWO_IMAGES) sprintf(event, "{\"Records\":[%s,%s]}", first, second);
  else if (kind == NO_JSON) sprintf(event, "{\"Records\":[%s", first);
  else if (kind == CONSOLE) sprintf(event, "{\"bucket\":\"photos\",\"key\":\"model-error.jpg\"}");
  else sprintf(event, "{\"Records\":[%s]}", first);
  expected_errors += kind == NO_KEY || kind == MODEL_ERROR || kind == NO_JSON;
  number++;
  sprintf(
      headers,
      "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-%012d\r\n"
      "Lambda-Runtime-Deadline-Ms: 33290000000000\r\n"
      "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c8%08d;Parent=9a9197af755a6419;Sampled=0\r\n"
      "Lambda-Runtime-Invocation-Id: invocation-%d\r\n%s",
      number, number, number, number % 97 == 0 ? "Connection: close\r\n" : "");
  text(descriptor, "200 OK", headers, event);
}

static void sage_maker(int descriptor) {
  static char reply[8192];
  size_t length = 0;
  for (int i = 0; i < 133; i++)
    length += sprintf(reply + length, "%s%d.%06d", i ? ",-" : "[[-", (i * number) % 17, (i * 7919 + number) % 1000000);
  sprintf(reply + length, "]]");
  text(descriptor, "200 OK", "Content-Type: application/json\r\nx-Amzn-Invoked-Production-Variant: AllTraffic\r\n", reply);
}

// Answers a whole request; false when the connection ends with it.
static int handle(int descriptor, char *request, char *body) {
  if (strstr(request, "/invocation/next")) {
    next(descriptor);
    return (number % 97) != 0;
  }
  if (strncmp(request, "POST /2018-06-01/", 17) == 0) {
    char *end = strstr(request, " HTTP/1.1");
    if (end && end[-1] == 'e') responses++;
    else errors++;
    text(descriptor, "202 Accepted", "", "{\"status\":\"OK\"}\n");
    // An idle connection that is gone before the next call.
    return number % 89 != 0;
  }
  if (strncmp(request, "POST /endpoints/", 16) == 0) {
    if (body[0] == 'X')
      text(descriptor, "424 Failed Dependency", "x-amzn-ErrorType: ModelError\r\nContent-Type: application/json\r\n",
           "{\"Message\":\"broken\",\"OriginalStatusCode\":500,\"OriginalMessage\":\"no image\",\"LogStreamArn\":\"arn\"}");
    else sage_maker(descriptor);
    return 1;
  }
  if (strstr(request, "/no.jpg ")) {
    text(descriptor, "404 Not Found", "Content-Type: application/xml\r\n",
         "<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>");
    return 1;
  }
  image[0] = strstr(request, "/model-error.jpg ") ? 'X' : '\xFF';
  answer(descriptor, "200 OK", "ETag: \"e\"\r\n", image, 1000 + (number * 7919) % 100000);
  return 1;
}

// MARK: Serving

// Handles what is whole in the buffer; false when the connection ends.
static int consume(int index) {
  while (1) {
    char *bytes = connections[index].bytes, *end = memmem(bytes, connections[index].length, "\r\n\r\n", 4);
    if (!end) return 1;
    *end = 0;
    char *field = strcasestr(bytes, "\r\nContent-Length:");
    size_t head = end + 4 - bytes, body = field ? strtoul(field + 17, NULL, 10) : 0;
    if (connections[index].length < head + body) {
      *end = '\r';
      return 1;
    }
    if (!handle(connections[index].descriptor, bytes, bytes + head)) return 0;
    connections[index].length -= head + body;
    memmove(bytes, bytes + head + body, connections[index].length);
  }
}

static void serve(int listener) {
  struct pollfd entries[MAXIMUM_CONNECTIONS + 1];
  for (int i = 0; i < MAXIMUM_CONNECTIONS; i++) connections[i].descriptor = -1;
  while (1) {
    entries[MAXIMUM_CONNECTIONS] = (struct pollfd){.fd = listener, .events = POLLIN};
    for (int i = 0; i < MAXIMUM_CONNECTIONS; i++)
      entries[i] = (struct pollfd){.fd = connections[i].descriptor, .events = POLLIN};
    if (poll(entries, MAXIMUM_CONNECTIONS + 1, 10000) <= 0) {
      fprintf(stderr, "after %d events nothing comes any more\n", number);
      fail("poll");
    }
    for (int i = 0; i < MAXIMUM_CONNECTIONS; i++) {
      if (!entries[i].revents) continue;
      ssize_t count = recv(
          connections[i].descriptor, connections[i].bytes + connections[i].length,
          MAXIMUM_BYTES - connections[i].length, 0);
      if (count > 0) connections[i].length += count;
      if (count > 0 && consume(i)) continue;
      close(connections[i].descriptor);
      connections[i].descriptor = -1;
    }
    if (!entries[MAXIMUM_CONNECTIONS].revents) continue;
    int on = 1, descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC), i = 0;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (i < MAXIMUM_CONNECTIONS && connections[i].descriptor >= 0) i++;
    if (i == MAXIMUM_CONNECTIONS) fail("too many connections");
    connections[i].descriptor = descriptor;
    connections[i].length = 0;
    if (!connections[i].bytes) connections[i].bytes = malloc(MAXIMUM_BYTES + 1);
  }
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  wanted = atoi(arguments[1]);
  if (wanted < 2000) return 2;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (void *)&address, size) || listen(listener, 16)) fail("listen");
  getsockname(listener, (void *)&address, &size);
  char runtime[64], url[80];
  snprintf(runtime, sizeof runtime, "AWS_LAMBDA_RUNTIME_API=127.0.0.1:%d", ntohs(address.sin_port));
  snprintf(url, sizeof url, "AWS_ENDPOINT_URL=http://127.0.0.1:%d", ntohs(address.sin_port));
  char *environment[] = {
      runtime, url, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret",
      "AWS_SESSION_TOKEN=token", "ENDPOINT_NAME=dog-breeds", NULL};
  child = fork();
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), 2);
    execve(arguments[2], arguments + 2, environment);
    _exit(127);
  }
  serve(listener);
}
