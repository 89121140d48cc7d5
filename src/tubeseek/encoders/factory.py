"""Which encoder a name means.

Imports stand inside the functions that need them: a search with the starter imports no torch.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tubeseek.core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tubeseek.core.protocols import Encoder


DEFAULT_ENCODER = "clip"
STARTER = "starter"
POOLED = "pooled:"
SENTENCES = "sentences"
SENTENCE_MODEL = "sentences:"
# A folder of such a name must be given as ./clip.
ENCODER_NAMES = (STARTER, "clip", "siglip2", "xclip")


def open_encoder(
    name: str, settings: Settings, open_inner: "Callable[[str], Encoder] | None" = None
) -> "Encoder":
    """An encoder by name, hub id or folder; `+adapter:FOLDER` behind it adds what was trained.

    `pooled:` before one of those makes clips of its frames; `sentences:` before a hub id or folder
    is a model that reads words only.

    Args:
        name: As the library keeps it.
        settings: What to compute it on.
        open_inner: Opens the encoder that another one is made of; None: this function.

    Raises:
        ModelUnavailableError: Its weights cannot be had.
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
    from tubeseek.encoders.adapters import open_adapter, split_name

    base, named = split_name(name)
    adapter = open_adapter(named) if named else None
    if base == STARTER:
        from tubeseek.encoders.starter.encoder import StarterEncoder

        return StarterEncoder(settings.threads or os.cpu_count() or 1, adapter)
    from tubeseek.encoders.device import use_threads
    from tubeseek.encoders.dual.encoder import DualEncoder
    from tubeseek.encoders.dual.xclip import XClipEncoder, is_xclip

    short = Path(base).name if Path(base).exists() else base
    family = XClipEncoder if is_xclip(base) else DualEncoder
    return family(
        base,
        name=short,
        device=settings.device,
        dtype=settings.dtype,
        threads=use_threads(settings.threads),
        backend=settings.backend,
        adapter=adapter,
    )


def with_adapter(encoder: str | None, adapter: str) -> str:
    """The name of an encoder with an adapter, for `open_encoder`.

    Args:
        encoder: What it is added to; None: the one that it says it was made for.
        adapter: A folder, or an id on the Hugging Face hub.

    Raises:
        ModelUnavailableError: There is no such adapter.
    """
    from tubeseek.encoders.adapters import adapted_name, open_adapter

    opened = open_adapter(adapter)
    return adapted_name(encoder or opened.base, opened.folder)
