// The functions without a provider, which a provider's would only be called through.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "hashes.h"
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>
#include <zlib.h>

bool hash_image(const char *image, size_t bytes, const char *checksum) {
  unsigned char digest[SHA256_DIGEST_LENGTH], expected[12];
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, image, bytes);
  SHA256_Final(digest, &context);
  if (strlen(checksum) != 8 || EVP_DecodeBlock(expected, (const unsigned char *)checksum, 8) < 4) return false;
  unsigned long value = crc32_z(0, (const unsigned char *)image, bytes);
  return value == ((unsigned long)expected[0] << 24 | expected[1] << 16 | expected[2] << 8 | expected[3]);
}
