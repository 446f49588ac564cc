// A message of HTTP/1.1 with a length.
#define _GNU_SOURCE
#include <meter.h>
#include <stdlib.h>
#include <string.h>

size_t message_bytes(char *bytes, size_t count, size_t *head_bytes) {
  char *end = memmem(bytes, count, "\r\n\r\n", 4);
  if (!end) return 0;
  *end = 0;
  char *field = strcasestr(bytes, "\r\ncontent-length:");
  *end = '\r';
  *head_bytes = end + 4 - bytes;
  return *head_bytes + (field ? strtoul(field + 17, NULL, 10) : 0);
}
