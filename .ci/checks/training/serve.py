"""Serves a model.tar.gz with the code that `local-invoke --model` starts, or damages one.

    serve.py model.tar.gz FOLDER PORT OTHER OTHER OTHER      (five addresses need four ports)
    serve.py --damage model.tar.gz DAMAGED.tar.gz            the same archive with another network's architecture in model.json
"""

import io
import pathlib
import runpy
import sys
import tarfile

SERVE = pathlib.Path(__file__).parents[3] / "Sources/Local/local-invoke/Model/serve_model.py"


def damage(archive, damaged):
    with tarfile.open(archive) as old, tarfile.open(damaged, "w:gz") as new:
        for entry in old:
            data = old.extractfile(entry).read() if entry.isfile() else b""
            if entry.name == "model.json":
                data = data.replace(b"efficientnet_lite0", b"resnet18")
                entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))


if __name__ == "__main__":
    if sys.argv[1] == "--damage":
        damage(*sys.argv[2:])
    else:
        runpy.run_path(str(SERVE), run_name="__main__")
