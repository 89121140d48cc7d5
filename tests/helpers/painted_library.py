"""A library of painted pictures, opened as `tubeseek.library.open` opens one."""

import csv
import threading
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.helpers.memory_passages import MemoryPassages
from tests.helpers.memory_store import MemoryStore
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.catalog import Catalog
from tubeseek.core.errors import InputError, ModelUnavailableError
from tubeseek.core.protocols import Encoder, PassageStore, VectorStore, VideoSource
from tubeseek.core.types import EncoderSpec, Media, Video
from tubeseek.indexing.segmentation import IndexingTools
from tubeseek.library.library import Backends, Library
from tubeseek.media.clips import read_clip
from tubeseek.media.pictures import picture_from_bytes, read_picture
from tubeseek.sources.local.dataset import DatasetSource

ODD_IDS = ["a/b c", "/slash/", "..", "한국어?#%41", "a&b=c+d", "..%2f..%2fetc"]
VIDEOS = {  # id -> colour; an id may hold any printable character
    "v-red": "red",
    "v-green": "green",
    "v-blue": "blue",
    "v-yellow": "yellow",
    **dict.fromkeys(ODD_IDS, "black"),
}

GATED = "gated"  # the locator of `GatedSource`


def paint_dataset(folder: Path, colours: Mapping[str, str]) -> Path:
    """A dataset of one-coloured pictures.

    Args:
        folder: Where to put it.
        colours: By video id; ids may be anything, the pictures are numbered.
    """
    (folder / "images").mkdir(parents=True)
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["Id", "Title", "Channel", "Category", "Views", "File"])
        for number, (video_id, colour) in enumerate(colours.items()):
            name = f"images/{number}.png"
            Image.new("RGB", (32, 18), PALETTE[colour]).save(folder / name)
            channel = "Warm" if colour in ("red", "yellow", "magenta") else "Cold"
            title = f"All in {colour}"
            table.writerow([video_id, title, channel, "Paint", 100 * (number + 1), name])
    return folder


def picture_of(colour: str) -> bytes:
    """A PNG file."""
    file = BytesIO()
    Image.new("RGB", (20, 20), PALETTE[colour]).save(file, "PNG")
    return file.getvalue()


class GatedSource:
    """Lists three videos; after the first it waits until `gate` is set."""

    def __init__(self, gate: threading.Event) -> None:
        self._gate = gate

    def list(self, locator: str) -> Iterator[Video | Exception]:
        yield Video("first", "https://example.org/first", "First")
        if not self._gate.wait(timeout=30):
            raise AssertionError("nobody opened the gate")
        yield Video("second", "https://example.org/second", "Second")
        yield Video("third", "https://example.org/third", "Third")

    def fetch(self, video: Video, folder: Path) -> Media:
        raise AssertionError("these videos are only listed")

    def close(self) -> None:
        self._gate.set()


def open_painted(
    folder: Path,
    gate: threading.Event | None = None,
    encoder: Callable[[str], Encoder] | None = None,
    store: Callable[[EncoderSpec], VectorStore] = MemoryStore,
    words: Callable[[], PassageStore] = MemoryPassages,
    drop_store: Callable[[EncoderSpec], None] = lambda spec: None,
) -> Library:
    """A library with its catalogue in `folder`, datasets as sources, and stores in memory."""
    sources: dict[str, VideoSource] = {"dataset": DatasetSource()}
    if gate is not None:
        sources[GATED] = GatedSource(gate)
    adapters = Backends(
        encoder=lambda name, _: (encoder or _encoder)(name),
        store=store,
        drop_store=drop_store,
        words=words,
        source_kind=_source_kind,
        places=lambda locator, columns: ([_source_kind(locator)], []),
        agreeing_listings=lambda locator, kind: 1,
        open_tools=lambda download, keep: IndexingTools(
            sources, lambda path: read_picture(path)[None], read_clip, folder / "media"
        ),
        media_folder=folder / "media",
        workers=2,
        picture=lambda data, name: picture_from_bytes(data, name)[None],
        local_cues=lambda video: (),
        default_encoder="palette",
        meanings_encoder="",
        chosen_encoder="",
        store_name="memory",
        weights={},
    )
    return Library(Catalog(folder / "catalog.sqlite"), adapters, folder, lambda: None)


def _encoder(name: str) -> Encoder:
    if name != "palette":
        raise ModelUnavailableError(f"no weights of {name!r} here; use palette")
    return PaletteEncoder()


def _source_kind(locator: str) -> tuple[str, str]:
    if locator == GATED:
        return locator, GATED
    if Path(locator).is_dir():
        return str(Path(locator).absolute()), "dataset"
    raise InputError(f"{locator!r} is no folder; give one")
