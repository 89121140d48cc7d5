"""The torch modules of an encoder without its weights: enough to count and to draw."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from tubeseek.core.errors import ConfigError, ModelUnavailableError
from tubeseek.encoders.dual.lora import NOT_INSTALLED, with_lora
from tubeseek.encoders.dual.lora_options import LoraOptions
from tubeseek.encoders.export.subject import Subject
from tubeseek.encoders.starter.efficientnet_lite import LITE2, EfficientNetLite
from tubeseek.encoders.starter.heads import PICTURE_HEAD, TEXT_HEAD

LAYERS = ("num_hidden_layers", "mit_num_hidden_layers")  # blocks of a tower, in configurations
SENTENCE_DIM, FEATURE_DIM, STARTER_DIM = 1024, 1280, 384


@dataclass(frozen=True, slots=True)
class Architecture:
    """A model with its adapter, weights random or absent.

    Attributes:
        model: All modules; the names of its parameters are as in the real one.
        learned: Names of the parameters that training changes.
        blocks: How many transformer blocks the largest tower has in full.
    """

    model: Any
    learned: frozenset[str]
    blocks: int


def dual_architecture(subject: Subject, layers: int | None = None) -> Architecture:
    """A model of transformers, with the adapter's LoRA, or with that of `tubeseek train`.

    Args:
        subject: The encoder. Its weights are not read.
        layers: Blocks that each tower keeps; None: all.

    Raises:
        ModelUnavailableError: It cannot be had, or transformers does not know its kind.
        ConfigError: peft is missing, or there is no layer for a LoRA.
    """
    try:
        config = AutoConfig.from_pretrained(subject.folder, local_files_only=True)
        blocks = max(_shorten(tower, layers) for tower in _towers(config))
        model = AutoModel.from_config(config).eval()  # type: ignore[no-untyped-call]
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise ModelUnavailableError(
            f"{subject.folder} holds no model that transformers knows ({error}); copy or download "
            f"it again"
        ) from error
    adapted = _with_adapter(subject, model)
    learned = {name for name, parameter in adapted.named_parameters() if parameter.requires_grad}
    return Architecture(adapted, frozenset(learned), blocks)


class StarterNetwork(nn.Module):
    """What of the starter is made of tensors that can learn: the network that sees, and heads."""

    def __init__(self) -> None:
        super().__init__()
        self.network = EfficientNetLite(LITE2)
        self.projection = nn.Linear(FEATURE_DIM, STARTER_DIM, bias=False)
        heads = {TEXT_HEAD: SENTENCE_DIM, PICTURE_HEAD: FEATURE_DIM}
        for name, size in heads.items():
            self.register_parameter(name, nn.Parameter(torch.zeros(size, STARTER_DIM)))

    def read(self, points: Tensor, sentences: Tensor) -> Tensor:
        """(n, 384) of points (n, 384) and what is read (n, 1024), before they are normalised."""
        return points + sentences @ self.get_parameter(TEXT_HEAD)

    def see(self, pixels: Tensor) -> Tensor:
        """(n, 384) of pixels (n, 3, 260, 260), before they are normalised."""
        features = self.network(pixels)  # (n, 1280)
        seen: Tensor = self.projection(features) + features @ self.get_parameter(PICTURE_HEAD)
        return seen


def starter_architecture() -> Architecture:
    """The starter with its heads."""
    return Architecture(StarterNetwork().eval(), frozenset((TEXT_HEAD, PICTURE_HEAD)), 0)


def _towers(config: Any) -> list[Any]:
    return [getattr(config, name) for name in ("text_config", "vision_config")]


def _shorten(config: Any, layers: int | None) -> int:
    """Leaves so many blocks in a tower; how many there were."""
    counts = {name: int(getattr(config, name)) for name in LAYERS if hasattr(config, name)}
    for name, count in counts.items():
        setattr(config, name, count if layers is None else min(count, layers))
    return max(counts.values(), default=0)


def _with_adapter(subject: Subject, model: Any) -> Any:
    if subject.adapter is None:
        adapted = with_lora(model, subject.base, LoraOptions(), 0.0)
    else:
        try:
            from peft import PeftConfig, get_peft_model
        except ImportError as error:
            raise ConfigError(NOT_INSTALLED) from error
        try:
            config = PeftConfig.from_pretrained(str(subject.adapter.folder))
            config.inference_mode = False  # which would freeze it: nothing learned to be seen
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # between peft and transformers; what a load says
                adapted = get_peft_model(model, config)
        except (ValueError, TypeError) as error:
            raise ModelUnavailableError(
                f"the adapter {subject.adapter.folder} does not fit {subject.base} ({error}); it "
                f"was made for {subject.adapter.base}"
            ) from error
    return adapted.get_base_model()


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
