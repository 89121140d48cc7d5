"""What is handed on: an encoder, or one with an adapter."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from tubeseek.core.errors import InputError
from tubeseek.encoders.adapters import CONFIG, Adapter, adapted_name, open_adapter, split_name
from tubeseek.encoders.starter.heads import KIND as HEADS

STARTER = "starter"
NOT_MODELS = ("pooled:", "sentences")  # what `--encoder` knows beside models of two towers


@dataclass(frozen=True)
class Subject:
    """An encoder by the name it was given, with its adapter if it has one."""

    base: str  # a name of ours, a hub id or a folder
    adapter: Adapter | None

    @property
    def name(self) -> str:
        """What `app.open_encoder` opens."""
        return adapted_name(self.base, self.adapter.folder) if self.adapter else self.base

    @property
    def is_starter(self) -> bool:
        """Whether it is the starter, which is no model of transformers."""
        return self.base == STARTER

    @cached_property
    def folder(self) -> Path:
        """Where the model of transformers is; it is fetched if it is not here.

        Raises:
            ModelUnavailableError: It cannot be had.
        """
        from tubeseek.encoders.dual.encoder import KNOWN_MODELS
        from tubeseek.encoders.hub import model_folder

        known = KNOWN_MODELS.get(self.base)
        return model_folder(known.hub_id if known else self.base)

    @cached_property
    def sees(self) -> str:
        """What its tower for pictures takes: "image" or "video"."""
        from tubeseek.encoders.dual.xclip import is_xclip

        return "video" if is_xclip(str(self.folder)) else "image"

    @property
    def whole_texts(self) -> bool:
        """Whether its texts are lower-cased and padded to the model's length."""
        if self.is_starter:
            return False
        from tubeseek.encoders.dual.tokenize import PADS_IN_FULL_AND_LOWERS

        facts = json.loads((self.folder / "config.json").read_text("utf-8"))
        return facts.get("model_type") in PADS_IN_FULL_AND_LOWERS

    @property
    def is_folder(self) -> bool:
        """Whether the encoder is a folder of this machine, which others do not have."""
        if self.is_starter:
            return False
        from tubeseek.encoders.dual.encoder import KNOWN_MODELS

        return self.base not in KNOWN_MODELS and Path(self.base).expanduser().is_dir()

    def public_base(self, said: str | None = None) -> str:
        """What others know the encoder as: a hub id, or the last name of a folder as "./NAME".

        A bare name would be taken for an encoder of ours, or of the hub, that is called so.

        Args:
            said: What the user says that it is.
        """
        if said or self.is_starter:
            return said or self.base
        from tubeseek.encoders.dual.encoder import KNOWN_MODELS

        known = KNOWN_MODELS.get(self.base)
        if known:
            return known.hub_id
        return f"./{Path(self.base).expanduser().resolve().name}" if self.is_folder else self.base

    def languages(self) -> tuple[str, ...]:
        """ISO 639-1 codes of what it reads, or "mul" for many; empty if that is not known."""
        if self.is_starter:
            from tubeseek.encoders.starter.encoder import LANGUAGES

            return LANGUAGES
        from tubeseek.encoders.dual.encoder import KNOWN_MODELS

        for name, known in KNOWN_MODELS.items():
            if self.base in (name, known.hub_id):
                return known.languages
        return ()

    def load(self) -> Any:
        """The model of transformers with the adapter in its weights, in float32.

        Raises:
            ModelUnavailableError: It cannot be had, or the adapter does not fit.
        """
        import torch

        from tubeseek.encoders.dual.load import load_model
        from tubeseek.encoders.dual.lora import with_adapter

        model = load_model(self.folder, torch.float32, self.sees)
        return with_adapter(model, self.adapter) if self.adapter else model


def open_subject(name: str) -> Subject:
    """What a name means: the folder of an adapter, or whatever `--encoder` takes.

    Raises:
        InputError: It is no single model.
        ModelUnavailableError: The adapter cannot be had, or does not belong to that encoder.
    """
    if name.startswith(NOT_MODELS):
        raise InputError(
            f"{name} is not a model of its own; name the one in it, or an adapter's folder"
        )
    base, named = split_name(name)
    if named:
        return _checked(Subject(base, open_adapter(named)))
    if (Path(name).expanduser() / CONFIG).is_file():
        adapter = open_adapter(name)
        return _checked(Subject(adapter.base, adapter))
    return Subject(name, None)


def _checked(subject: Subject) -> Subject:
    if subject.adapter and subject.is_starter != (subject.adapter.kind == HEADS):
        raise InputError(
            f"{subject.adapter.name} is an adapter ({subject.adapter.kind}) of "
            f"{subject.adapter.base}, not of {subject.base}; give its folder alone"
        )
    return subject


class Form(StrEnum):
    """What a folder holds."""

    ADAPTER = "adapter"  # LoRA in PEFT's form
    MERGED = "merged"  # a whole model with an adapter in its weights
    HEADS = "heads"  # of the starter
    MODEL = "model"  # a whole model as it was


LIBRARIES = {
    Form.ADAPTER: "peft",
    Form.MERGED: "transformers",
    Form.HEADS: "tubeseek",
    Form.MODEL: "transformers",
}
# How the hub draws the line from a base model to this one.
RELATIONS = {Form.ADAPTER: "adapter", Form.MERGED: "finetune"}
