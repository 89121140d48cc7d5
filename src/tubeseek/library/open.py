"""The composition root: opens a library with the adapters that `tubeseek.library.open` picks.

Imports stand inside the functions that need them: a command that only asks a server starts
without numpy, and one that only searches without torch.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tubeseek.core.errors import InputError
from tubeseek.core.files import absolute_if_exists
from tubeseek.core.schemas import Operations
from tubeseek.core.settings import Settings
from tubeseek.encoders import factory as encoder_factory
from tubeseek.library.owner import Ownership, current_owner
from tubeseek.library.remote import RemoteLibrary
from tubeseek.sources import factory as source_factory
from tubeseek.stores import factory as store_factory

if TYPE_CHECKING:
    from tubeseek.core.protocols import Encoder
    from tubeseek.core.types import Frames
    from tubeseek.indexing.segmentation import IndexingTools
    from tubeseek.library.library import Backends, Library
    from tubeseek.training.data.pairs import PairSet

# Encoders see 224 to 384 pixels; what is larger than twice this is shrunk while it is decoded.
PICTURE_LONGEST_SIDE = 640
CLIP_LONGEST_SIDE = 320
CATALOG_NAME = "catalog.sqlite"


def connect(settings: Settings, command: str, *, uses_vectors: bool = True) -> Operations:
    """The library of these settings: a live server's, or else opened in this process.

    Args:
        settings: Where the library is.
        command: What the user called; another user of the library is told so.
        uses_vectors: Whether the caller searches or changes the library. A look at the catalogue
            alone does not need to own it.

    Raises:
        StoreLockedError: Another command uses the library, and it is no server.
        CatalogError: The folder cannot be opened.
    """
    url = live_server(settings)
    if url is not None:
        return RemoteLibrary(url, store_factory.plain(settings.token))
    if uses_vectors:
        return open_library(settings, command)[0]
    return _library(settings, on_close=lambda: None)


def live_server(settings: Settings) -> str | None:
    """The address of the server that owns the library, if there is one and it answers."""
    owner = None if settings.store else current_owner(settings.library)
    return owner.url if owner and owner.url and RemoteLibrary(owner.url).is_alive() else None


def open_library(settings: Settings, command: str) -> "tuple[Library, Ownership | None]":
    """The library, owned by this process. A Qdrant server may have any number of owners.

    Raises:
        StoreLockedError: Another process owns it.
        CatalogError: The folder cannot be opened.
    """
    if settings.store:
        return _library(settings, on_close=lambda: None), None
    ownership = Ownership(settings.library, command)
    try:
        return _library(settings, on_close=ownership.release), ownership
    except BaseException:
        ownership.release()
        raise


def _library(settings: Settings, on_close: Callable[[], None]) -> "Library":
    from tubeseek.catalog import Catalog
    from tubeseek.library.library import Library

    catalog = Catalog(settings.library / CATALOG_NAME)
    return Library(catalog, _adapters(settings), settings.library, on_close)


def _adapters(settings: Settings) -> "Backends":
    from tubeseek.library.library import Backends

    def picture(data: bytes, name: str) -> "Frames":
        from tubeseek.media.pictures import picture_from_bytes

        pixels = picture_from_bytes(data, name, PICTURE_LONGEST_SIDE)
        return pixels[None]  # (1, height, width, 3)

    def encoder(name: str, open_inner: "Callable[[str], Encoder]") -> "Encoder":
        from tubeseek.encoders.text_cache import TextCache

        return TextCache(encoder_factory.open_encoder(name, settings, open_inner))

    return Backends(
        encoder=encoder,
        store=lambda spec: store_factory.open_store(spec, settings),
        drop_store=lambda spec: store_factory.drop_store(spec, settings),
        words=lambda: store_factory.open_words(settings),
        source_kind=source_factory.source_kind,
        open_tools=partial(_open_tools, settings),
        media_folder=settings.library / "media",
        workers=settings.workers,
        picture=picture,
        default_encoder=encoder_factory.DEFAULT_ENCODER,
        chosen_encoder=settings.encoder,
        store_name=settings.store or "Qdrant Edge, in the library",
        weights=settings.weights,
    )


def encoder_name(encoder: str | None, adapter: str | None) -> str | None:
    """The name that an index request gives an encoder, with paths in full.

    Args:
        encoder: A name, a Hugging Face id or a folder; None for the library's own, or, with an
            adapter, for the encoder that it was made for.
        adapter: A folder or a Hugging Face id; None for none.

    Raises:
        ModelUnavailableError: There is no such adapter.
    """
    if encoder and encoder not in encoder_factory.ENCODER_NAMES:
        encoder = absolute_if_exists(encoder)
    if adapter:
        encoder = encoder_factory.with_adapter(encoder, absolute_if_exists(adapter))
    return encoder


def library_pairs(settings: Settings, kind: str) -> "PairSet":
    """What a library has to train on; may be read while a server owns it.

    Args:
        settings: Where it is.
        kind: "thumbnail-title", "clip-title" or "still-caption".

    Raises:
        InputError: There is no such pair.
        CatalogError: There is no library.
    """
    from tubeseek.catalog import Catalog
    from tubeseek.training.data.pairs import PairKind, library_pairs

    catalog = Catalog(settings.library / CATALOG_NAME)
    try:
        videos = (video for video, _ in catalog.list_videos(catalog.counts()["videos"]))
        fetched = (catalog.media(video.id) for video in videos)
        return library_pairs((one for one in fetched if one is not None), PairKind(kind))
    finally:
        catalog.close()


def _open_tools(settings: Settings, download: bool | None, keep: bool | None) -> "IndexingTools":
    """What one run fetches and reads with.

    Raises:
        InputError: Nothing is downloaded that could be kept.
    """
    downloads = settings.download if download is None else download
    if keep and not downloads:
        raise InputError("--keep keeps what --download fetches: give both")
    from tubeseek.indexing.segmentation import IndexingTools
    from tubeseek.media.clips import read_clip
    from tubeseek.media.pictures import read_picture
    from tubeseek.sources.local.dataset import DatasetSource
    from tubeseek.sources.local.folder import FolderSource
    from tubeseek.sources.youtube.film_cache import VideoFileCache
    from tubeseek.sources.youtube.rate_limit import Politeness
    from tubeseek.sources.youtube.source import YouTubeSource

    politeness = Politeness(
        request_seconds=settings.sleep_requests,
        video_min_seconds=settings.sleep_videos,
        video_max_seconds=2 * settings.sleep_videos,
        backoff_total_seconds=settings.backoff,
    )
    video_files = VideoFileCache(
        settings.library / "downloads",
        downloads=downloads,
        keeps=settings.keep if keep is None else keep,
    )
    youtube = YouTubeSource(
        cookies=settings.cookies, politeness=politeness, video_files=video_files
    )
    return IndexingTools(
        sources={
            "youtube": youtube,
            "folder": FolderSource(),
            "dataset": DatasetSource(),
        },
        read_picture=lambda path: read_picture(path, PICTURE_LONGEST_SIDE)[None],
        read_clip=partial(read_clip, longest_side=CLIP_LONGEST_SIDE),
        media_folder=settings.library / "media",
        video_files={"youtube": youtube},
        captions={"youtube": youtube},
    )
