"""Reads the annotation files of published sets, and tells their forms apart.

- `msrvtt`: MSRVTT_JSFUSION_test.csv, the 1k-A test split (key, vid_key, video_id, sentence). Source
  of the split: Yu, Kim and Kim, "A Joint Sequence Fusion Model ...", ECCV 2018.
- `msvd`: video_corpus.csv (VideoID, Start, End, Language, Description), or AllVideoDescriptions.txt
  (name, blank, caption); the test split is named by test_list.txt.
- `karpathy`: dataset_coco.json, dataset_flickr30k.json, dataset_flickr8k.json; one split of them.
  Source: Karpathy and Fei-Fei, "Deep Visual-Semantic Alignments ...", CVPR 2015.
- `xm3600`: captions.jsonl of Crossmodal-3600, in one language or all 36. Source: Thapliyal et al.,
  "Crossmodal-3600: A Massively Multilingual Multimodal Evaluation Dataset", EMNLP 2022.
"""

import json
import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from tubeseek.core.csv_rows import Row, read_table
from tubeseek.core.errors import InputError, SourceError
from tubeseek.core.json_stream import MAX_ITEM_CHARACTERS, Json, json_items
from tubeseek.core.text_files import text_lines

VIDEO_SUFFIXES = (".mp4", ".avi", ".mkv", ".webm")
FILES = MappingProxyType(
    {
        "msrvtt": "MSRVTT_JSFUSION_test.csv (columns video_id, sentence)",
        "msvd": "video_corpus.csv or AllVideoDescriptions.txt",
        "karpathy": "dataset_coco.json, dataset_flickr30k.json or dataset_flickr8k.json",
        "xm3600": "captions.jsonl of Crossmodal-3600",
    }
)
_MSVD_NAME = re.compile(r"[\w-]{11}_\d+_\d+|vid\d+", re.ASCII)
_LINES_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of a set is read.

    Attributes:
        split: Of `karpathy`.
        names: Of `msvd`: the videos of the split; None means all.
        language: Of `xm3600`, as in "ko"; empty means all.
    """

    split: str = "test"
    names: Container[str] | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption of a set, with the id of what it describes.

    Attributes:
        id: The name of the picture or video in the set.
        files: Where it may lie in the folder of media, the likeliest first.
        text: The caption.
        group: What its figures are reported by.
    """

    id: str
    files: tuple[str, ...]
    text: str
    group: str = ""


Captions: TypeAlias = Iterator[Caption | SourceError]


def require_form(kind: str, path: Path) -> None:
    """Raise InputError unless a file has the form of a set's annotations."""
    try:
        form, holds = _form_of(path)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); give {FILES[kind]}") from error
    if form != kind:
        other = f"it is that of `{form}`" if form else f"it holds {holds}"
        raise InputError(f"{path} has the wrong form for {kind}: {other}; give {FILES[kind]}")


def _form_of(path: Path) -> tuple[str, str]:
    """Return (the set whose form a file has, ""), or ("", what the file holds)."""
    with path.open("rb") as file:
        if file.read(1) == b"\x80":
            return "", "a pickle of Python"
        file.seek(0)
        lines = (line.text.strip() for line in text_lines(file, MAX_ITEM_CHARACTERS))
        texts = [text for text in islice(lines, _LINES_LOOKED_AT) if text and text[0] != "#"]
    if not texts:
        return "", "nothing"
    if texts[0][0] in "{[":
        return _form_of_json(path, texts[0])
    if _is_msvd_line(texts[0]):
        return "msvd", ""
    with path.open("rb") as file:
        try:
            columns = read_table(file, path.name)[0]
        except SourceError as error:
            return "", str(error)
    if {"video_id", "sentence"} <= set(columns):
        return "msrvtt", ""
    if {"VideoID", "Start", "End", "Language", "Description"} <= set(columns):
        return "msvd", ""
    return "", f"columns {', '.join(columns):.100}"


def _form_of_json(path: Path, first_line: str) -> tuple[str, str]:
    try:
        first = json.loads(first_line)
    except (ValueError, RecursionError):
        first = None  # the document has several lines
    if isinstance(first, dict) and "image/key" in first:
        return "xm3600", ""
    members: dict[str, None] = {}
    try:
        for member, item in json_items(path):
            members[member] = None
            if (
                member == "images"
                and isinstance(item, dict)
                and {"sentences", "split"} <= set(item)
            ):
                return "karpathy", ""
            if member == "sentences":
                return "", "the sentences of MSRVTT_data.json, which is another split"
    except InputError as error:
        return "", str(error)
    return "", f"JSON with {', '.join(filter(None, members)) or 'a list'}"


def _msrvtt(path: Path, choice: Choice) -> Captions:
    for row in _rows(path):
        if isinstance(row, SourceError):
            yield row
            continue
        name = row["video_id"]
        yield Caption(name, _video_files(name), row["sentence"])


def _msvd(path: Path, choice: Choice) -> Captions:
    is_table = not _is_msvd_text(path)
    for caption in _msvd_table(path) if is_table else _msvd_lines(path):
        is_chosen = isinstance(caption, SourceError) or _is_named(caption.id, choice.names)
        if is_chosen:
            yield caption


def _is_named(name: str, names: Container[str] | None) -> bool:
    return names is None or name in names or f"{name}.avi" in names


def _msvd_table(path: Path) -> Captions:
    for row in _rows(path):
        if isinstance(row, SourceError):
            yield row
        elif row["Language"] == "English":
            name = f"{row['VideoID']}_{row['Start']}_{row['End']}"
            yield Caption(name, _video_files(name), row["Description"])


def _msvd_lines(path: Path) -> Captions:
    with path.open("rb") as file:
        for line in text_lines(file):
            text = line.text.strip()
            if _is_msvd_line(text):
                name, _, caption = text.partition(" ")
                yield Caption(name, _video_files(name), caption)
            elif text and not text.startswith("#"):
                yield SourceError(
                    f"{path.name}, line {line.number}: {text:.60} is no name with a caption"
                )


def _is_msvd_text(path: Path) -> bool:
    with path.open("rb") as file:
        lines = (line.text.strip() for line in text_lines(file))
        return _is_msvd_line(next((text for text in lines if text and text[0] != "#"), ""))


def _is_msvd_line(text: str) -> bool:
    name, blank, caption = text.partition(" ")
    return bool(blank and caption and _MSVD_NAME.fullmatch(name))


def _karpathy(path: Path, choice: Choice) -> Captions:
    for member, image in json_items(path):
        if member != "images":
            continue
        fields = image if isinstance(image, dict) else {}
        name, folder, sentences = (fields.get(k) for k in ("filename", "filepath", "sentences"))
        if not isinstance(name, str) or not isinstance(sentences, list):
            yield SourceError(f"{path.name}: image without filename or sentences: {image!r:.100}")
        elif fields.get("split") == choice.split:
            files = (f"{folder}/{name}", name) if folder else (name,)
            for sentence in sentences:
                raw = sentence.get("raw") if isinstance(sentence, dict) else None
                yield Caption(Path(name).stem, files, raw if isinstance(raw, str) else "")


def _xm3600(path: Path, choice: Choice) -> Captions:
    with path.open("rb") as file:
        for line in text_lines(file, MAX_ITEM_CHARACTERS):
            if not line.text.strip():
                continue
            try:
                facts: Json = json.loads(line.text)
            except (ValueError, RecursionError) as error:
                yield SourceError(f"{path.name}, line {line.number} is not JSON ({error!s:.80})")
                continue
            name = facts.get("image/key") if isinstance(facts, dict) else None
            if not isinstance(facts, dict) or not isinstance(name, str):
                yield SourceError(f"{path.name}, line {line.number} has no image/key")
                continue
            for language, captions in facts.items():
                texts = captions.get("caption") if isinstance(captions, dict) else None
                if choice.language in ("", language) and isinstance(texts, list):
                    for text in texts:
                        yield Caption(name, (f"{name}.jpg",), str(text), language)


def _rows(path: Path) -> Iterator[dict[str, str] | SourceError]:
    with path.open("rb") as file:
        columns, rows = read_table(file, path.name)
        for row in rows:
            yield dict(zip(columns, row.cells, strict=True)) if isinstance(row, Row) else row


def _video_files(name: str) -> tuple[str, ...]:
    return tuple(name + suffix for suffix in VIDEO_SUFFIXES)


READERS: Mapping[str, Callable[[Path, Choice], Captions]] = MappingProxyType(
    {"msrvtt": _msrvtt, "msvd": _msvd, "karpathy": _karpathy, "xm3600": _xm3600}
)
