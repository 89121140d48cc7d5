"""Which files in a tree of folders belong together. Nothing is opened here."""

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tubeseek.sources.local.files import PICTURE_SUFFIXES, VIDEO_SUFFIXES

INFO_SUFFIX = ".info.json"
SUBTITLE_SUFFIXES = (".ass", ".json3", ".lrc", ".srt", ".srv1", ".srv2", ".srv3", ".ttml", ".vtt")
_NOT_OURS = frozenset({"lost+found", "$RECYCLE.BIN", "System Volume Information", "@eaDir"})
_LANGUAGE = re.compile(r"(?P<stem>.+)\.(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9-]{1,20})?)")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A video with what lies beside it: names of files in one folder that share a stem."""

    stem: str
    video: str = ""
    info: str = ""
    picture: str = ""
    subtitles: dict[str, str] = field(default_factory=dict)  # by language, "" where none is named


def walk(root: Path, unreadable: list[OSError]) -> Iterator[tuple[Path, list[str]]]:
    """Each folder with the names of its files, in order of names, a folder before those inside it.

    Args:
        root: Where to begin.
        unreadable: Receives the reason for each folder that cannot be read.
    """
    real_root = root.resolve()
    entered: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            facts = folder.stat()
            if (facts.st_dev, facts.st_ino) in entered:
                continue
            entered.add((facts.st_dev, facts.st_ino))
            with os.scandir(folder) as entries:
                wanted = sorted(filter(_is_wanted, entries), key=lambda entry: nfc(entry.name))
        except OSError as error:
            unreadable.append(error)
            continue
        kept = [entry for entry in wanted if not _leads_inside(entry, real_root)]
        yield folder, [entry.name for entry in kept if entry.is_file()]  # a fifo would block
        waiting.extend(folder / entry.name for entry in reversed(kept) if entry.is_dir())


def bundles(names: Sequence[str]) -> Iterator[Bundle]:
    """The videos among the files of one folder, in the order of `names`.

    A picture and an `.info.json` without a video make one too: archives are often kept that way.

    >>> [bundle] = bundles(["cat.info.json", "cat.ko.vtt", "cat.mp4", "cat.webp", "dog.jpg"])
    >>> bundle.video, bundle.picture, bundle.info, bundle.subtitles
    ('cat.mp4', 'cat.webp', 'cat.info.json', {'ko': 'cat.ko.vtt'})
    """
    by_suffix: dict[str, dict[str, str]] = {}
    for name in names:
        for suffix in (*PICTURE_SUFFIXES, INFO_SUFFIX):
            if name.lower().endswith(suffix):
                by_suffix.setdefault(suffix, {})[name[: -len(suffix)]] = name
    infos = by_suffix.get(INFO_SUFFIX, {})
    subtitles = _subtitles(names)
    with_video = {Path(name).stem for name in names if _is_video(name)}
    for name in names:
        if _is_video(name):
            stem, video = Path(name).stem, name
        elif infos.get(stem := name[: -len(INFO_SUFFIX)]) == name and stem not in with_video:
            video = ""
        else:
            continue
        pictures = (by_suffix.get(suffix, {}).get(stem, "") for suffix in PICTURE_SUFFIXES)
        yield Bundle(
            stem,
            video,
            infos.get(stem, ""),
            next(filter(None, pictures), ""),
            subtitles.get(stem, {}),
        )


def _subtitles(names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Subtitle files by stem and language; "a.ko.srt" may be of "a" or, unmarked, of "a.ko"."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        base, dot, suffix = name.rpartition(".")
        if dot + suffix.lower() not in SUBTITLE_SUFFIXES:
            continue
        found.setdefault(base, {})[""] = name
        if marked := _LANGUAGE.fullmatch(base):
            found.setdefault(marked["stem"], {})[marked["language"]] = name
    return found


def _is_video(name: str) -> bool:
    return name.lower().endswith(VIDEO_SUFFIXES)


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.name not in _NOT_OURS


def _leads_inside(entry: os.DirEntry[str], real_root: Path) -> bool:
    """Whether it is a link to something that the walk meets anyway, or to nothing."""
    if not entry.is_symlink():
        return False
    try:
        return Path(entry.path).resolve(strict=True).is_relative_to(real_root)
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        return True


def nfc(name: str) -> str:
    """macOS hands out decomposed names; the same name sorts and hashes the same everywhere."""
    return unicodedata.normalize("NFC", name)
