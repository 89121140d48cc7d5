"""Lays out published sets as data sets with judgements; their media are linked or copied."""

import csv
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tubeseek.core.errors import InputError, SourceError
from tubeseek.evaluation.published_annotations import READERS, Choice, require_form


@dataclass(frozen=True, slots=True)
class Item:
    """A picture or video of a set.

    Attributes:
        id: Its name in the set.
        files: Where it may lie in the folder of media, the likeliest first.
        captions: What describes it, each with the group that its figures are reported by.
    """

    id: str
    files: tuple[str, ...]
    captions: tuple[tuple[str, str], ...]


def read_published(
    kind: str, annotations: Path, choice: Choice, damaged: list[str] | None = None
) -> list[Item]:
    """Return the items of a published set.

    Args:
        kind: The name of the set.
        annotations: Its annotation file.
        choice: Which part of it is read.
        damaged: Receives a message for each row that cannot be read.

    Raises:
        InputError: The set is unknown, or the file is damaged or of another form.
    """
    read = READERS.get(kind)
    if read is None:
        raise InputError(f"no published set {kind!r}; there are {', '.join(READERS)}")
    require_form(kind, annotations)
    captions: dict[str, tuple[tuple[str, ...], list[tuple[str, str]]]] = {}
    try:
        for caption in read(annotations, choice):
            if isinstance(caption, SourceError):
                if damaged is not None:
                    damaged.append(str(caption))
            elif text := " ".join(caption.text.split()):
                captions.setdefault(caption.id, (caption.files, []))[1].append(
                    (text, caption.group)
                )
    except OSError as error:
        raise InputError(f"{annotations} cannot be read ({error.strerror}); check it") from error
    if not captions:
        raise InputError(f"{annotations} holds no caption of the part of {kind} that was chosen")
    return [Item(name, files, tuple(texts)) for name, (files, texts) in captions.items()]


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
