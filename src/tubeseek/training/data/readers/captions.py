"""Reads captions, several to a picture, in the formats in which such data sets are published.

- COCO: {"images": [{"id", "file_name"}], "annotations": [{"id", "image_id", "caption"}]}
- Karpathy's splits: {"images": [{"filename", "filepath", "sentences": [{"raw"}]}]}; the file's own
  split is not used
- a list: [{"image", "caption"}], where the caption is a text or a list of texts
- CSV with a column for the picture and one or more for captions; a picture may have several rows

In lists and CSV the column of the picture is image, file, file_name, filename, image_name,
image_path or path, and that of a text caption (caption_1, ...), captions, text, title, sentence,
sentences or comment; channel and category are optional.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from tubeseek.core.csv_rows import read_table
from tubeseek.core.errors import SourceError
from tubeseek.core.json_stream import Json, json_items
from tubeseek.sources.local.dataset_columns import column_key
from tubeseek.training.data.readers.rows import CaptionRow

PICTURE_KEYS = ("image", "file", "filename", "imagename", "imagepath", "path")
TEXT_KEYS = ("captions", "text", "title", "sentence", "sentences", "comment")
CAPTION = "caption"  # also with a suffix: caption_1, caption_2, ...
Rows = Iterator[CaptionRow | Exception]


def coco_rows(path: Path) -> Rows:
    """Yield the annotations with the names of their images; reads the file twice."""
    names: dict[Json, str] = {}
    for member, item in json_items(path):
        if member == "images":
            number, name = _of(item, "id"), _of(item, "file_name")
            if isinstance(number, int | str) and isinstance(name, str):
                names[number] = name
            else:
                yield SourceError(f"{path.name}: image without id or file_name: {item!r:.100}")
    numbers: set[Json] = set()
    for member, item in json_items(path):
        if member != "annotations":
            continue
        number, image = _of(item, "id"), _of(item, "image_id")
        place = f"{path.name}, annotation {number}"
        if not isinstance(number, int | str) or not isinstance(image, int | str):
            yield SourceError(f"{path.name}: annotation without id or image_id: {item!r:.100}")
        elif number in numbers:
            yield SourceError(f"{place} occurs twice; remove one")
        elif image not in names:
            yield SourceError(f"{place}: image {image} is missing; add it to images")
        else:
            numbers.add(number)
            yield CaptionRow(place, names[image], _texts(_of(item, CAPTION)))


def karpathy_rows(path: Path) -> Rows:
    """Yield the images with their sentences."""
    for member, item in json_items(path):
        if member != "images":
            continue
        name, folder, sentences = (_of(item, k) for k in ("filename", "filepath", "sentences"))
        if not isinstance(name, str) or not isinstance(sentences, list):
            yield SourceError(f"{path.name}: image without filename or sentences: {item!r:.100}")
            continue
        texts = tuple(text for sentence in sentences for text in _texts(_of(sentence, "raw")))
        picture = f"{folder}/{name}" if isinstance(folder, str) and folder else name
        yield CaptionRow(f"{path.name}, {name}", picture, texts)


def listed_rows(path: Path) -> Rows:
    """Yield the objects of a list."""
    for number, (_, item) in enumerate(json_items(path), start=1):
        place = f"{path.name}, item {number}"
        if not isinstance(item, dict):
            yield SourceError(f"{place}: not an object: {item!r:.100}")
            continue
        yield _row(place, {column_key(name): value for name, value in item.items()})


def csv_rows(path: Path) -> Rows:
    """Yield the rows of a table.

    Raises:
        SourceError: The header cannot be read.
    """
    with path.open("rb") as file:
        columns, rows = read_table(file, path.name)
        keys = [column_key(column) for column in columns]
        for row in rows:
            if isinstance(row, SourceError):
                yield row
            else:
                cells: dict[str, Json] = dict(zip(keys, row.cells, strict=True))
                yield _row(f"{path.name}, line {row.line}", cells)


def has_captions(keys: list[str]) -> bool:
    """Return whether columns of a table, or names of an object, hold a picture and captions."""
    return any(key in PICTURE_KEYS for key in keys) and any(map(_is_text_key, keys))


def _row(place: str, cells: dict[str, Json]) -> CaptionRow | SourceError:
    picture = next((cells[key] for key in PICTURE_KEYS if cells.get(key)), None)
    if not isinstance(picture, str):
        return SourceError(f"{place} names no picture; name one or remove the row")
    texts = [text for key, value in cells.items() if _is_text_key(key) for text in _texts(value)]
    channel, category = (_text(cells.get(key)) for key in ("channel", "category"))
    return CaptionRow(place, picture, tuple(texts), channel, category)


def _is_text_key(key: str) -> bool:
    return key.startswith(CAPTION) or key in TEXT_KEYS


def _text(value: Json) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: Json) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in values if isinstance(text, str))


def _of(item: Json, name: str) -> Json:
    return item.get(name) if isinstance(item, dict) else None


READERS: dict[str, Callable[[Path], Rows]] = {
    "coco": coco_rows,
    "karpathy": karpathy_rows,
    "list": listed_rows,
    "csv": csv_rows,
}
