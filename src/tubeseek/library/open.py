"""Opens a library: the one place where encoders, stores and sources are put together.

Imports stand inside the functions that need them: a command that only asks a server starts
without numpy, and one that only searches without torch.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from tubeseek.core.encoder_names import DEFAULT_ENCODER, SENTENCES, full_name
from tubeseek.core.files import absolute_if_exists
from tubeseek.core.schemas import Operations
from tubeseek.core.settings import Settings
from tubeseek.library.identity import CATALOG_NAME
from tubeseek.library.owner import Ownership, read_card
from tubeseek.library.remote import RemoteLibrary
from tubeseek.sources.factory import agreeing_listings, open_sources, places, source_kind
from tubeseek.stores.factory import Stores, choose_stores

if TYPE_CHECKING:
    from pathlib import Path

    from tubeseek.catalog import Catalog
    from tubeseek.core.diagnosis import Diagnosis
    from tubeseek.core.export_request import ExportRequest
    from tubeseek.core.passages import Cue
    from tubeseek.core.protocols import Encoder
    from tubeseek.core.types import Frames, Media, Video
    from tubeseek.encoders.export.description import EncoderDescription
    from tubeseek.encoders.export.export import ExportResult
    from tubeseek.indexing.segmentation import IndexingTools
    from tubeseek.library.library import Backends, Library
    from tubeseek.training.data.pairs import PairSet

# Encoders see 224 to 384 pixels; what is larger than twice this is shrunk while it is decoded.
PICTURE_LONGEST_SIDE = 640
CLIP_LONGEST_SIDE = 320
MEDIA_FOLDER = "media"


def connect(settings: Settings, command: str, *, uses_vectors: bool = True) -> Operations:
    """Connect to the server that owns the library, or else open the library in this process.

    Args:
        settings: Where the library is.
        command: What the user called; messages to other users of the library name it.
        uses_vectors: Whether the caller searches or changes the library. Reading the catalogue
            alone does not require owning the library.

    Raises:
        ConfigError: The settings name a store that is no Qdrant server's URL.
        StoreLockedError: Another command uses the library, and it is no server.
        CatalogError: The folder cannot be opened.
    """
    server = live_server(settings)
    if server is not None:
        return server
    if uses_vectors:
        return open_library(settings, command)[0]
    return _library(settings, choose_stores(settings))


def live_server(settings: Settings) -> RemoteLibrary | None:
    """Return the server that owns the library, if there is one and it answers.

    Raises:
        ConfigError: The settings name a store that is no Qdrant server's URL.
    """
    owner = None if choose_stores(settings).shared else read_card(settings.library)
    if owner is None or not owner.url:
        return None
    # Whether the owner still lives is known by its answer, which proves that it has this library.
    token = settings.token.get_secret_value() if settings.token else None
    server = RemoteLibrary.of_folder(owner.url, settings.library, token)
    return server if server is not None and server.is_alive() else None


def open_library(settings: Settings, command: str) -> "tuple[Library, Ownership | None]":
    """Open the library and own it. One whose vectors are on a Qdrant server needs no owner.

    Raises:
        ConfigError: The settings name a store that is no Qdrant server's URL.
        StoreLockedError: Another process owns it.
        CatalogError: The folder cannot be opened.
    """
    stores = choose_stores(settings)
    if stores.shared:
        return _library(settings, stores), None
    ownership = Ownership(settings.library, command)
    try:
        return _library(settings, stores, on_close=ownership.release), ownership
    except BaseException:
        ownership.release()
        raise


def _library(
    settings: Settings, stores: Stores, on_close: Callable[[], None] = lambda: None
) -> "Library":
    from tubeseek.catalog import Catalog
    from tubeseek.library.library import Library

    catalog = Catalog(settings.library / CATALOG_NAME)
    return Library(catalog, _backends(settings, stores), settings.library, on_close)


def _backends(settings: Settings, stores: Stores) -> "Backends":
    from tubeseek.library.library import Backends

    def open_encoder(name: str, open_inner: "Callable[[str], Encoder]") -> "Encoder":
        from tubeseek.encoders import factory
        from tubeseek.encoders.text_cache import TextCache

        return TextCache(factory.open_encoder(name, settings, open_inner))

    return Backends(
        encoder=open_encoder,
        store=stores.open_store,
        drop_store=stores.drop_store,
        words=stores.open_words,
        source_kind=source_kind,
        places=places,
        agreeing_listings=agreeing_listings,
        open_tools=partial(_open_tools, settings),
        media_folder=settings.library / MEDIA_FOLDER,
        workers=settings.workers,
        picture=_read_query_picture,
        local_cues=_local_cues,
        default_encoder=DEFAULT_ENCODER,
        meanings_encoder=SENTENCES,
        chosen_encoder=settings.encoder,
        store_name=stores.name,
        weights=settings.weights,
    )


def _read_query_picture(data: bytes, name: str) -> "Frames":
    from tubeseek.media.pictures import picture_from_bytes

    return picture_from_bytes(data, name, PICTURE_LONGEST_SIDE)[None]  # (1, height, width, 3)


def _local_cues(video: "Video") -> "Sequence[Cue]":
    from tubeseek.sources.local.media import local_cues

    return local_cues(video)


def encoder_name(encoder: str | None, adapter: str | None) -> str | None:
    """The name that an index request gives an encoder, with paths in full.

    Args:
        encoder: A name, a Hugging Face id or a folder; None for the library's own, or, with an
            adapter, for the encoder that it was made for.
        adapter: A folder or a Hugging Face id; None for none.

    Raises:
        ModelUnavailableError: There is no such adapter.
    """
    if encoder:
        encoder = full_name(encoder)
    if adapter:
        from tubeseek.encoders.factory import with_adapter

        encoder = with_adapter(encoder, absolute_if_exists(adapter))
    return encoder


def export_encoder(request: "ExportRequest") -> "ExportResult":
    """Write an encoder or an adapter as a folder that transformers and PEFT load.

    Raises:
        InputError: There is nothing to export in that form, or something is in the way.
        ModelUnavailableError: The encoder or the adapter cannot be had, or is damaged.
        SharingError: The folder cannot be written, or there is no token to upload it with.
    """
    if request.repo:  # an upload that cannot succeed is refused before anything is computed
        from tubeseek.encoders.export.push import check_push

        check_push(request.repo)
    from tubeseek.encoders.export.export import export

    return export(request)


def push_export(folder: "Path", repo: str, *, private: bool) -> str:
    """Upload an export to the Hugging Face hub and return its address.

    Raises:
        SharingError: The hub refuses it, or cannot be reached.
    """
    from tubeseek.encoders.export.push import push

    return push(folder, repo, private=private)


def describe_encoder(
    encoder: str, settings: Settings, *, graph: "Path | None" = None, layers: int | None = None
) -> "EncoderDescription":
    """Return what an encoder is made of, and draw its graph if a file is given.

    Args:
        encoder: A name, a hub id or a folder, also an adapter's.
        settings: What to compute it on.
        graph: A file that ends in .svg, .dot, .png or .pdf.
        layers: Blocks of each tower that are drawn; None: all.

    Raises:
        InputError: It is not a single model, or the file's ending is unknown.
        ModelUnavailableError: The encoder or the adapter cannot be had.
        SharingError: What draws graphs is not installed, or the file cannot be written.
    """
    if graph:
        from tubeseek.encoders.export.drawing import check_drawing

        check_drawing(graph)
    from tubeseek.encoders.export.description import describe

    return describe(encoder, settings, graph, layers)


def diagnose_encoders(settings: Settings) -> "list[Diagnosis]":
    """Examine what encoders compute on, and which weights are here."""
    from tubeseek.encoders.factory import diagnose

    return diagnose(settings)


def diagnose_sources() -> "list[Diagnosis]":
    """Examine what sources need on this machine."""
    from tubeseek.sources.factory import diagnose

    return diagnose()


def library_pairs(settings: Settings, kind: str) -> "PairSet":
    """Return the training pairs of a library, which may be read while a server owns it.

    Args:
        settings: Where it is.
        kind: "thumbnail-title", "clip-title" or "still-caption".

    Raises:
        InputError: There is no such pair.
        CatalogError: There is no library.
    """
    from tubeseek.training.config import PairKind
    from tubeseek.training.data.pairs import library_pairs

    with read_catalog(settings) as catalog:
        videos = (video for video, _ in catalog.list_videos(catalog.counts()["videos"]))
        fetched = (catalog.media(video.id) for video in videos)
        return library_pairs((media for media in fetched if media is not None), PairKind(kind))


@contextmanager
def read_catalog(settings: Settings) -> "Iterator[Catalog]":
    """Yield the catalogue alone, also while another process owns the library.

    Raises:
        CatalogError: It cannot be read.
    """
    from tubeseek.catalog import Catalog

    catalog = Catalog(settings.library / CATALOG_NAME)
    try:
        yield catalog
    finally:
        catalog.close()


def videos_on_disk(
    settings: Settings, video_ids: "Iterable[str]"
) -> "dict[str, tuple[Video, Media | None]]":
    """Return videos of the library with their pictures, also while a server owns the library.

    Ids that the library does not have are left out. A video that was downloaded and kept has that
    as its file. The pictures are None where none were fetched yet.

    Raises:
        CatalogError: The catalogue cannot be read.
    """
    from dataclasses import replace

    from tubeseek.indexing.embedding import folder_of
    from tubeseek.sources.youtube.video_file_cache import kept_file

    ids = list(video_ids)
    with read_catalog(settings) as catalog:
        videos = dict(catalog.videos(ids))
        media = {video_id: catalog.media(video_id) for video_id in ids}
    for video_id, video in videos.items():
        kept = kept_file(folder_of(settings.library / MEDIA_FOLDER, video_id))
        if kept is not None and not video.file:
            videos[video_id] = replace(video, file=str(kept))
    return {video_id: (video, media[video_id]) for video_id, video in videos.items()}


def _open_tools(settings: Settings, download: bool | None, keep: bool | None) -> "IndexingTools":
    """Open what one indexing run fetches and reads with.

    Args:
        settings: Apply where an argument is None.
        download: Whether to download videos.
        keep: Whether to keep what was downloaded.

    Raises:
        InputError: Downloads shall be kept, but nothing is downloaded.
    """
    sources = open_sources(settings, download=download, keep=keep)
    from tubeseek.indexing.segmentation import IndexingTools
    from tubeseek.media.clips import read_clip
    from tubeseek.media.pictures import read_picture

    return IndexingTools(
        sources=sources.by_kind,
        read_picture=lambda path: read_picture(path, PICTURE_LONGEST_SIDE)[None],
        read_clip=partial(read_clip, longest_side=CLIP_LONGEST_SIDE),
        media_folder=settings.library / MEDIA_FOLDER,
        video_files=sources.video_files,
        captions=sources.captions,
        tables=sources.tables,
        facts=sources.facts,
        notices=sources.notices,
    )
