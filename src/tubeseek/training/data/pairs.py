"""Pairs of pictures and texts to train on, from a data set on disk or from a library."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tubeseek.core.errors import InputError, SourceError
from tubeseek.core.types import Media
from tubeseek.training.config import PairKind
from tubeseek.training.data.checks import ReadableCandidate, checked, with_clips
from tubeseek.training.data.readers.detect import candidates_of
from tubeseek.training.data.readers.library import library_candidates

WORKERS = 2  # threads that read pictures
MESSAGES_IN_ERROR = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture and what is written of it."""

    id: str  # unique in its set
    texts: tuple[str, ...]  # cleaned titles, captions, question-answers: at least one
    picture: Path  # a picture file, or a video file for clips
    group: str  # the channel, or the id where there is none: never divided by a split
    category: str = ""
    start: float | None = None  # seconds, of a clip cut from a video file; None: the picture itself
    end: float | None = None
    look: int | None = None  # 64-bit perceptual hash; None where the picture shows next to nothing

    def __post_init__(self) -> None:
        if not self.id or not self.texts or not all(self.texts):
            raise ValueError(f"a pair needs an id and texts, got {self.id!r} {self.texts!r}")


@dataclass(frozen=True, slots=True)
class PairSet:
    """The pairs of a data set, and what had to be left out of it."""

    pairs: tuple[Pair, ...]
    left_out: tuple[str, ...]  # one message each
    digest: str  # sha256 of all that is trained on; the same at another path, on another machine


def read_pairs(locator: Path, *, clips_per_video: int = 1, workers: int = WORKERS) -> PairSet:
    """The pairs of a data set on disk.

    The forms are those of `sources/dataset.py` (metadata.csv), `forms_vqa.py` and
    `forms_captions.py`. Every picture is opened once; pixels are not kept. A row that is damaged
    costs one message.

    Args:
        locator: A folder, or the file in it that describes the pictures.
        clips_per_video: Where a row names a video file, how many clips of ten seconds to take.
        workers: Threads that read pictures.

    Raises:
        InputError: It has none of the forms that are known, or nothing in it is whole.
    """
    locator = locator.expanduser().absolute()
    if not locator.exists():
        raise InputError(f"there is nothing at {locator}; check the path")
    try:
        found = with_clips(candidates_of(locator), clips_per_video)
        return _collected(checked(found, workers), str(locator))
    except SourceError as error:
        raise InputError(str(error)) from error


def library_pairs(
    media: Iterable[Media],
    kind: PairKind = PairKind.THUMBNAIL_TITLE,
    *,
    clips_per_video: int = 1,
    workers: int = WORKERS,
) -> PairSet:
    """The pairs of a library.

    Args:
        media: Of each video what was fetched, as `Catalog.media` knows it; taken one by one.
        kind: What is paired with what.
        clips_per_video: For clips, how many of ten seconds, spread over the video.
        workers: Threads that read pictures.

    Raises:
        InputError: There is no such pair.
    """
    found = library_candidates(media, kind)
    if kind is PairKind.CLIP_TITLE:
        found = with_clips(found, clips_per_video)
    return _collected(checked(found, workers), "the library")


def _collected(found: Iterable[ReadableCandidate | Exception], name: str) -> PairSet:
    pairs: list[Pair] = []
    left_out: list[str] = []
    ids: set[str] = set()
    digest = hashlib.sha256()
    for item in found:
        if isinstance(item, Exception):
            left_out.append(str(item))
            continue
        one = item.candidate
        if one.id in ids:
            left_out.append(f"{one.id} is there already; remove one of the two")
            continue
        ids.add(one.id)
        content = [one.id, one.texts, one.group, one.category, one.start, one.end, item.content]
        digest.update(json.dumps(content).encode())
        pairs.append(
            Pair(
                one.id,
                one.texts,
                one.picture,
                one.group,
                one.category,
                one.start,
                one.end,
                item.look,
            )
        )
    if not pairs:
        raise InputError(_nothing_whole(name, left_out))
    return PairSet(tuple(pairs), tuple(left_out), digest.hexdigest())


def _nothing_whole(name: str, left_out: list[str]) -> str:
    if not left_out:
        return f"{name} holds no picture with a text; nothing can be trained on it"
    messages = "; ".join(left_out[:MESSAGES_IN_ERROR])
    return f"{name} holds no whole pair of a picture and a text: {messages}; {len(left_out)} in all"
