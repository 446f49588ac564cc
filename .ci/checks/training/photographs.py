"""The 140 photographs in 5 classes of Debian's gcompris-qt-data, as a person would have them: JPEG files in folders of classes.

    photographs.py gcompris-qt-data.deb FOLDER

In the package they are WebP files inside usr/share/gcompris-qt/rcc/categorization.rcc, each with author, source and a free
license in a README beside it (public domain, CC0 and Creative Commons BY and BY-SA). FOLDER is left alone when it is complete.
"""

import pathlib
import subprocess
import sys
import tempfile

from PIL import Image

import qt_resources

COLLECTION = "usr/share/gcompris-qt/rcc/categorization.rcc"
IMAGES = "gcompris/src/activities/categorization/resource/images"
COUNTS = {"fishes": 28, "monuments": 27, "others": 17, "renewable": 29, "tools": 39}


def complete(folder):
    return all(len(list((folder / name).glob("*.jpg"))) == count for name, count in COUNTS.items())


def main():
    package, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    if complete(folder):
        return
    with tempfile.TemporaryDirectory() as temporary:
        unpacked = pathlib.Path(temporary)
        subprocess.run(["dpkg", "-x", package, unpacked], check=True)
        qt_resources.extract(qt_resources.Collection((unpacked / COLLECTION).read_bytes()), IMAGES, unpacked)
        for name in COUNTS:
            (folder / name).mkdir(parents=True, exist_ok=True)
            for path in (unpacked / IMAGES / name).glob("*.webp"):
                Image.open(path).convert("RGB").save(folder / name / f"{path.stem}.jpg", quality=92)
    if not complete(folder):
        sys.exit(f"{package.name} does not hold the photographs that this check knows: {COUNTS}")


if __name__ == "__main__":
    main()
