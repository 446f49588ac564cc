// What the image's checksums take; shared by the floor and the limit.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// Takes the SHA-256 of the image, as signing needs it, and compares its CRC-32 with S3's, in base64. False when the
// bytes are not those that S3 has.
bool hash_image(const char *image, size_t bytes, const char *checksum);
