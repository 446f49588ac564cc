// What the three services say.
#define _GNU_SOURCE
#include "mock.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <zlib.h>

enum { CLASSES = 133, RECORD_BYTES = 1024 };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static char *image, *event, reply[CLASSES * 24], image_head[512], reply_head[512];
static size_t event_bytes;
static const char accepted[] = "{\"status\":\"OK\"}\n";
static char accepted_head[128];

// As S3 writes them, with all members (events/s3.json).
static void make_event(void) {
  event = calloc(plan.records + 1, RECORD_BYTES);
  char *end = stpcpy(event, "{\"Records\":[");
  for (int i = 0; i < plan.records; i++)
    end += sprintf(
        end,
        "%s{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"us-east-1\",\"eventTime\":"
        "\"2025-11-22T10:15:30.123Z\",\"eventName\":\"%s\",\"userIdentity\":{\"principalId\":"
        "\"AWS:AIDACKCEVSQ6C2EXAMPLE\"},\"requestParameters\":{\"sourceIPAddress\":\"203.0.113.17\"},"
        "\"responseElements\":{\"x-amz-request-id\":\"C3D13FE58DE4C810\",\"x-amz-id-2\":"
        "\"EXAMPLE123/5678abcdefghijklambdaisawesome/mnopqrstuvwxyzABCDEFGH\"},\"s3\":{\"s3SchemaVersion\":\"1.0\","
        "\"configurationId\":\"classify-uploads\",\"bucket\":{\"name\":\"dog-photos\",\"ownerIdentity\":"
        "{\"principalId\":\"A3NL1KOZZKEXAMPLE\"},\"arn\":\"arn:aws:s3:::dog-photos\"},\"object\":{\"key\":"
        "\"uploads/Sch%%C3%%A4ferhund+%d.jpg\",\"size\":%zu,\"eTag\":\"5818a2665423452f12f76c7b4ed076b7\","
        "\"sequencer\":\"0065F1A2B3C4D5E6%02d\"}}}",
        i ? "," : "", plan.skipped ? "ObjectRemoved:Delete" : "ObjectCreated:Put", i, plan.image_bytes, i);
  event_bytes = stpcpy(end, "]}") - event;
}

static char *base64(char *end, const char *text) {
  size_t count = strlen(text);
  for (size_t i = 0; i < count; i += 3) {
    unsigned bits = (unsigned char)text[i] << 16;
    if (i + 1 < count) bits |= (unsigned char)text[i + 1] << 8;
    if (i + 2 < count) bits |= (unsigned char)text[i + 2];
    for (size_t place = 0; place < 4; place++)
      *end++ = place <= count - i ? digits[bits >> (18 - 6 * place) & 63] : '=';
  }
  return end;
}

// SNS's event with SageMaker's message, the reply in it (events/async-completed.json).
static void make_result_event(void) {
  static const char object[] = "[1,\"dog-photos\",\"uploads/Sch\xc3\xa4" "ferhund 0.jpg\",null,\"0065F1A2B3C4D5E600\","
                               "\"5818a2665423452f12f76c7b4ed076b7\"]";
  event = calloc(3, sizeof reply);
  char *end = stpcpy(
      event, "{\"Records\":[{\"EventSource\":\"aws:sns\",\"EventVersion\":\"1.0\",\"Sns\":{\"Type\":\"Notification\","
             "\"MessageId\":\"a170b338-3926-4059-b28c-105d1fb17c23\",\"TopicArn\":"
             "\"arn:aws:sns:us-east-1:111122223333:dog-breeds-success\",\"Message\":\"{\\\"awsRegion\\\":\\\"us-east-1\\\","
             "\\\"invocationStatus\\\":\\\"Completed\\\",\\\"requestParameters\\\":{\\\"endpointName\\\":"
             "\\\"dog-breeds\\\",\\\"inputLocation\\\":\\\"s3://dog-photos/uploads/Sch\xc3\xa4" "ferhund 0.jpg\\\"},"
             "\\\"responseParameters\\\":{\\\"contentType\\\":\\\"application/json\\\",\\\"outputLocation\\\":"
             "\\\"s3://dog-photo-outputs/replies/");
  // The function's alphabet differs for two of the digits, which this text does not have.
  end = base64(end, object);
  while (end[-1] == '=') end--;
  end = stpcpy(end, "/6b2a6bd2-0b4e-4d1d-9d0e-4f4d0c6f3a11.out\\\"},\\\"responseBody\\\":{\\\"content\\\":\\\"");
  end = base64(end, reply);
  end = stpcpy(end, "\\\",\\\"message\\\":\\\"OK\\\",\\\"encoding\\\":\\\"BASE64\\\"},\\\"inferenceId\\\":"
                    "\\\"0065F1A2B3C4D5E600-0123456789abcdef01234567\\\",\\\"eventVersion\\\":\\\"1.0\\\","
                    "\\\"eventSource\\\":\\\"aws:sagemaker\\\",\\\"eventName\\\":\\\"InferenceResult\\\"}\"}}]}");
  event_bytes = end - event;
}

// The first bytes of the image, which are all that an asynchronous invocation reads.
static size_t first_bytes(const char *request) {
  const char *range = strcasestr(request, "\r\nRange: bytes=0-");
  if (!range) fail("the whole image was asked for");
  return strtoul(range + strlen("\r\nRange: bytes=0-"), NULL, 10) + 1;
}

static void send_start(int connection, size_t count) {
  char head[512];
  snprintf(head, sizeof head,
           "HTTP/1.1 206 Partial Content\r\nx-amz-request-id: 4442587FB7D0A2F9\r\n"
           "ETag: \"5818a2665423452f12f76c7b4ed076b7\"\r\nAccept-Ranges: bytes\r\n"
           "Content-Range: bytes 0-%zu/%zu\r\nContent-Type: image/jpeg\r\nContent-Length: %zu\r\n\r\n",
           count - 1, plan.image_bytes, count);
  send_answer(connection, head, image, count);
}

static void make_image(void) {
  unsigned state = 20251122;
  image = malloc(plan.image_bytes);
  if (!image) fail("out of memory");
  for (size_t i = 0; i < plan.image_bytes; i++) {
    state = state * 1664525 + 1013904223;
    image[i] = state >> 24;
  }
  memcpy(image, "\xff\xd8\xff", 3); // a JPEG by its first bytes
  unsigned long value = crc32_z(0, (unsigned char *)image, plan.image_bytes);
  snprintf(image_head, sizeof image_head,
           "HTTP/1.1 200 OK\r\nx-amz-id-2: EXAMPLE123/5678abcdefghijklambdaisawesome/mnopqrstuvwxyzABCDEFGH\r\n"
           "x-amz-request-id: 4442587FB7D0A2F9\r\nDate: Sat, 22 Nov 2025 10:15:30 GMT\r\n"
           "Last-Modified: Sat, 22 Nov 2025 10:15:30 GMT\r\nETag: \"5818a2665423452f12f76c7b4ed076b7\"\r\n"
           "x-amz-checksum-crc32: %c%c%c%c%c%c==\r\nx-amz-checksum-type: FULL_OBJECT\r\nAccept-Ranges: bytes\r\n"
           "Content-Type: image/jpeg\r\nServer: AmazonS3\r\nContent-Length: %zu\r\n\r\n",
           digits[value >> 26 & 63], digits[value >> 20 & 63], digits[value >> 14 & 63], digits[value >> 8 & 63],
           digits[value >> 2 & 63], digits[(value & 3) << 4], plan.image_bytes);
}

void prepare_answers(void) {
  make_image();
  // Logits as PyTorch prints them: 17 digits at most, no two alike.
  char *end = stpcpy(reply, "[[");
  for (int i = 0; i < CLASSES; i++)
    end += sprintf(end, "%s%.16g", i ? ", " : "", i * 7919 % 1009 * 0.0123456789012345 - 4);
  strcpy(end, "]]");
  if (plan.call == RESULT) make_result_event();
  else make_event();
  snprintf(reply_head, sizeof reply_head,
           "HTTP/1.1 200 OK\r\nx-amzn-RequestId: 3e1f5a2b-7d6c-4b8a-9f0e-1a2b3c4d5e6f\r\n"
           "x-Amzn-Invoked-Production-Variant: AllTraffic\r\nDate: Sat, 22 Nov 2025 10:15:30 GMT\r\n"
           "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n", strlen(reply));
  if (plan.call == SUBMISSION) {
    strcpy(reply, "{\"InferenceId\":\"0065F1A2B3C4D5E600-0123456789abcdef01234567\"}");
    snprintf(reply_head, sizeof reply_head,
             "HTTP/1.1 202 Accepted\r\nx-amzn-RequestId: 3e1f5a2b-7d6c-4b8a-9f0e-1a2b3c4d5e6f\r\n"
             "X-Amzn-SageMaker-OutputLocation: s3://dog-photo-outputs/replies/6b2a6bd2-0b4e-4d1d-9d0e-4f4d0c6f3a11.out\r\n"
             "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n", strlen(reply));
  }
  snprintf(accepted_head, sizeof accepted_head,
           "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
           strlen(accepted));
}

// The first of its kind is kept, so that somebody else can judge it.
static void keep(const char *name, const char *bytes, size_t count) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", plan.folder ? plan.folder : "", name);
  FILE *file = plan.folder ? fopen(path, "wxe") : NULL;
  if (!file) return;
  fwrite(bytes, 1, count, file);
  fclose(file);
}

static void hand_out(int connection) {
  char head[1024];
  event_asked();
  int number = events++;
  snprintf(head, sizeof head,
           "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
           "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-%012d\r\n"
           "Lambda-Runtime-Deadline-Ms: %lld\r\n"
           "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:classify\r\n"
           "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c8%08d;Parent=9a9197af755a6419;Sampled=0\r\n"
           "Lambda-Runtime-Invocation-Id: invocation-%d\r\nContent-Length: %zu\r\n\r\n",
           number, (long long)time(NULL) * 1000 + 60000, number, number, event_bytes);
  send_answer(connection, head, event, event_bytes);
}

static void take_answer(int connection, struct request request) {
  if (strncmp(request.head, "POST ", 5) || !strstr(request.head, "/response HTTP"))
    fail("%.*s %.*s", (int)strcspn(request.head, "\r"), request.head,
         request.body_bytes < 500 ? (int)request.body_bytes : 500, request.body);
  if (events == 1) keep("answer", request.body, request.body_bytes);
  answer_came(request.body, request.body_bytes);
  send_answer(connection, accepted_head, accepted, strlen(accepted));
}

static void reply_to(int connection) { send_answer(connection, reply_head, reply, strlen(reply)); }

static void take_image(int connection, struct request request) {
  // The function opens its connection with this request, over HTTPS only.
  if (!strncmp(request.head, "GET /ping ", 10))
    return send_answer(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", 0);
  if (events == 1) keep("endpoint", request.head, strlen(request.head));
  if (plan.call == RESULT) fail("the endpoint was called");
  if (plan.call == SUBMISSION) {
    if (strncmp(request.head, "POST /endpoints/dog-breeds/async-invocations ", 45) || request.body_bytes)
      fail("not a submission: %.*s", (int)strcspn(request.head, "\r"), request.head);
    return reply_to(connection);
  }
  if (request.body_bytes != plan.image_bytes || memcmp(request.body, image, plan.image_bytes))
    fail("the endpoint got %zu bytes that are not the image", request.body_bytes);
  if (plan.delay_milliseconds > 0) answer_later(connection, plan.delay_milliseconds, reply_to);
  else reply_to(connection);
}

void answer_request(enum role role, int connection, struct request request) {
  switch (role) {
  case RUNTIME:
    if (!strncmp(request.head, "GET ", 4)) hand_out(connection);
    else take_answer(connection, request);
    break;
  case S3:
    if (events == 1) keep("s3", request.head, strlen(request.head));
    if (strncmp(request.head, "GET /dog-photos/uploads/Sch%C3%A4ferhund%20", 43))
      fail("S3 was asked for something else: %.*s", (int)strcspn(request.head, "\r"), request.head);
    if (plan.call == REALTIME) send_answer(connection, image_head, image, plan.image_bytes);
    else send_start(connection, first_bytes(request.head));
    break;
  default: take_image(connection, request);
  }
}
