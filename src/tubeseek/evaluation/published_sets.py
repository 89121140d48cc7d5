"""Reads the annotation files of published sets, without their media.

- `msrvtt`: MSRVTT_JSFUSION_test.csv, the 1k-A test split (key, vid_key, video_id, sentence). Source
  of the split: Yu, Kim and Kim, "A Joint Sequence Fusion Model ...", ECCV 2018.
- `msvd`: video_corpus.csv (VideoID, Start, End, Language, Description), or AllVideoDescriptions.txt
  (name, blank, caption); the test split is named by test_list.txt.
- `karpathy`: dataset_coco.json, dataset_flickr30k.json, dataset_flickr8k.json; one split of them.
  Source: Karpathy and Fei-Fei, "Deep Visual-Semantic Alignments ...", CVPR 2015.
- `xm3600`: captions.jsonl of Crossmodal-3600, in one language or all 36. Source: Thapliyal et al.,
  "Crossmodal-3600: A Massively Multilingual Multimodal Evaluation Dataset", EMNLP 2022.
"""

import csv
import json
import os
import shutil
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tubeseek.core.errors import InputError

VIDEO_SUFFIXES = (".mp4", ".avi", ".mkv", ".webm")


@dataclass(frozen=True, slots=True)
class Item:
    """A picture or video of a set.

    Attributes:
        id: Its name in the set.
        files: Where its file may be in the folder of media, the likeliest first.
        captions: Its captions, each with the group by which figures are reported.
    """

    id: str
    files: tuple[str, ...]
    captions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The part of a set to read.

    Attributes:
        split: The split of `karpathy`.
        names: The videos of `msvd`; None means all.
        language: The language of `xm3600`, such as "ko"; empty means all.
    """

    split: str = "test"
    names: Container[str] | None = None
    language: str = ""


def read_published(kind: str, annotations: Path, choice: Choice) -> list[Item]:
    """Read the items of a published set.

    Raises:
        InputError: The set is unknown, or the file has another format.
    """
    read = READERS.get(kind)
    if read is None:
        raise InputError(f"no published set {kind!r}; there are {', '.join(READERS)}")
    captions: dict[str, tuple[tuple[str, ...], list[tuple[str, str]]]] = {}
    try:
        for name, files, text, group in read(annotations, choice):
            if text.strip():
                captions.setdefault(name, (files, []))[1].append((" ".join(text.split()), group))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(
            f"{annotations} cannot be read as annotations of {kind} "
            f"({type(error).__name__}: {error}); give {_FILES[kind]}"
        ) from error
    if not captions:
        raise InputError(f"{annotations} has no captions of the chosen part of {kind}")
    return [Item(name, files, tuple(texts)) for name, (files, texts) in captions.items()]


Row = tuple[str, tuple[str, ...], str, str]  # id, files, caption, group


def _msrvtt(path: Path, choice: Choice) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield row["video_id"], _video_files(row["video_id"]), row["sentence"], ""


def _msvd(path: Path, choice: Choice) -> Iterator[Row]:
    rows = _msvd_table(path) if path.suffix == ".csv" else _msvd_lines(path)
    for name, caption in rows:
        if choice.names is None or name in choice.names:
            yield name, _video_files(name), caption, ""


def _msvd_table(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["Language"] == "English":
                yield f"{row['VideoID']}_{row['Start']}_{row['End']}", row["Description"]


def _msvd_lines(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, caption = line.partition(" ")
            yield name, caption


def _karpathy(path: Path, choice: Choice) -> Iterator[Row]:
    whole = json.loads(path.read_text(encoding="utf-8"))
    for image in whole["images"]:
        if image["split"] == choice.split:
            name = image["filename"]
            folder = image.get("filepath", "")
            files = (f"{folder}/{name}", name) if folder else (name,)
            for sentence in image["sentences"]:
                yield Path(name).stem, files, sentence["raw"], ""


def _xm3600(path: Path, choice: Choice) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            facts: dict[str, Any] = json.loads(line)
            name = facts["image/key"]
            for language, captions in facts.items():
                is_chosen = choice.language in ("", language)
                if is_chosen and isinstance(captions, Mapping) and "caption" in captions:
                    for caption in captions["caption"]:
                        yield name, (f"{name}.jpg",), caption, language


def _video_files(name: str) -> tuple[str, ...]:
    return tuple(name + suffix for suffix in VIDEO_SUFFIXES)


READERS: Mapping[str, Callable[[Path, Choice], Iterator[Row]]] = MappingProxyType(
    {"msrvtt": _msrvtt, "msvd": _msvd, "karpathy": _karpathy, "xm3600": _xm3600}
)
_FILES = MappingProxyType(
    {
        "msrvtt": "MSRVTT_JSFUSION_test.csv (columns video_id, sentence)",
        "msvd": "video_corpus.csv or AllVideoDescriptions.txt",
        "karpathy": "dataset_coco.json, dataset_flickr30k.json or dataset_flickr8k.json",
        "xm3600": "captions.jsonl of Crossmodal-3600",
    }
)


JUDGEMENTS = "judgements.jsonl"


@dataclass(frozen=True, slots=True)
class PreparedSet:
    """The counts of a set that was laid out.

    Attributes:
        items: The number of pictures or videos.
        captions: The number of judgements.
        missing: The ids whose media were not found; published figures need all of them.
    """

    items: int
    captions: int
    missing: tuple[str, ...]


def lay_out(items: Sequence[Item], media: Path, folder: Path) -> PreparedSet:
    """Write `metadata.csv`, the media and `judgements.jsonl`.

    Media are linked if the disk supports it, else copied. No titles are written: the captions are
    the queries, and must not find a video by its words.

    Args:
        items: The items of the set.
        media: The folder of pictures or videos that the set's authors publish.
        folder: The folder to make; it must be empty if it exists.

    Raises:
        InputError: None of the media is there, or the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty; give a folder that can be made")
    paths = {item.id: path for item in items if (path := _find_file(item, media)) is not None}
    if not paths:
        raise InputError(
            f"none of the {len(items)} files of this set, such as {items[0].files[0]}, is in "
            f"{media}; give the folder of its media"
        )
    target = folder / "media"
    target.mkdir(parents=True, exist_ok=True)
    present = [item for item in items if item.id in paths]
    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Id", "File"])
        for item in present:
            path = paths[item.id]
            _link(path, target / f"{item.id}{path.suffix}")
            table.writerow([item.id, f"media/{item.id}{path.suffix}"])
    captions = 0
    with (folder / JUDGEMENTS).open("w", encoding="utf-8") as file:
        for item in present:
            for caption, group in item.captions:
                facts = {"query": caption, "video_id": item.id, "group": group}
                file.write(json.dumps(facts, ensure_ascii=False) + "\n")
                captions += 1
    missing = tuple(item.id for item in items if item.id not in paths)
    return PreparedSet(len(present), captions, missing)


def _find_file(item: Item, media: Path) -> Path | None:
    return next((media / name for name in item.files if (media / name).is_file()), None)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source.resolve(), target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)
