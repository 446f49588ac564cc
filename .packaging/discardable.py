"""Copies a static library of Swift so that the linker can leave out functions that nothing calls.

  discardable.py LIBRARY.a COPY.a

The library's public functions have the flag SHF_GNU_RETAIN, with which --gc-sections keeps them all: a tenth of the zip,
and 79 functions of glibc to resolve at each start. The copy has it only on metadata, which the runtime finds by the name of
its section.
"""

import pathlib
import struct
import sys

SHF_GNU_RETAIN = 1 << 21
FUNCTIONS = b".text."
# Of a 64-bit file header: offset of the section headers, their size, number, and that of the names. Of a section header:
# name, type, flags, address, offset.
FILE_HEADER, SECTION_HEADER = struct.Struct("<40xQ10xHHH"), struct.Struct("<IIQQQ")
# Where sections are too many for 16 bits, their number is the size of the first, and that of the names its link.
FIRST_SECTION = struct.Struct("<32xQI")


def members(library: bytearray):
    """The start of each file in an archive."""
    if library[:8] != b"!<arch>\n":
        sys.exit("discardable.py: this is not a static library")
    start = 8
    while start < len(library):
        size = int(library[start + 48:start + 58])
        yield start + 60
        start += 60 + size + size % 2


def release(library: bytearray, file: int) -> int:
    """Takes the flag from the functions of an object file; returns their number."""
    if library[file:file + 5] != b"\x7fELF\x02":
        return 0
    headers, size, count, names = FILE_HEADER.unpack_from(library, file)
    many, link = FIRST_SECTION.unpack_from(library, file + headers)
    count, names = count or many, link if names == 0xFFFF else names
    *_, texts = SECTION_HEADER.unpack_from(library, file + headers + names * size)
    released = 0
    for header in range(file + headers, file + headers + count * size, size):
        name, kind, flags, address, offset = SECTION_HEADER.unpack_from(library, header)
        if flags & SHF_GNU_RETAIN and library.startswith(FUNCTIONS, file + texts + name):
            SECTION_HEADER.pack_into(library, header, name, kind, flags & ~SHF_GNU_RETAIN, address, offset)
            released += 1
    return released


def main() -> None:
    source, copy = map(pathlib.Path, sys.argv[1:])
    library = bytearray(source.read_bytes())
    if not sum(release(library, file) for file in members(library)):
        sys.exit(f"discardable.py: no function of {source} is retained; link this Swift's libraries as they are")
    copy.write_bytes(library)


main()
