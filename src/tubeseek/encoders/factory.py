"""Resolves the name of an encoder, and opens the encoder.

Functions import what they need themselves, so a search with the starter imports no torch.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from tubeseek.core.diagnosis import Diagnosis
from tubeseek.core.encoder_names import (
    POOLED,
    SENTENCE_MODEL,
    SENTENCES,
    STARTER,
    adapted_name,
    split_name,
)
from tubeseek.core.settings import Settings
from tubeseek.core.types import MULTILINGUAL, UNDETERMINED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tubeseek.core.protocols import Encoder


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model of transformers, as a name resolves to it.

    Attributes:
        source: An id on the Hugging Face hub, or a folder.
        languages: ISO 639 codes of the languages that it reads.
    """

    source: str
    languages: tuple[str, ...]


KNOWN_MODELS = MappingProxyType(
    {
        "clip": NamedModel("openai/clip-vit-base-patch32", ("en",)),
        "siglip2": NamedModel("google/siglip2-base-patch16-224", (MULTILINGUAL,)),
        "xclip": NamedModel("microsoft/xclip-base-patch32", ("en",)),
    }
)


def resolve_model(name: str) -> NamedModel:
    """Return the model of a short name, a hub id or a folder, without downloading anything."""
    for short, model in KNOWN_MODELS.items():
        if name in (short, model.source):
            return model
    return NamedModel(name, (UNDETERMINED,))


def reads_clips(name: str) -> bool:
    """Return whether a model of transformers reads clips of several frames.

    The model is downloaded if it is not cached.

    Raises:
        ModelUnavailableError: It cannot be loaded.
    """
    from tubeseek.encoders.dual.xclip import is_xclip
    from tubeseek.encoders.hub import model_folder

    return is_xclip(model_folder(resolve_model(name).source))


def open_encoder(
    name: str, settings: Settings, open_inner: "Callable[[str], Encoder] | None" = None
) -> "Encoder":
    """Open an encoder by its name, its hub id or its folder.

    `+adapter:FOLDER` after the name adds a trained adapter. `pooled:` before it encodes clips as
    the mean of their frames. `sentences:` before a hub id or folder opens a model that reads words
    only.

    Args:
        name: The name as the library stores it.
        settings: The device, threads, precision and backend.
        open_inner: Opens the encoder that another one is made of; None: this function.

    Raises:
        ModelUnavailableError: Its weights cannot be loaded.
    """
    if name.startswith(POOLED):
        from tubeseek.encoders.mean_of_frames import PooledEncoder

        frames = name.removeprefix(POOLED)
        return PooledEncoder(open_inner(frames) if open_inner else open_encoder(frames, settings))
    if name == SENTENCES:
        from tubeseek.encoders.sentence.offline import StarterSentences

        return StarterSentences()
    if name.startswith(SENTENCE_MODEL):
        from tubeseek.encoders.device import use_threads
        from tubeseek.encoders.sentence.transformers_model import SentenceModel

        use_threads(settings.threads)
        return SentenceModel(name.removeprefix(SENTENCE_MODEL), settings.device)
    from tubeseek.encoders.adapters import open_adapter

    base, adapter_folder = split_name(name)
    adapter = open_adapter(adapter_folder) if adapter_folder else None
    if base == STARTER:
        from tubeseek.encoders.starter.encoder import StarterEncoder

        return StarterEncoder(settings.threads or os.cpu_count() or 1, adapter)
    from tubeseek.encoders.device import use_threads
    from tubeseek.encoders.dual.encoder import DualEncoder
    from tubeseek.encoders.dual.xclip import XClipEncoder

    model = resolve_model(base)
    encoder_class = XClipEncoder if reads_clips(base) else DualEncoder
    return encoder_class(
        model.source,
        name=Path(base).name if Path(base).exists() else base,
        languages=model.languages,
        device=settings.device,
        dtype=settings.dtype,
        threads=use_threads(settings.threads),
        backend=settings.backend,
        adapter=adapter,
    )


def with_adapter(encoder: str | None, adapter: str) -> str:
    """Return the name of an encoder with an adapter, for `open_encoder`.

    Args:
        encoder: The encoder; None: the one that the adapter was trained for.
        adapter: A folder, or an id on the Hugging Face hub.

    Raises:
        ModelUnavailableError: There is no such adapter.
    """
    from tubeseek.encoders.adapters import open_adapter

    opened = open_adapter(adapter)
    return adapted_name(encoder or opened.base, opened.folder)


def diagnose(settings: Settings) -> list[Diagnosis]:
    """Report what encoders compute on, and which weights are on this machine."""
    return [_diagnose_device(), *_diagnose_weights(settings)]


def _diagnose_device() -> Diagnosis:
    import torch

    if torch.cuda.is_available():
        return Diagnosis("device", f"CUDA: {torch.cuda.get_device_name()}")
    if torch.backends.mps.is_available():
        return Diagnosis("device", "MPS")
    return Diagnosis("device", f"CPU, {torch.get_num_threads()} threads")


def _diagnose_weights(settings: Settings) -> list[Diagnosis]:
    from tubeseek.encoders.hub import is_cached

    weights = [Diagnosis(f"encoder {STARTER}", "weights present (they come with the package)")]
    for name, model in KNOWN_MODELS.items():
        text = (
            f"weights present ({model.source})"
            if is_cached(model.source)
            else f"weights absent; the first use downloads {model.source} from Hugging Face"
        )
        weights.append(Diagnosis(f"encoder {name}", text))
    if settings.encoder and Path(settings.encoder).is_dir():
        weights.append(Diagnosis("encoder", settings.encoder))
    return weights
