// libpng's reader without setjmp: libpng reports errors by longjmp, which must not cross Swift frames.
#ifndef CPNG_H
#define CPNG_H
#include <stddef.h>
#include <stdint.h>

typedef struct cpng_reader cpng_reader;

// What the header says.
typedef struct {
  uint32_t width, height;
  // Of the pixels that cpng_read writes: 3 for red, green, blue; 4 with alpha.
  int channels;
} cpng_header;

// Reads everything up to the pixels. The bytes must stay valid until cpng_close. NULL when that fails; `reason` then
// says why.
cpng_reader *cpng_open(const uint8_t *bytes, size_t count, cpng_header *header, char reason[128]);

// Writes width × height × channels bytes. 0 when that fails, also for a file that is cut short.
int cpng_read(cpng_reader *reader, uint8_t *pixels, char reason[128]);

void cpng_close(cpng_reader *reader);
#endif
