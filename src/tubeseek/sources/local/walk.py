"""Walks a tree of folders and groups the files that belong together, without opening them."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tubeseek.sources.local.files import PICTURE_SUFFIXES, VIDEO_SUFFIXES
from tubeseek.sources.local.ytdlp_archive import id_in_name

INFO_SUFFIX = ".info.json"
SUBTITLE_SUFFIXES = (".ass", ".json3", ".lrc", ".srt", ".srv1", ".srv2", ".srv3", ".ttml", ".vtt")
_NOT_OURS = frozenset({"lost+found", "$RECYCLE.BIN", "System Volume Information", "@eaDir"})
_FORMAT = re.compile(r"\.f[0-9]{2,}(?:-[A-Za-z0-9]+)?$")  # of yt-dlp, before it merges
_TEMPORARY = re.compile(r".*\.(?:temp|part(?:-Frag[0-9]+)?)\.[^.]+", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?P<stem>.+)\.(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9-]{1,20})?)")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A video and its companion files: names of files in one folder that share a stem.

    Attributes:
        videos: The video file; if yt-dlp did not merge its formats, a file of each, of which some
            hold sound only.
    """

    stem: str
    videos: tuple[str, ...] = ()
    info: str = ""
    picture: str = ""
    subtitles: dict[str, str] = field(default_factory=dict)  # by language; "" if the name has none


def walk(root: Path, unreadable: list[OSError]) -> Iterator[tuple[Path, list[str]]]:
    """Yield each folder with the names of its files, by name, a folder before those inside it.

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
            stat = folder.stat()
            if (stat.st_dev, stat.st_ino) in entered:
                continue
            entered.add((stat.st_dev, stat.st_ino))
            with os.scandir(folder) as entries:
                visible = sorted(filter(_is_visible, entries), key=lambda entry: nfc(entry.name))
        except OSError as error:
            unreadable.append(error)
            continue
        kept = [entry for entry in visible if not _leads_inside(entry, real_root)]
        yield folder, [entry.name for entry in kept if entry.is_file()]  # a fifo would block
        waiting.extend(folder / entry.name for entry in reversed(kept) if entry.is_dir())


def bundles(names: Sequence[str]) -> Iterator[Bundle]:
    """Yield the videos among the files of one folder, in the order of `names`.

    An `.info.json` without a video also makes a bundle: archives are often kept so. What yt-dlp
    has not completed is left out, and so are formats beside the file that they were merged into.

    >>> [bundle] = bundles(["cat.info.json", "cat.ko.vtt", "cat.mp4", "cat.webp", "dog.jpg"])
    >>> bundle.videos, bundle.picture, bundle.info, bundle.subtitles
    (('cat.mp4',), 'cat.webp', 'cat.info.json', {'ko': 'cat.ko.vtt'})
    >>> [bundle.videos for bundle in bundles(["a.f137.mp4", "a.f251.webm", "a.info.json"])]
    [('a.f137.mp4', 'a.f251.webm')]
    """
    by_suffix: dict[str, dict[str, str]] = {}
    for name in names:
        for suffix in (*PICTURE_SUFFIXES, INFO_SUFFIX):
            if name.lower().endswith(suffix):
                by_suffix.setdefault(suffix, {})[name[: -len(suffix)]] = name
    infos = by_suffix.get(INFO_SUFFIX, {})
    subtitles = _subtitles(names)
    whole = {Path(name).stem for name in names if _is_video(name)}
    videos: dict[tuple[str, str], tuple[str, ...]] = {}  # by stem and, if it is whole, file
    for name in names:
        if not _is_video(name):
            continue
        stem = Path(name).stem
        base = without_format(stem)
        if base == stem or not (base in infos or base in whole or id_in_name(base)):
            videos[stem, name] = (name,)
        elif base not in whole:
            videos[base, ""] = (*videos.get((base, ""), ()), name)
    with_video = {stem for stem, _ in videos}
    alone = {(stem, ""): () for stem in infos if stem not in with_video}
    for (stem, _), files in sorted({**videos, **alone}.items(), key=_place(names, infos)):
        pictures = (by_suffix.get(suffix, {}).get(stem, "") for suffix in PICTURE_SUFFIXES)
        yield Bundle(
            stem,
            files,
            infos.get(stem, ""),
            next(filter(None, pictures), ""),
            subtitles.get(stem, {}),
        )


def without_format(stem: str) -> str:
    """Return the name of a file without the number of a format before the suffix.

    >>> without_format("Cat [dQw4w9WgXcQ].f137")
    'Cat [dQw4w9WgXcQ]'
    """
    return _FORMAT.sub("", stem)


def pictures_of(names: Sequence[str]) -> Iterator[Bundle]:
    """Yield a bundle for each picture among the files of one folder."""
    for name in names:
        if name.lower().endswith(PICTURE_SUFFIXES) and not _TEMPORARY.fullmatch(name):
            yield Bundle(Path(name).stem, picture=name)


def _place(
    names: Sequence[str], infos: Mapping[str, str]
) -> Callable[[tuple[tuple[str, str], tuple[str, ...]]], int]:
    """Return a key that sorts stems with their files in the order of `names`."""
    places = {name: place for place, name in enumerate(names)}
    return lambda item: places[item[1][0] if item[1] else infos[item[0][0]]]


def _subtitles(names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return subtitle files by stem and language.

    "a.ko.srt" may belong to "a" in Korean or to "a.ko" without a language, so both have it.
    """
    subtitles: dict[str, dict[str, str]] = {}
    for name in names:
        base, dot, suffix = name.rpartition(".")
        if dot + suffix.lower() not in SUBTITLE_SUFFIXES:
            continue
        subtitles.setdefault(base, {})[""] = name
        if match := _LANGUAGE.fullmatch(base):
            subtitles.setdefault(match["stem"], {})[match["language"]] = name
    return subtitles


def _is_video(name: str) -> bool:
    return name.lower().endswith(VIDEO_SUFFIXES) and not _TEMPORARY.fullmatch(name)


def _is_visible(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.name not in _NOT_OURS


def _leads_inside(entry: os.DirEntry[str], real_root: Path) -> bool:
    """Return whether an entry is a link to something that the walk meets anyway, or to nothing."""
    if not entry.is_symlink():
        return False
    try:
        return Path(entry.path).resolve(strict=True).is_relative_to(real_root)
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        return True


def nfc(name: str) -> str:
    """Compose a name's letters, which macOS decomposes, so that it sorts and hashes the same."""
    return unicodedata.normalize("NFC", name)
