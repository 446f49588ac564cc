// Many invocations of the real bootstrap, four in ten of which go wrong: resident memory and file descriptors must stay
// what they are.
//
//   soak COUNT PROGRAM
//
// Exit status 0 when every invocation ended as expected, the resident memory at the end is within 1 MB of
// that after the first 1,000, and as many file descriptors are open as then. The last line reports it.
#define _GNU_SOURCE
#include <dirent.h>
#include <meter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind {
  SUCCESS, SUCCESS_2, SUCCESS_3, SUCCESS_4, TWO_IMAGES, REMOVED, NO_KEY, MODEL_ERROR, NO_JSON, CONSOLE, KINDS
};

static int wanted, responses, errors, expected_errors;
static long first_kilobytes, first_descriptors;
static char image[1 << 20];

static long open_descriptors(void) {
  char path[64];
  long count = 0;
  snprintf(path, sizeof path, "/proc/%d/fd", program);
  DIR *folder = opendir(path);
  while (folder && readdir(folder)) count++;
  if (folder) closedir(folder);
  return count;
}

static void finish(void) {
  long kilobytes = program_kibibytes("VmRSS"), descriptors = open_descriptors();
  end_program();
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

static void answer(int connection, const char *status, const char *headers, const char *body, size_t length) {
  char head[1024];
  snprintf(head, sizeof head, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, headers, length);
  send_answer(connection, head, body, length);
}

static void text(int connection, const char *status, const char *headers, const char *body) {
  answer(connection, status, headers, body, strlen(body));
}

static void record(char *out, const char *event, const char *key) {
  sprintf(
      out, "{\"eventName\":\"%s\",\"awsRegion\":\"us-east-1\",\"s3\":{\"bucket\":{\"name\":\"photos\"},"
      "\"object\":{\"key\":\"%s\",\"eTag\":\"e\",\"sequencer\":\"%d\"}}}", event, key, events);
}

static void next(int connection) {
  static char first[1024], second[1024], event[4096], headers[900];
  if (events == 1000) first_kilobytes = program_kibibytes("VmRSS"), first_descriptors = open_descriptors();
  if (events == wanted) finish();
  if (events > 0 && events % 10000 == 0)
    fprintf(stderr, "%d: %ld kB, %ld descriptors\n", events, program_kibibytes("VmRSS"), open_descriptors() - 2);
  enum kind kind = events % KINDS;
  record(first, kind == REMOVED ? "ObjectRemoved:Delete" : "ObjectCreated:Put",
         kind == NO_KEY ? "no.jpg" : kind == MODEL_ERROR ? "model-error.jpg" : "rex.jpg");
  record(second, "ObjectCreated:Put", "second.jpg");
  if (kind == TWO_IMAGES) sprintf(event, "{\"Records\":[%s,%s]}", first, second);
  else if (kind == NO_JSON) sprintf(event, "{\"Records\":[%s", first);
  else if (kind == CONSOLE) sprintf(event, "{\"bucket\":\"photos\",\"key\":\"model-error.jpg\"}");
  else sprintf(event, "{\"Records\":[%s]}", first);
  expected_errors += kind == NO_KEY || kind == MODEL_ERROR || kind == NO_JSON;
  events++;
  bool is_last = events % 97 == 0;
  snprintf(
      headers, sizeof headers,
      "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-%012d\r\n"
      "Lambda-Runtime-Deadline-Ms: 33290000000000\r\n"
      "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c8%08d;Parent=9a9197af755a6419;Sampled=0\r\n"
      "Lambda-Runtime-Invocation-Id: invocation-%d\r\n%s",
      events, events, events, is_last ? "Connection: close\r\n" : "");
  text(connection, "200 OK", headers, event);
  if (is_last) hang_up(connection);
}

static void take_answer(int connection, const char *head) {
  const char *end = strstr(head, " HTTP/1.1");
  if (end && end[-1] == 'e') responses++;
  else errors++;
  text(connection, "202 Accepted", "", "{\"status\":\"OK\"}\n");
  // An idle connection that is gone before the next call.
  if (events % 89 == 0) hang_up(connection);
}

static void send_image(int connection, const char *head) {
  if (strstr(head, "/no.jpg "))
    return text(connection, "404 Not Found", "Content-Type: application/xml\r\n",
                "<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>");
  image[0] = strstr(head, "/model-error.jpg ") ? 'X' : '\xFF';
  answer(connection, "200 OK", "ETag: \"e\"\r\n", image, 1000 + (events * 7919) % 100000);
}

static void reply(int connection, const char *body) {
  static char logits[8192];
  if (body[0] == 'X')
    return text(connection, "424 Failed Dependency",
                "x-amzn-ErrorType: ModelError\r\nContent-Type: application/json\r\n",
                "{\"Message\":\"broken\",\"OriginalStatusCode\":500,\"OriginalMessage\":\"no image\","
                "\"LogStreamArn\":\"arn\"}");
  size_t length = 0;
  for (int i = 0; i < 133; i++)
    length += sprintf(
        logits + length, "%s%d.%06d", i ? ",-" : "[[-", (i * events) % 17, (i * 7919 + events) % 1000000);
  sprintf(logits + length, "]]");
  text(connection, "200 OK",
       "Content-Type: application/json\r\nx-Amzn-Invoked-Production-Variant: AllTraffic\r\n", logits);
}

static void answer_request(enum role role, int connection, struct request request) {
  (void)role;
  if (strstr(request.head, "/invocation/next")) next(connection);
  else if (!strncmp(request.head, "POST /2018-06-01/", 17)) take_answer(connection, request.head);
  else if (!strncmp(request.head, "POST /endpoints/", 16)) reply(connection, request.body);
  else send_image(connection, request.head);
}

int main(int count, char **arguments) {
  wanted = count == 3 ? atoi(arguments[1]) : 0;
  if (wanted < 2000) return 2;
  clearenv();
  setenv("AWS_REGION", "us-east-1", 1);
  setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
  setenv("AWS_SESSION_TOKEN", "token", 1);
  setenv("ENDPOINT_NAME", "dog-breeds", 1);
  // One port for all, so that the number of connections does not depend on which service answers first.
  listen_as(RUNTIME);
  start_program(arguments + 2, "/dev/null", -1);
  serve(answer_request);
}
