"""Reads pairs of pictures and texts to train on, from a data set on disk or from a library."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tubeseek.core.errors import InputError, SourceError
from tubeseek.core.types import Media
from tubeseek.training.config import PairKind
from tubeseek.training.data.checks import ReadableCandidate, check_pictures, with_clips
from tubeseek.training.data.readers.detect import candidates_of
from tubeseek.training.data.readers.library import library_candidates

WORKERS = 2  # threads that read pictures
MESSAGES_IN_ERROR = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture and the texts that describe it."""

    id: str  # unique in its data set
    texts: tuple[str, ...]  # cleaned titles, captions, question-answers: at least one
    picture: Path  # a picture file, or a video file for clips
    group: str  # the channel, or the id where there is none; a split never divides it
    category: str = ""
    start: float | None = None  # seconds, of a clip of a video file; None for a picture
    end: float | None = None
    look: int | None = None  # 64-bit perceptual hash; None for a picture that is all but blank

    def __post_init__(self) -> None:
        if not self.id or not self.texts or not all(self.texts):
            raise ValueError(f"a pair needs an id and texts, got {self.id!r} {self.texts!r}")


@dataclass(frozen=True, slots=True)
class PairSet:
    """The pairs of a data set, and what was left out of it."""

    pairs: tuple[Pair, ...]
    left_out: tuple[str, ...]  # a message for each row
    digest: str  # sha256 of all pairs; does not depend on the path or the machine


def read_pairs(locator: Path, *, clips_per_video: int = 1, workers: int = WORKERS) -> PairSet:
    """Read the pairs of a data set on disk.

    The modules of `training/data/readers` describe the formats: `thumbnails` (metadata.csv), `vqa`
    and `captions`. Every picture is opened once; pixels are not kept. A damaged row costs one
    message.

    Args:
        locator: A folder, or the file in it that describes the pictures.
        clips_per_video: How many clips of about ten seconds to take of a video file.
        workers: Threads that read pictures.

    Raises:
        InputError: It has none of the supported formats, or no pair in it can be read.
    """
    locator = locator.expanduser().absolute()
    if not locator.exists():
        raise InputError(f"there is nothing at {locator}; check the path")
    try:
        candidates = with_clips(candidates_of(locator), clips_per_video)
        return _collect(check_pictures(candidates, workers), str(locator))
    except SourceError as error:
        raise InputError(str(error)) from error


def library_pairs(
    media: Iterable[Media],
    kind: PairKind = PairKind.THUMBNAIL_TITLE,
    *,
    clips_per_video: int = 1,
    workers: int = WORKERS,
) -> PairSet:
    """Read the pairs of a library.

    Args:
        media: What was fetched of each video, as `Catalog.media` returns it; read one by candidate.
        kind: What is paired with what.
        clips_per_video: How many clips of about ten seconds to take of a video, spread over it.
        workers: Threads that read pictures.

    Raises:
        InputError: There is no pair of this kind.
    """
    candidates = library_candidates(media, kind)
    if kind is PairKind.CLIP_TITLE:
        candidates = with_clips(candidates, clips_per_video)
    return _collect(check_pictures(candidates, workers), "the library")


def _collect(items: Iterable[ReadableCandidate | Exception], name: str) -> PairSet:
    pairs: list[Pair] = []
    left_out: list[str] = []
    ids: set[str] = set()
    digest = hashlib.sha256()
    for item in items:
        if isinstance(item, Exception):
            left_out.append(str(item))
            continue
        candidate = item.candidate
        if candidate.id in ids:
            left_out.append(f"{candidate.id} occurs twice; remove one of the two")
            continue
        ids.add(candidate.id)
        digest.update(json.dumps(_digest_fields(item)).encode())
        pairs.append(
            Pair(
                candidate.id,
                candidate.texts,
                candidate.picture,
                candidate.group,
                candidate.category,
                candidate.start,
                candidate.end,
                item.look,
            )
        )
    if not pairs:
        raise InputError(_nothing_readable(name, left_out))
    return PairSet(tuple(pairs), tuple(left_out), digest.hexdigest())


def _digest_fields(item: ReadableCandidate) -> list[object]:
    """Return what the digest of a data set covers: all of a pair except where it lies."""
    pair = item.candidate
    return [
        pair.id,
        pair.texts,
        pair.group,
        pair.category,
        pair.start,
        pair.end,
        item.content,
    ]


def _nothing_readable(name: str, left_out: list[str]) -> str:
    if not left_out:
        return f"{name} holds no picture with a text; add some to train on"
    messages = "; ".join(left_out[:MESSAGES_IN_ERROR])
    return (
        f"{name} holds no readable pair of a picture and a text: {messages}; {len(left_out)} in all"
    )
