"""Takes files out of Qt's binary resource collections (.rcc), as `rcc --binary` writes them.

    qt_resources.py COLLECTION.rcc                   lists its files, with their sizes as stored
    qt_resources.py COLLECTION.rcc PREFIX FOLDER     writes every file whose path begins with PREFIX below FOLDER

The format (qtbase, src/tools/rcc/rcc.cpp and src/corelib/io/qresource.cpp), all numbers big-endian: "qres", a version of
1 to 3, the offsets of the tree, the data and the names, and from version 3 on flags. A node of the tree is 14 bytes, from
version 2 on followed by 8 of a modification time. A file's data is its length and its bytes; when compressed with
zlib the length of the original stands before the stream, with zstd nothing does.
"""

import pathlib
import struct
import sys
import zlib

COMPRESSED_ZLIB, DIRECTORY, COMPRESSED_ZSTD = 1, 2, 4
MAXIMUM_FILE_BYTES = 64 << 20


class Collection:
    """A collection in memory; `files` yields its paths in the order of the tree."""

    def __init__(self, data):
        if data[:4] != b"qres":
            raise ValueError("this is not a Qt resource collection: it does not begin with qres")
        self.data = data
        self.version, self.tree, self.payload, self.names = struct.unpack_from(">4I", data, 4)
        if self.version not in (1, 2, 3):
            raise ValueError(f"version {self.version} of the format is not known")
        self.node_bytes = 14 if self.version == 1 else 22

    def files(self, node=0, parent=""):
        """(path, flags, offset of the data) of every file below a node; the root has no name."""
        position = self.tree + node * self.node_bytes
        name_offset, flags, first, second = struct.unpack_from(">IHII", self.data, position)
        path = parent if node == 0 else f"{parent}/{self.name(name_offset)}".lstrip("/")
        if not flags & DIRECTORY:
            yield path, flags, second  # `first` is country and language
            return
        count, first_child = first, second
        for child in range(first_child, first_child + count):
            if child <= node:
                raise ValueError(f"the tree is not one: node {node} has node {child} below it")
            yield from self.files(child, path)

    def name(self, offset):
        start = self.names + offset
        (length,) = struct.unpack_from(">H", self.data, start)
        return self.data[start + 6 : start + 6 + 2 * length].decode("utf-16-be")

    def stored(self, offset):
        start = self.payload + offset
        (length,) = struct.unpack_from(">I", self.data, start)
        return self.data[start + 4 : start + 4 + length]

    def read(self, flags, offset):
        """A file's bytes as they were before rcc compressed them."""
        stored = self.stored(offset)
        if flags & COMPRESSED_ZLIB:
            stream = zlib.decompressobj()
            content = stream.decompress(stored[4:], MAXIMUM_FILE_BYTES)
            if len(content) != int.from_bytes(stored[:4], "big"):
                raise ValueError("a file's length is not the one it was stored with")
            return content
        if flags & COMPRESSED_ZSTD:
            import zstandard  # only Python 3.14 has it in its library

            return zstandard.ZstdDecompressor().decompress(stored, max_output_size=MAXIMUM_FILE_BYTES)
        return stored


def extract(collection, prefix, folder):
    """Writes the files whose path begins with a prefix and returns how many."""
    count = 0
    for path, flags, offset in collection.files():
        if path.startswith(prefix):
            target = folder / path
            if folder.resolve() not in target.resolve().parents:
                raise ValueError(f"{path} would lie outside of {folder}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(collection.read(flags, offset))
            count += 1
    return count


def main():
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    collection = Collection(pathlib.Path(sys.argv[1]).read_bytes())
    if len(sys.argv) == 2:
        for path, flags, offset in collection.files():
            print(f"{len(collection.stored(offset)):9} {path}")
    else:
        print(f"{extract(collection, sys.argv[2], pathlib.Path(sys.argv[3]))} files")


if __name__ == "__main__":
    main()
