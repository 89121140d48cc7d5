"""Lays a published set out as a dataset folder that `tubeseek add` reads, with its judgements."""

import csv
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tubeseek.errors import InputError
from tubeseek.evaluate.published import Item

JUDGEMENTS = "judgements.jsonl"


@dataclass(frozen=True, slots=True)
class Laid:
    """What was laid out.

    Attributes:
        items: How many pictures or videos.
        captions: How many judgements.
        missing: The ids whose media were not found. Published figures want all of them.
    """

    items: int
    captions: int
    missing: tuple[str, ...]


def lay_out(items: Sequence[Item], media: Path, folder: Path) -> Laid:
    """Writes `metadata.csv`, the media and `judgements.jsonl`.

    Media are linked where the disk can, else copied. No title is written: captions are what is
    asked, so nothing of them may be found by its words.

    Args:
        items: Of the set.
        media: The folder of pictures or videos that the set's authors give out.
        folder: To be made; must not hold anything yet.

    Raises:
        InputError: None of the media is there, or the folder is in use.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty; give a folder that can be made")
    found = {item.id: path for item in items if (path := _found(item, media)) is not None}
    if not found:
        raise InputError(
            f"none of the {len(items)} files of this set is in {media}, such as "
            f"{items[0].files[0]}; give the folder that holds them"
        )
    target = folder / "media"
    target.mkdir(parents=True, exist_ok=True)
    present = [item for item in items if item.id in found]
    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Id", "File"])
        for item in present:
            path = found[item.id]
            _link(path, target / f"{item.id}{path.suffix}")
            table.writerow([item.id, f"media/{item.id}{path.suffix}"])
    asked = 0
    with (folder / JUDGEMENTS).open("w", encoding="utf-8") as file:
        for item in present:
            for caption, group in item.captions:
                facts = {"query": caption, "video_id": item.id, "group": group}
                file.write(json.dumps(facts, ensure_ascii=False) + "\n")
                asked += 1
    missing = tuple(item.id for item in items if item.id not in found)
    return Laid(len(present), asked, missing)


def _found(item: Item, media: Path) -> Path | None:
    return next((media / name for name in item.files if (media / name).is_file()), None)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source.resolve(), target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)
