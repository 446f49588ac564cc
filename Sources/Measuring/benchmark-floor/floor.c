// The floor: a Lambda runtime in C on libcurl that makes the transfers of the function, one after the other, and
// nothing else. No parsing, no signing: the object that it reads and its answer are fixed.
//
//   floor [--hash]
//
// --hash: it also takes the SHA-256 of the image, as signing needs it, and compares its CRC-32 with S3's.
// ANSWER_BYTES is the length of its answer. AWS_LAMBDA_RUNTIME_API, AWS_ENDPOINT_URL_S3 and
// AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME say where the services are.
#include "hashes.h"
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAXIMUM_BYTES = 8 << 20 };

static char *body, request_id[64], checksum[16];
static size_t body_bytes;

static size_t take_body(char *data, size_t size, size_t count, void *context) {
  (void)context;
  if (body_bytes + size * count > MAXIMUM_BYTES) return 0;
  memcpy(body + body_bytes, data, size * count);
  body_bytes += size * count;
  return size * count;
}

// Copies the value of the header when it has this name.
static void take_header(const char *line, size_t length, const char *name, char *value, size_t room) {
  size_t name_length = strlen(name);
  if (length < name_length + 2 || strncasecmp(line, name, name_length)) return;
  snprintf(value, room, "%.*s", (int)(length - name_length - 2), line + name_length);
}

static size_t take_headers(char *line, size_t size, size_t count, void *context) {
  (void)context;
  take_header(line, size * count, "Lambda-Runtime-Aws-Request-Id: ", request_id, sizeof request_id);
  take_header(line, size * count, "x-amz-checksum-crc32: ", checksum, sizeof checksum);
  return size * count;
}

static void transfer(CURL *curl, const char *url, const char *post, size_t post_bytes) {
  body_bytes = 0;
  curl_easy_setopt(curl, CURLOPT_URL, url);
  if (post) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post_bytes);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post);
  } else {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  }
  CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK) return;
  fprintf(stderr, "floor: %s: %s\n", url, curl_easy_strerror(code));
  exit(1);
}

int main(int count, char **arguments) {
  const char *runtime = getenv("AWS_LAMBDA_RUNTIME_API"), *s3 = getenv("AWS_ENDPOINT_URL_S3"),
             *endpoint = getenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"), *length = getenv("ANSWER_BYTES");
  int hashes = count > 1 && strcmp(arguments[1], "--hash") == 0;
  size_t answer_bytes = length ? strtoul(length, NULL, 10) : 2;
  CURL *curl = curl_easy_init();
  // libcurl would wait for the server's consent before it sends a megabyte.
  struct curl_slist *headers = curl_slist_append(curl_slist_append(NULL, "Expect:"), "Content-Type: image/jpeg");
  char url[3][256], *answer = malloc(answer_bytes), *image = malloc(MAXIMUM_BYTES);
  body = malloc(MAXIMUM_BYTES);
  if (!runtime || !s3 || !endpoint || !curl || !headers || !answer || !image || !body) return 2;
  memset(answer, ' ', answer_bytes);
  memcpy(answer, "{}", 2);
  snprintf(url[0], sizeof url[0], "http://%s/2018-06-01/runtime/invocation/next", runtime);
  snprintf(url[1], sizeof url[1], "%s/dog-photos/uploads/Sch%%C3%%A4ferhund%%200.jpg", s3);
  snprintf(url[2], sizeof url[2], "%s/endpoints/dog-breeds/invocations", endpoint);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_headers);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // As the function's.
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 65536L);
  curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, 262144L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  while (1) {
    char answer_url[256];
    transfer(curl, url[0], NULL, 0);
    transfer(curl, url[1], NULL, 0);
    size_t image_bytes = body_bytes;
    char *received = body;
    body = image; // the endpoint's reply goes elsewhere
    image = received;
    if (hashes && !hash_image(image, image_bytes, checksum)) return 1;
    transfer(curl, url[2], image, image_bytes);
    snprintf(answer_url, sizeof answer_url, "http://%s/2018-06-01/runtime/invocation/%s/response", runtime, request_id);
    transfer(curl, answer_url, answer, answer_bytes);
  }
}
