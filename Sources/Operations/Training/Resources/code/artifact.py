"""The model's folder, which SageMaker packs as model.tar.gz: written by train.py, read by inference.py.

    model.pth     the state dict, float32
    model.json    architecture, preprocessing, and the temperature of the logits
    labels.txt    a class a line, in the order of the logits; the function's CLASS_LABELS
    code/         inference.py and what it imports
"""

import dataclasses
import gzip
import io
import json
import pathlib
import tarfile

import torch

import files
import networks
import preprocessing

SERVING_CODE = ("inference.py", "artifact.py", "networks.py", "efficientnet_lite0.py", "preprocessing.py", "files.py")
FORMAT = 1


def save(folder, network, architecture, classes, temperature=1.0):
    """The same network gives the same bytes. After an error the folder is as it was."""
    folder = pathlib.Path(folder)
    state = {name: tensor.detach().cpu().float().contiguous() if tensor.is_floating_point() else tensor.cpu() for name, tensor in network.state_dict().items()}
    weights = io.BytesIO()
    torch.save(state, weights)
    description = {
        "format": FORMAT, "architecture": architecture, "preprocessing": dataclasses.asdict(networks.preprocessing_of(architecture)),
        "temperature": temperature,
    }
    code = pathlib.Path(__file__).parent
    files.write({
        **{folder / "code" / name: (code / name).read_bytes() for name in SERVING_CODE},
        folder / "labels.txt": "".join(name + "\n" for name in classes).encode(),
        folder / "model.json": json.dumps(description, indent=1).encode() + b"\n",
        folder / "model.pth": weights.getbuffer(),
    })


def load(folder, device):
    """(network in evaluation mode, its Preprocessing, the classes, the temperature)."""
    folder = pathlib.Path(folder)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    if description.get("format") != FORMAT:
        raise RuntimeError(f"model.json has format {description.get('format')}, this code reads {FORMAT}")
    classes = (folder / "labels.txt").read_text(encoding="utf-8").splitlines()
    network = networks.build(description["architecture"], len(classes))
    network.load_state_dict(torch.load(folder / "model.pth", map_location="cpu", weights_only=True))
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in description["preprocessing"].items()}
    # Models of before have none.
    return network.to(device).eval(), preprocessing.Preprocessing(**values), classes, float(description.get("temperature", 1.0))


def pack(folder, archive):
    """model.tar.gz in SageMaker's layout, without a folder at the top; the same folder produces the same bytes."""
    folder, archive = pathlib.Path(folder), pathlib.Path(archive)

    def content(file):
        with gzip.GzipFile("", "wb", 6, file, mtime=0) as stream, tarfile.open(fileobj=stream, mode="w") as tar:
            for path in sorted(folder.rglob("*")):
                _add(tar, path, path.relative_to(folder).as_posix())

    files.write({archive: content})


def _add(tar, path, name):
    entry = tar.gettarinfo(path, name)
    entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
    entry.mode = 0o755 if path.is_dir() else 0o644
    if path.is_dir():
        tar.addfile(entry)
    else:
        with open(path, "rb") as content:
            tar.addfile(entry, content)
