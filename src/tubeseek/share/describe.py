"""How large an encoder is, tower by tower, and how much of it training would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import torch

from tubeseek.share.architecture import dual_architecture, starter_architecture
from tubeseek.share.subject import Subject

TEXT, PICTURES, APART = "text", "pictures", "not used by an index"
# Of models of transformers, by the first name of a parameter.
TOWERS = {
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
    """One side of an encoder."""

    name: str
    parameters: int  # what learns is not counted among them
    trainable: int


def describe(subject: Subject) -> list[Part]:
    """The parts that have parameters; no weights are read.

    Of the starter's sentence encoder, which is no torch module, nothing is counted.

    Raises:
        ModelUnavailableError: The model cannot be had.
        ConfigError: peft is missing, or there is no layer for a LoRA.
    """
    with torch.device("meta"):
        found = starter_architecture() if subject.is_starter else dual_architecture(subject)
    counts = [
        Part(
            TOWERS.get(name.partition(".")[0], APART),
            0 if name in found.learned else parameter.numel(),
            parameter.numel() if name in found.learned else 0,
        )
        for name, parameter in found.model.named_parameters()
    ]
    sums = [_sum(name, counts) for name in (TEXT, PICTURES, APART)]
    return [part for part in sums if part.parameters or part.trainable]


def _sum(name: str, counts: Iterable[Part]) -> Part:
    return reduce(
        lambda a, b: Part(name, a.parameters + b.parameters, a.trainable + b.trainable),
        (part for part in counts if part.name == name),
        Part(name, 0, 0),
    )
