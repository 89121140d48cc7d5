"""Which adapter a name or a setting means: part of the composition root, for `tubeseek.app`.

Imports stand inside the functions that need them: a command that only asks a server starts
without numpy, and one that only searches without torch.
"""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tubeseek.errors import InputError
from tubeseek.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from tubeseek.cutting import Tools
    from tubeseek.ports import Encoder, PassageStore, VectorStore
    from tubeseek.records import EncoderSpec

DEFAULT_ENCODER = "clip"
STARTER = "starter"
POOLED = "pooled:"
SENTENCES = "sentences"
SENTENCE_MODEL = "sentences:"
# A folder of such a name must be given as ./clip.
ENCODER_NAMES = (STARTER, "clip", "siglip2", "xclip")
# Encoders see 224 to 384 pixels; what is larger than twice this is shrunk while it is decoded.
PICTURE_LONGEST_SIDE = 640
CLIP_LONGEST_SIDE = 320


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
        from tubeseek.encoders.pooled import PooledEncoder

        frames = name.removeprefix(POOLED)
        return PooledEncoder(open_inner(frames) if open_inner else open_encoder(frames, settings))
    if name == SENTENCES:
        from tubeseek.encoders.sentences import StarterSentences

        return StarterSentences()
    if name.startswith(SENTENCE_MODEL):
        from tubeseek.encoders.sentence_model import SentenceModel

        return SentenceModel(name.removeprefix(SENTENCE_MODEL), settings.device, settings.threads)
    from tubeseek.encoders.adapters import open_adapter, split_name

    base, named = split_name(name)
    adapter = open_adapter(named) if named else None
    if base == STARTER:
        from tubeseek.encoders.starter import StarterEncoder

        return StarterEncoder(settings.threads or os.cpu_count() or 1, adapter)
    from tubeseek.encoders.dual import DualEncoder
    from tubeseek.encoders.xclip import XClipEncoder, is_xclip

    short = Path(base).name if Path(base).exists() else base
    family = XClipEncoder if is_xclip(base) else DualEncoder
    return family(
        base,
        name=short,
        device=settings.device,
        dtype=settings.dtype,
        threads=settings.threads,
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


def open_store(spec: "EncoderSpec", settings: Settings) -> "VectorStore":
    """The store that the settings name, for vectors of one encoder."""
    if settings.store:
        from tubeseek.stores.server import ServerStore

        return ServerStore(settings.store, spec, api_key=plain(settings.qdrant_api_key))
    from tubeseek.stores.edge import EdgeStore

    return EdgeStore(settings.library / "indexes" / spec.key, spec)


def drop_store(spec: "EncoderSpec", settings: Settings) -> None:
    """Deletes the vectors of one encoder; their store must not be open."""
    if settings.store:
        from tubeseek.stores.server import drop_collection

        drop_collection(settings.store, spec, plain(settings.qdrant_api_key))
        return
    from tubeseek.stores.edge_folder import remove

    remove(settings.library / "indexes" / spec.key)


def open_words(settings: Settings) -> "PassageStore":
    """The store of words that the settings name. Another way to make terms is another index."""
    from tubeseek.words import WORDS

    if settings.store:
        from tubeseek.stores.passages_server import ServerPassages

        return ServerPassages(settings.store, api_key=plain(settings.qdrant_api_key))
    from tubeseek.stores.passages_edge import EdgePassages

    return EdgePassages(settings.library / "indexes" / WORDS.key)


def plain(secret: "SecretStr | None") -> str | None:
    """A key as those who must send it want it."""
    return secret.get_secret_value() if secret else None


def source_kind(locator: str) -> tuple[str, str]:
    """The locator in its normal form, and the kind of source that reads it.

    What exists on this machine is meant as a path, whatever else it looks like.

    Raises:
        InputError: No source reads it.
    """
    # os.path.exists takes anything, pathlib stumbles over a query of more than 255 characters
    if locator.startswith("file:") or os.path.exists(os.path.expanduser(locator)):  # noqa: PTH110, PTH111
        from tubeseek.sources.dataset import is_dataset
        from tubeseek.sources.local_files import local_path

        path = Path(os.path.normpath(local_path(locator)))
        return str(path), "dataset" if is_dataset(path) else "folder"
    from tubeseek.sources.youtube_locators import normalise

    url = normalise(locator)
    if url is None:
        raise InputError(
            f"{locator!r} is neither a file or folder here nor anything on YouTube; give a channel "
            "URL, @handle, playlist, video id, 'ytsearch20:words' or an existing folder"
        )
    return url, "youtube"


def open_tools(settings: Settings, download: bool | None, keep: bool | None) -> "Tools":
    """What one run fetches and reads with.

    Raises:
        InputError: Nothing is downloaded that could be kept.
    """
    downloads = settings.download if download is None else download
    if keep and not downloads:
        raise InputError("--keep keeps what --download fetches: give both")
    from tubeseek.cutting import Tools
    from tubeseek.media.clips import read_clip
    from tubeseek.media.pictures import read_picture
    from tubeseek.sources.dataset import DatasetSource
    from tubeseek.sources.films import Films
    from tubeseek.sources.folder import FolderSource
    from tubeseek.sources.politeness import Politeness
    from tubeseek.sources.youtube import YouTubeSource

    politeness = Politeness(
        request_seconds=settings.sleep_requests,
        video_min_seconds=settings.sleep_videos,
        video_max_seconds=2 * settings.sleep_videos,
        backoff_total_seconds=settings.backoff,
    )
    films = Films(
        settings.library / "downloads",
        downloads=downloads,
        keeps=settings.keep if keep is None else keep,
    )
    youtube = YouTubeSource(cookies=settings.cookies, politeness=politeness, films=films)
    return Tools(
        sources={
            "youtube": youtube,
            "folder": FolderSource(),
            "dataset": DatasetSource(),
        },
        read_picture=lambda path: read_picture(path, PICTURE_LONGEST_SIDE)[None],
        read_clip=partial(read_clip, longest_side=CLIP_LONGEST_SIDE),
        media_folder=settings.library / "media",
        films={"youtube": youtube},
        captions={"youtube": youtube},
    )
