"""Pairs of pictures and texts to train on, from a data set on disk or from a library."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tubeseek.errors import InputError, MediaError, TubeseekError
from tubeseek.media.pictures import read_picture
from tubeseek.sources.dataset import is_dataset
from tubeseek.train.candidates import Candidate, Found
from tubeseek.train.forms_dataset import dataset_candidates

_CHECK_PIXELS = 64  # of the longer side: enough to know that a picture is whole


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture and what is written of it."""

    id: str  # unique in its set
    texts: tuple[str, ...]  # cleaned titles, captions, question-answers: at least one
    picture: Path  # a picture file, or a video file for clips
    group: str  # the channel, or the id where there is none: never divided by a split
    category: str = ""
    start: float | None = None  # seconds, of a clip or still cut from a video file; None: the
    end: float | None = None  # picture itself
    look: int | None = None  # 64-bit perceptual hash; None where the picture shows next to nothing

    def __post_init__(self) -> None:
        if not self.id or not self.texts or not all(self.texts):
            raise ValueError(f"a pair needs an id and texts, got {self.id!r} {self.texts!r}")


@dataclass(frozen=True, slots=True)
class PairSet:
    """The pairs of a data set, and what had to be left out of it."""

    pairs: tuple[Pair, ...]
    left_out: tuple[str, ...]  # one message each
    digest: str  # sha256 of ids, texts and pictures: the same on another machine, at another path


def read_pairs(locator: Path) -> PairSet:
    """The pairs of a data set on disk.

    Raises:
        InputError: It has none of the forms that are known, or no pair in it is whole.
    """
    if is_dataset(locator):
        return _checked(dataset_candidates(locator), str(locator))
    raise InputError(f"{locator} is no data set: it holds no metadata.csv beside images/")


def _checked(found: Found, name: str) -> PairSet:
    pairs: list[Pair] = []
    left_out: list[str] = []
    seen: set[str] = set()
    digest = hashlib.sha256()
    for item in _whole(found):
        if isinstance(item, Exception):
            left_out.append(str(item))
        elif item.id in seen:
            left_out.append(f"{item.place}: {item.id} is there already")
        else:
            seen.add(item.id)
            pair = Pair(item.id, item.texts, item.picture, item.group, item.category)
            pairs.append(pair)
            digest.update(repr((pair.id, pair.texts)).encode())
    if not pairs:
        raise InputError(f"{name} holds no pair of a picture and a text")
    return PairSet(tuple(pairs), tuple(left_out), digest.hexdigest())


def _whole(found: Found) -> Iterator[Candidate | TubeseekError | Exception]:
    for item in found:
        if isinstance(item, Candidate):
            try:
                read_picture(item.picture, _CHECK_PIXELS)
            except MediaError as error:
                yield error
                continue
        yield item
