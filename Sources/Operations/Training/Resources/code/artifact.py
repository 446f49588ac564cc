"""The model's folder, which SageMaker packs as model.tar.gz: written by train.py, read by inference.py.

    model.pth     the state dict, float32
    model.json    architecture and preprocessing
    labels.txt    a class a line, in the order of the logits; the function's CLASS_LABELS
    code/         inference.py and what it imports
"""

import dataclasses
import gzip
import io
import json
import pathlib
import shutil
import tarfile

import torch

import networks
import preprocessing

SERVING_CODE = ("inference.py", "artifact.py", "networks.py", "efficientnet_lite0.py", "preprocessing.py")
FORMAT = 1


def save(folder, network, architecture, classes):
    """The same network gives the same bytes."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.detach().cpu().float().contiguous() if tensor.is_floating_point() else tensor.cpu() for name, tensor in network.state_dict().items()}
    buffer = io.BytesIO()
    torch.save(state, buffer)
    (folder / "model.pth").write_bytes(buffer.getvalue())
    description = {"format": FORMAT, "architecture": architecture, "preprocessing": dataclasses.asdict(networks.preprocessing_of(architecture))}
    (folder / "model.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    (folder / "labels.txt").write_text("".join(name + "\n" for name in classes), encoding="utf-8")
    (folder / "code").mkdir(exist_ok=True)
    for name in SERVING_CODE:
        shutil.copyfile(pathlib.Path(__file__).parent / name, folder / "code" / name)


def load(folder, device):
    """(network in evaluation mode, its Preprocessing, the classes)."""
    folder = pathlib.Path(folder)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    if description.get("format") != FORMAT:
        raise RuntimeError(f"model.json has format {description.get('format')}, this code reads {FORMAT}")
    classes = (folder / "labels.txt").read_text(encoding="utf-8").splitlines()
    network = networks.build(description["architecture"], len(classes))
    network.load_state_dict(torch.load(folder / "model.pth", map_location="cpu", weights_only=True))
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in description["preprocessing"].items()}
    return network.to(device).eval(), preprocessing.Preprocessing(**values), classes


def pack(folder, archive):
    """model.tar.gz in SageMaker's layout, without a folder at the top; the same folder produces the same bytes."""
    folder, archive = pathlib.Path(folder), pathlib.Path(archive)
    archive.parent.mkdir(parents=True, exist_ok=True)
    with open(archive, "wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as stream, tarfile.open(fileobj=stream, mode="w") as tar:
        for path in sorted(folder.rglob("*")):
            entry = tar.gettarinfo(path, path.relative_to(folder).as_posix())
            entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
            entry.mode = 0o755 if path.is_dir() else 0o644
            if path.is_dir():
                tar.addfile(entry)
            else:
                with open(path, "rb") as content:
                    tar.addfile(entry, content)
