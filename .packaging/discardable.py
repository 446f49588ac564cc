"""Copies a static library of Swift so that the linker can leave out what the function does not use.

  discardable.py LIBRARY.a COPY.a

The library's public functions have the flag SHF_GNU_RETAIN, with which --gc-sections keeps them all: a tenth of the zip,
and 79 functions of glibc to resolve at each start. The copy has it only on metadata, which the runtime finds by the name of
its section.

Two initializers prepare what the function does not use: CommandLine's reads /proc/self/maps for the arguments, and
Backtrace's looks for the program that prints a backtrace, which the zip does not have. The copy excludes them.
"""

import pathlib
import struct
import sys

SHF_GNU_RETAIN, SHF_EXCLUDE = 1 << 21, 1 << 31
FUNCTIONS, INITIALIZERS = b".text.", b".init_array"
WITHOUT_INITIALIZERS = ("CommandLine.cpp.o", "Backtrace.cpp.o")
# Of a 64-bit file header: offset of the section headers, their size, number, and that of the names. Of a section
# header: name, type, flags, address, offset.
FILE_HEADER, SECTION_HEADER = struct.Struct("<40xQ10xHHH"), struct.Struct("<IIQQQ")
# Where sections are too many for 16 bits, their number is the size of the first, and that of the names its link.
FIRST_SECTION = struct.Struct("<32xQI")


def members(library: bytearray):
    """The name and the start of each file in an archive; long names are in a file of their own."""
    if library[:8] != b"!<arch>\n":
        sys.exit("discardable.py: this is not a static library")
    start, long_names = 8, b""
    while start < len(library):
        size, name = int(library[start + 48:start + 58]), bytes(library[start:start + 16]).rstrip()
        if name == b"//":
            long_names = bytes(library[start + 60:start + 60 + size])
        elif name[1:].isdigit():
            name = long_names[int(name[1:]):].split(b"/", 1)[0]
        yield name.rstrip(b"/").decode(), start + 60
        start += 60 + size + size % 2


def relax(library: bytearray, member: str, file: int) -> int:
    """Changes the flags of an object file's sections; returns the number of functions that may be left out."""
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
            flags &= ~SHF_GNU_RETAIN
            released += 1
        if member in WITHOUT_INITIALIZERS and library.startswith(INITIALIZERS, file + texts + name):
            flags |= SHF_EXCLUDE
        SECTION_HEADER.pack_into(library, header, name, kind, flags, address, offset)
    return released


def main() -> None:
    source, copy = map(pathlib.Path, sys.argv[1:])
    library = bytearray(source.read_bytes())
    if not sum(relax(library, member, file) for member, file in members(library)):
        sys.exit(f"discardable.py: no function of {source} is retained; link this Swift's libraries as they are")
    copy.write_bytes(library)


main()
