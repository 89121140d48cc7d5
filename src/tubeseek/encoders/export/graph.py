"""Records the graph of a model with autograd: its operations, its parameters and which are trained.

torchviz follows the operations back from the two vectors. The model has few blocks and random
weights, because all blocks look alike.
"""

import math
import re
import warnings
from typing import Any, TypeAlias

import torch
from torch import Tensor

from tubeseek.core.errors import SharingError
from tubeseek.core.installation import install_command
from tubeseek.encoders.export.architecture import (
    SENTENCE_DIM,
    STARTER_DIM,
    Architecture,
    architecture_of,
)
from tubeseek.encoders.export.subject import Subject
from tubeseek.encoders.starter.efficientnet_lite import LITE2

LEARNED, INPUT = "orange", "khaki"  # torchviz paints parameters light blue, results green
TEXT_TOKENS = 3


def not_installed() -> str:
    """Return the message for when packages that draw are missing."""
    return f"drawing needs packages that are missing: {install_command('graph')}"


Tensors: TypeAlias = dict[str, Tensor]  # by what the graph calls them
# torchviz names nodes by their address in memory; other long numbers are sizes.
_NODE = re.compile(r"(?<=^\t)\d+|(?<=-> )\d+", re.MULTILINE)


def graph_source(subject: Subject, layers: int | None) -> str:
    """Return the graph in Graphviz's language; the same model gives the same text.

    Args:
        subject: The encoder, with its adapter or with the LoRA that `tubeseek train` would add.
        layers: Blocks of each tower that are drawn; None: all.

    Raises:
        SharingError: torchviz is not installed.
        ModelUnavailableError: The model cannot be read or downloaded.
    """
    architecture = architecture_of(subject, layers)
    inputs, outputs = (
        _run_starter(architecture) if subject.is_starter else _run_dual(architecture, subject.sees)
    )
    graph = _draw(architecture, inputs, outputs)
    is_short = layers is not None and layers < architecture.blocks
    blocks = f"\\n{layers} of {architecture.blocks} blocks a tower" if is_short else ""
    graph.attr(
        label=f"{subject.public_base()}{blocks}\\norange: trained, light blue: frozen, "
        f"khaki: input, green: output",
        labelloc="t",
        labeljust="l",
        fontname="Helvetica",
    )
    graph.node_attr["fontname"] = "Courier"  # whose widths Graphviz knows without the font
    return tidy(str(graph.source))


def tidy(source: str) -> str:
    """Remove nodes and names that only autograd needs, and addresses in memory.

    Autograd puts a node that accumulates gradients between a parameter and its use, and names
    operations after their derivatives ("MmBackward0").
    """
    adders = set(re.findall(r"(\d+) \[label=AccumulateGrad\]", source))
    fed = {
        adder: feeder for feeder, adder in re.findall(r"(\d+) -> (\d+)", source) if adder in adders
    }
    kept = [
        line
        for line in source.splitlines()
        if not re.match(rf"\t({'|'.join(adders)}) \[|\t\d+ -> ({'|'.join(adders)})$", line)
    ]
    text = _NODE.sub(lambda node: fed.get(node[0], node[0]), "\n".join(kept))
    order: dict[str, str] = {}
    text = _NODE.sub(lambda node: order.setdefault(node[0], f"n{len(order)}"), text)
    return re.sub(r"Backward\d+", "", text) + "\n"


def _draw(architecture: Architecture, inputs: dict[str, Tensor], outputs: dict[str, Tensor]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # torchviz uses a deprecated comparison of versions
        try:
            from torchviz import make_dot  # type: ignore[import-untyped]
        except ImportError as error:
            raise SharingError(not_installed()) from error
        parameters = dict(architecture.model.named_parameters())
        drawn = make_dot(tuple(outputs.values()), params={**parameters, **inputs, **outputs})
    colours = dict.fromkeys(architecture.learned, LEARNED) | dict.fromkeys(inputs, INPUT)
    source = str(drawn.source)
    for name, tensor in {**parameters, **inputs}.items():
        if name in colours and f"\t{id(tensor)} " in source:
            drawn.node(str(id(tensor)), fillcolor=colours[name])
    return drawn


def _run_dual(architecture: Architecture, sees: str) -> tuple[Tensors, Tensors]:
    """Run a model of transformers, and return its inputs and outputs."""
    for parameter in architecture.model.parameters():
        parameter.requires_grad = True  # or autograd would not record frozen parameters
    pictures = _blank(architecture.model.config.vision_config, sees)
    tokens = torch.ones((1, TEXT_TOKENS), dtype=torch.long)
    text_vector = architecture.model.get_text_features(input_ids=tokens).pooler_output
    picture_vector = getattr(architecture.model, f"get_{sees}_features")(**pictures).pooler_output
    return {"pixels": pictures["pixel_values"]}, {
        "text vector": text_vector,
        "picture vector": picture_vector,
    }


def _blank(vision: Any, sees: str) -> Tensors:
    """Return a black picture or clip as input of a tower."""
    if not hasattr(
        vision, "image_size"
    ):  # SigLIP 2 for pictures of any shape takes a row of patches
        side = math.isqrt(vision.num_patches)
        patch = vision.num_channels * vision.patch_size**2
        return {
            "pixel_values": torch.zeros((1, side**2, patch), requires_grad=True),
            "pixel_attention_mask": torch.ones((1, side**2), dtype=torch.long),
            "spatial_shapes": torch.tensor([[side, side]]),
        }
    side, frames = vision.image_size, getattr(vision, "num_frames", 1)
    shape = (1, frames, 3, side, side) if sees == "video" else (1, 3, side, side)
    return {"pixel_values": torch.zeros(shape, requires_grad=True)}


def _run_starter(architecture: Architecture) -> tuple[Tensors, Tensors]:
    """Run the starter's network, and return its inputs and outputs."""
    inputs = {
        "text point": torch.zeros((1, STARTER_DIM), requires_grad=True),
        "sentence": torch.zeros((1, SENTENCE_DIM), requires_grad=True),
        "pixels": torch.zeros((1, 3, LITE2.side, LITE2.side), requires_grad=True),
    }
    text_vector = architecture.model.read(inputs["text point"], inputs["sentence"])
    return inputs, {
        "text vector": text_vector,
        "picture vector": architecture.model.see(inputs["pixels"]),
    }
