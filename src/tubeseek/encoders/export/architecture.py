"""Builds the torch modules of an encoder without its weights, to count and draw them."""

import warnings
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from tubeseek.core.errors import ConfigError, ModelUnavailableError
from tubeseek.core.lora_options import LoraOptions
from tubeseek.encoders.dual.lora import not_installed, with_lora
from tubeseek.encoders.export.subject import Subject
from tubeseek.encoders.starter.efficientnet_lite import LITE2, EfficientNetLite
from tubeseek.encoders.starter.heads import PICTURE_HEAD, TEXT_HEAD

LAYER_COUNTS = ("num_hidden_layers", "mit_num_hidden_layers")  # fields of a tower's configuration
SENTENCE_DIM, FEATURE_DIM, STARTER_DIM = 1024, 1280, 384


@dataclass(frozen=True, slots=True)
class Architecture:
    """A model with its adapter; the weights are random or absent.

    Attributes:
        model: All modules; the parameters have the names of the real ones.
        learned: Names of the parameters that training changes.
        blocks: How many transformer blocks the largest tower has in full.
    """

    model: Any
    learned: frozenset[str]
    blocks: int


def architecture_of(subject: Subject, layers: int | None = None) -> Architecture:
    """Build the modules of an encoder, with its adapter or with what `tubeseek train` would add.

    Args:
        subject: The encoder. Its weights are not read.
        layers: Transformer blocks that each tower keeps; None: all.

    Raises:
        ModelUnavailableError: It cannot be read, or transformers does not support it.
        ConfigError: peft is missing, or no layer can take a LoRA.
    """
    if subject.is_starter:
        return Architecture(StarterNetwork().eval(), frozenset((TEXT_HEAD, PICTURE_HEAD)), 0)
    return _dual_architecture(subject, layers)


def _dual_architecture(subject: Subject, layers: int | None) -> Architecture:
    try:
        config = AutoConfig.from_pretrained(subject.folder, local_files_only=True)
        blocks = max(_shorten(tower, layers) for tower in _towers(config))
        model = AutoModel.from_config(config).eval()  # type: ignore[no-untyped-call]
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise ModelUnavailableError(
            f"{subject.folder} holds no model that transformers supports ({error}); copy or "
            f"download it again"
        ) from error
    adapted = _with_adapter(subject, model)
    learned = {name for name, parameter in adapted.named_parameters() if parameter.requires_grad}
    return Architecture(adapted, frozenset(learned), blocks)


class StarterNetwork(nn.Module):
    """The parts of the starter that are torch modules: the picture network and the heads."""

    def __init__(self) -> None:
        super().__init__()
        self.network = EfficientNetLite(LITE2)
        self.projection = nn.Linear(FEATURE_DIM, STARTER_DIM, bias=False)
        heads = {TEXT_HEAD: SENTENCE_DIM, PICTURE_HEAD: FEATURE_DIM}
        for name, size in heads.items():
            self.register_parameter(name, nn.Parameter(torch.zeros(size, STARTER_DIM)))

    def read(self, points: Tensor, sentences: Tensor) -> Tensor:
        """Map points (n, 384) and sentences (n, 1024) to text vectors (n, 384), not normalised."""
        return points + sentences @ self.get_parameter(TEXT_HEAD)

    def see(self, pixels: Tensor) -> Tensor:
        """Map pixels (n, 3, 260, 260) to picture vectors (n, 384), not normalised."""
        features = self.network(pixels)  # (n, 1280)
        vectors: Tensor = self.projection(features) + features @ self.get_parameter(PICTURE_HEAD)
        return vectors


def _towers(config: Any) -> list[Any]:
    return [getattr(config, name) for name in ("text_config", "vision_config")]


def _shorten(config: Any, layers: int | None) -> int:
    """Limit the blocks of a tower to `layers`, and return how many it has in full."""
    counts = {name: int(getattr(config, name)) for name in LAYER_COUNTS if hasattr(config, name)}
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
            raise ConfigError(not_installed()) from error
        try:
            config = PeftConfig.from_pretrained(str(subject.adapter.folder))
            config.inference_mode = False  # True would freeze the adapter
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # loading the real weights reports them
                adapted = get_peft_model(model, config)
        except (ValueError, TypeError) as error:
            raise ModelUnavailableError(
                f"the adapter {subject.adapter.folder} does not fit {subject.base} ({error}); it "
                f"was made for {subject.adapter.base}"
            ) from error
    return adapted.get_base_model()
