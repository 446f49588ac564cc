#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct cpng_reader {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t count, offset;
  cpng_header header;
  char *reason;
};

static void fail(png_structp png, png_const_charp message) {
  cpng_reader *reader = png_get_error_ptr(png);
  strncpy(reader->reason, message, 127);
  reader->reason[127] = 0;
  longjmp(png_jmpbuf(png), 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  cpng_reader *reader = png_get_io_ptr(png);
  if (count > reader->count - reader->offset) png_error(png, "the file is cut short");
  memcpy(target, reader->bytes + reader->offset, count);
  reader->offset += count;
}

// As Pillow reads PNG: 16 bits lose their lower 8, gamma is not applied, and a transparent color counts where Pillow
// compares it with the pixels as they are.
static void set_transformations(cpng_reader *reader) {
  png_structp png = reader->png;
  int depth = png_get_bit_depth(png, reader->info), color = png_get_color_type(png, reader->info);
  int has_key = png_get_valid(png, reader->info, PNG_INFO_tRNS) != 0;
  int has_alpha = (color & PNG_COLOR_MASK_ALPHA) != 0;
  if (depth == 16) png_set_strip_16(png);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (color == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (has_key && depth < 16) {
    png_set_tRNS_to_alpha(png);
    has_alpha = 1;
  }
  if (!(color & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
  reader->header.channels = has_alpha ? 4 : 3;
}

cpng_reader *cpng_open(const uint8_t *bytes, size_t count, cpng_header *header, char reason[128]) {
  cpng_reader *reader = calloc(1, sizeof *reader);
  strcpy(reason, "there is no memory");
  if (!reader) return NULL;
  *reader = (cpng_reader){.bytes = bytes, .count = count, .reason = reason};
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail, ignore);
  reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
  if (!reader->info || setjmp(png_jmpbuf(reader->png))) {
    cpng_close(reader);
    return NULL;
  }
  png_set_user_limits(reader->png, 0x7FFFFFFF, 0x7FFFFFFF);
  png_set_read_fn(reader->png, reader, read_bytes);
  png_read_info(reader->png, reader->info);
  reader->header.width = png_get_image_width(reader->png, reader->info);
  reader->header.height = png_get_image_height(reader->png, reader->info);
  set_transformations(reader);
  *header = reader->header;
  return reader;
}

int cpng_read(cpng_reader *reader, uint8_t *pixels, char reason[128]) {
  reader->reason = reason;
  if (setjmp(png_jmpbuf(reader->png))) return 0;
  int passes = png_set_interlace_handling(reader->png);
  png_read_update_info(reader->png, reader->info);
  size_t row_bytes = (size_t)reader->header.width * (size_t)reader->header.channels;
  if (png_get_rowbytes(reader->png, reader->info) != row_bytes) png_error(reader->png, "its rows have another size");
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t row = 0; row < reader->header.height; row++)
      png_read_row(reader->png, pixels + row * row_bytes, NULL);
  return 1;
}

void cpng_close(cpng_reader *reader) {
  if (reader->png) png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}
