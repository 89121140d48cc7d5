"""Describes an encoder: what it is made of, how large its parts are, and its graph."""

from dataclasses import dataclass
from pathlib import Path

import torch

from tubeseek.core.settings import Settings
from tubeseek.core.types import EncoderSpec
from tubeseek.encoders.export.architecture import architecture_of
from tubeseek.encoders.export.drawing import draw
from tubeseek.encoders.export.graph import graph_source
from tubeseek.encoders.export.subject import Subject, open_subject
from tubeseek.encoders.factory import open_encoder

TEXT, PICTURES, UNUSED = "text", "pictures", "not used by an index"
# By the first part of a parameter's name; parts that are not listed are not used by an index.
SIDES = {
    "text_model": TEXT,
    "text_projection": TEXT,
    "vision_model": PICTURES,
    "visual_projection": PICTURES,
    "mit": PICTURES,  # X-CLIP's transformer across frames
    "network": PICTURES,
    "projection": PICTURES,
    "text_head": TEXT,
    "picture_head": PICTURES,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One side of an encoder.

    Attributes:
        name: `TEXT`, `PICTURES` or `UNUSED`.
        parameters: The number of frozen parameters.
        trainable: The number of parameters that training changes.
    """

    name: str
    parameters: int
    trainable: int


@dataclass(frozen=True, slots=True)
class EncoderDescription:
    """What an encoder is made of.

    Attributes:
        spec: The specification of the encoder.
        trained_with: "heads" or "LoRA".
        parts: The sides that have parameters.
    """

    spec: EncoderSpec
    trained_with: str
    parts: tuple[Part, ...]


def describe(
    encoder: str, settings: Settings, graph: Path | None = None, layers: int | None = None
) -> EncoderDescription:
    """Describe an encoder, and draw its graph if a file is given.

    Args:
        encoder: A name, a hub id or a folder, also an adapter's.
        settings: Choose the device.
        graph: A file that ends in .svg, .dot, .png or .pdf.
        layers: Blocks of each tower that are drawn; None: all.

    Raises:
        InputError: It is not a single model, or the file's suffix is not supported.
        ModelUnavailableError: The encoder or the adapter cannot be read or downloaded.
        SharingError: A package that draws is missing, or the file cannot be written.
    """
    subject = open_subject(encoder)
    spec = open_encoder(subject.name, settings).spec
    parts = parts_of(subject)
    if graph:
        draw(graph_source(subject, layers), graph)
    return EncoderDescription(spec, "heads" if subject.is_starter else "LoRA", parts)


def parts_of(subject: Subject) -> tuple[Part, ...]:
    """Count the parameters of each side without reading weights.

    The starter's sentence encoder, which is not a torch module, is not counted.

    Raises:
        ModelUnavailableError: The model cannot be read or downloaded.
        ConfigError: peft is missing, or no layer can take a LoRA.
    """
    with torch.device("meta"):
        architecture = architecture_of(subject)
    frozen = dict.fromkeys((TEXT, PICTURES, UNUSED), 0)
    trainable = dict(frozen)
    for name, parameter in architecture.model.named_parameters():
        counts = trainable if name in architecture.learned else frozen
        counts[SIDES.get(name.partition(".")[0], UNUSED)] += parameter.numel()
    parts = (Part(side, frozen[side], trainable[side]) for side in frozen)
    return tuple(part for part in parts if part.parameters or part.trainable)
