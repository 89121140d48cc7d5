"""Resolves the encoder that is exported or described, with its adapter if it has one."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tubeseek.core.encoder_names import POOLED, SENTENCES, STARTER, adapted_name, split_name
from tubeseek.core.errors import InputError
from tubeseek.core.types import UNDETERMINED
from tubeseek.encoders.adapters import CONFIG, Adapter, open_adapter
from tubeseek.encoders.factory import NamedModel, resolve_model
from tubeseek.encoders.starter.heads import KIND as HEADS


@dataclass(frozen=True)
class Subject:
    """An encoder, with its adapter if it has one.

    Attributes:
        base: A short name of tubeseek, a hub id or a folder.
        adapter: The trained adapter, if any.
    """

    base: str
    adapter: Adapter | None

    @property
    def name(self) -> str:
        """The name to give to `open_encoder`."""
        return adapted_name(self.base, self.adapter.folder) if self.adapter else self.base

    @property
    def is_starter(self) -> bool:
        """Whether it is the starter, which is not a model of transformers."""
        return self.base == STARTER

    @cached_property
    def folder(self) -> Path:
        """The folder of the model of transformers, which is downloaded if need be.

        Raises:
            ModelUnavailableError: It cannot be read or downloaded.
        """
        from tubeseek.encoders.hub import model_folder

        return model_folder(self._model.source)

    @cached_property
    def sees(self) -> str:
        """The input of its tower for pictures: "image" or "video"."""
        from tubeseek.encoders.dual.xclip import is_xclip

        return "video" if is_xclip(self.folder) else "image"

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
        has_short_name = self.base != self._model.source
        if self.is_starter or has_short_name:
            return False
        return Path(self.base).expanduser().is_dir()

    def public_base(self, base_model: str | None = None) -> str:
        """Return the name of the encoder for others: a hub id, or "./NAME" for a folder.

        NAME alone would look like an encoder of tubeseek or of the hub.

        Args:
            base_model: The hub id that the user gives for a folder.
        """
        if base_model or self.is_starter:
            return base_model or self.base
        if self.is_folder:
            return f"./{Path(self.base).expanduser().resolve().name}"
        return self._model.source

    def languages(self) -> tuple[str, ...]:
        """Return ISO 639 codes of the languages that it reads, "mul" for many; empty if unknown."""
        if self.is_starter:
            from tubeseek.encoders.starter.encoder import LANGUAGES

            return LANGUAGES
        languages = self._model.languages
        return () if languages == (UNDETERMINED,) else languages

    def load(self) -> Any:
        """Load the model of transformers in float32, with the adapter in its weights.

        Raises:
            ModelUnavailableError: It cannot be read or downloaded, or the adapter does not fit.
        """
        import torch

        from tubeseek.encoders.dual.load import load_model
        from tubeseek.encoders.dual.lora import merge_adapter

        model = load_model(self.folder, torch.float32, self.sees)
        return merge_adapter(model, self.adapter) if self.adapter else model

    @property
    def _model(self) -> NamedModel:
        return resolve_model(self.base)


def open_subject(name: str) -> Subject:
    """Resolve the folder of an adapter, or any name that `--encoder` takes.

    Raises:
        InputError: It is not a single model, or the adapter belongs to another encoder.
        ModelUnavailableError: The adapter cannot be read or downloaded.
    """
    if name.startswith((POOLED, SENTENCES)):
        raise InputError(
            f"{name} is not a model of its own; name the model in it, or an adapter's folder"
        )
    base, adapter_folder = split_name(name)
    if adapter_folder:
        return _check_kind(base, open_adapter(adapter_folder))
    if (Path(name).expanduser() / CONFIG).is_file():
        adapter = open_adapter(name)
        return _check_kind(adapter.base, adapter)
    return Subject(name, None)


def _check_kind(base: str, adapter: Adapter) -> Subject:
    subject = Subject(base, adapter)
    if subject.is_starter != (adapter.kind == HEADS):
        raise InputError(
            f"{adapter.name} is an adapter ({adapter.kind}) of {adapter.base}, not of {base}; "
            f"give its folder alone"
        )
    return subject
