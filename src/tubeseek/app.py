"""The composition root: opens a library with the adapters that `tubeseek.picking` picks.

Imports stand inside the functions that need them: a command that only asks a server starts
without numpy, and one that only searches without torch.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from tubeseek import picking
from tubeseek.client import RemoteLibrary
from tubeseek.messages import Operations
from tubeseek.owner import Ownership, current_owner
from tubeseek.settings import Settings

if TYPE_CHECKING:
    from tubeseek.library import Adapters, Library
    from tubeseek.ports import Encoder
    from tubeseek.records import Clip
    from tubeseek.train.pairs import PairSet

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
        return RemoteLibrary(url, picking.plain(settings.token))
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
    from tubeseek.library import Library

    catalog = Catalog(settings.library / CATALOG_NAME)
    return Library(catalog, _adapters(settings), settings.library, on_close)


def _adapters(settings: Settings) -> "Adapters":
    from tubeseek.library import Adapters

    def picture(data: bytes, name: str) -> "Clip":
        from tubeseek.media.pictures import picture_from_bytes

        pixels = picture_from_bytes(data, name, picking.PICTURE_LONGEST_SIDE)
        return pixels[None]  # (1, height, width, 3)

    @cache
    def encoder(name: str) -> "Encoder":
        from tubeseek.encoders.shared_texts import SharedTexts

        return SharedTexts(picking.open_encoder(name, settings, encoder))

    return Adapters(
        encoder=encoder,
        store=lambda spec: picking.open_store(spec, settings),
        drop_store=lambda spec: picking.drop_store(spec, settings),
        words=lambda: picking.open_words(settings),
        source_kind=picking.source_kind,
        open_tools=partial(picking.open_tools, settings),
        media_folder=settings.library / "media",
        workers=settings.workers,
        picture=picture,
        default_encoder=picking.DEFAULT_ENCODER,
        chosen_encoder=settings.encoder,
        store_name=settings.store or "Qdrant Edge, in the library",
        weights=settings.weights,
    )


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
    from tubeseek.train.pairs import PairKind, library_pairs

    catalog = Catalog(settings.library / CATALOG_NAME)
    try:
        videos = (video for video, _ in catalog.list_videos(catalog.counts()["videos"]))
        fetched = (catalog.media(video.id) for video in videos)
        return library_pairs((one for one in fetched if one is not None), PairKind(kind))
    finally:
        catalog.close()
