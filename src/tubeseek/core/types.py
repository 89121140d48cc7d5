"""Defines the records that all modules exchange.

Units, everywhere: times are seconds from the start of the video; vectors are
float32 rows of unit length, so a dot product is a cosine; pixels are RGB uint8.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.schemas.search import Fit

Vector: TypeAlias = NDArray[np.float32]  # (dim,), unit length
Vectors: TypeAlias = NDArray[np.float32]  # (n, dim), each row of unit length
Frames: TypeAlias = NDArray[np.uint8]  # (frames, height, width, 3); a still image has frames == 1
Query: TypeAlias = str | Frames | Vector

UNIT_LENGTH_TOLERANCE = 1e-3
MULTILINGUAL = "mul"  # ISO 639-2: "multiple languages"
WHOLE_VIDEO_TRACKS = ("title", "description")
UNDETERMINED = "und"  # ISO 639-2: the languages are not known


class SegmentKind(StrEnum):
    """What part of a video a vector describes."""

    THUMBNAIL = "thumbnail"  # stands for the whole video
    STILL = "still"  # one frame; start == end
    CLIP = "clip"  # the frames in [start, end)
    PASSAGE = "passage"  # the words in [start, end)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named part of a video, in seconds."""

    title: str
    start: float
    end: float

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"need 0 <= start <= end, got {self.start=} {self.end=}")


@dataclass(frozen=True, slots=True)
class HeatPoint:
    """How often [start, end) is replayed, relative to the most replayed part, which has 1."""

    start: float
    end: float
    value: float


@dataclass(frozen=True, slots=True)
class Video:
    """A video as its source describes it; unknown fields are None or empty."""

    id: str
    url: str
    title: str
    description: str = ""
    channel: str = ""
    channel_id: str = ""
    category: str = ""
    published: date | None = None
    duration_seconds: float | None = None
    views: int | None = None
    language: str = ""
    tags: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    heatmap: tuple[HeatPoint, ...] = ()
    is_live: bool = False
    is_short: bool = False
    picture: str = ""  # URL or path of the best thumbnail; it changes when the picture does
    file: str = ""  # path of the local video file, if there is one
    honesty: float | None = None  # of its thumbnail, 0 to 1; None until it is rated
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.id or not self.id.isprintable():
            raise ValueError(f"a video needs a printable id, got {self.id!r}")
        if self.duration_seconds is not None and not 0 <= self.duration_seconds < float("inf"):
            raise ValueError(f"{self.id}: {self.duration_seconds=} must be at least 0")


@dataclass(frozen=True, slots=True)
class Still:
    """A picture on disk that shows the video at one moment."""

    path: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of one video: the smallest thing that a search can find."""

    video_id: str
    kind: SegmentKind
    start: float = 0.0
    end: float = 0.0
    track: str = ""  # of a passage: "title", "description", "chapter" or "caption"

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"need 0 <= start <= end, got {self.start=} {self.end=}")

    @property
    def has_time(self) -> bool:
        """Whether it is a place in the video, rather than about all of it."""
        return self.kind is not SegmentKind.THUMBNAIL and self.track not in WHOLE_VIDEO_TRACKS

    @property
    def id(self) -> UUID:
        """An id that depends only on the content, so that adding a segment again replaces it."""
        times = f"{self.start:.3f}-{self.end:.3f}"
        track = f"/{self.track}" if self.track else ""
        return uuid5(NAMESPACE_URL, f"{self.video_id}/{self.kind}/{times}{track}")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a video with the time that they belong to."""

    segment: Segment  # of kind PASSAGE, with a track
    text: str
    # of a spoken one: where each line begins in the text and in the video, (character, second)
    cues: tuple[tuple[int, float], ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if self.segment.kind is not SegmentKind.PASSAGE or not self.segment.track:
            raise ValueError(f"a passage needs a segment of its kind with a track: {self.segment}")


@dataclass(frozen=True, slots=True)
class Media:
    """What was fetched for one video: all its facts, its pictures and its captions."""

    video: Video
    thumbnail: Path
    stills: tuple[Still, ...] = ()
    passages: tuple[Passage, ...] = ()  # captions; title, description, chapters are in `video`
    captions_owed: str = ""  # why the site withholds captions for now; empty if it does not


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """What a store must know about the encoder of its vectors."""

    name: str  # e.g. "clip"
    fingerprint: str  # changes whenever weights, adapter or preprocessing do
    dim: int
    frames: int  # per clip that it reads: 1 for CLIP, 8 for X-CLIP, 0 if it reads only words
    languages: tuple[str, ...] = (UNDETERMINED,)  # ISO 639-1 codes, or MULTILINGUAL

    def __post_init__(self) -> None:
        if self.dim < 1 or self.frames < 0:
            raise ValueError(f"need dim >= 1 and frames >= 0, got {self.dim=} {self.frames=}")

    @property
    def key(self) -> str:
        """A name for the index of this encoder that files and collections can have.

        >>> EncoderSpec("openai/clip vit", "1f", 512, 1).key
        'openai-clip-vit-1f'
        """
        return re.sub(r"[^A-Za-z0-9._-]+", "-", f"{self.name}-{self.fingerprint}")

    def same_space(self, other: "EncoderSpec") -> bool:
        """Return whether vectors of the two encoders can be compared."""
        return (self.fingerprint, self.dim, self.frames) == (
            other.fingerprint,
            other.dim,
            other.frames,
        )


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddingBatch:
    """Row i of `vectors` describes `segments[i]`."""

    segments: Sequence[Segment]
    vectors: Vectors

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.segments) != len(self.vectors):
            raise ValueError(f"{len(self.segments)} segments do not fit {self.vectors.shape=}")
        if self.vectors.dtype != np.float32:
            raise ValueError(f"vectors must be float32, got {self.vectors.dtype}")
        off = np.abs(np.linalg.norm(self.vectors, axis=1) - 1).max(initial=0.0)
        if not off <= UNIT_LENGTH_TOLERANCE:  # written so that NaN fails too
            raise ValueError(f"vectors must have unit length, the worst is off by {off:.3g}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A segment and its cosine with the query, in [-1, 1]; comparable within one encoder only."""

    segment: Segment
    score: float
    text: str = ""  # of a passage


@dataclass(frozen=True, slots=True)
class MomentHit:
    """A stretch of a video, [start, end), and what was found in it.

    Attributes:
        hit: The best segment in it, with the score of the moment.
        start: Where the shot, or the words, begin; 0 if the moment stands for the whole video.
        end: Where they end; 0 likewise.
        seek: Where a player shows what was found, inside the stretch.
    """

    hit: Hit
    start: float = 0.0
    end: float = 0.0
    seek: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.start <= self.seek < self.end or self.end == self.seek == 0):
            raise ValueError(
                f"need 0 <= start <= seek < end, got {self.start=} {self.seek=} {self.end=}"
            )


@dataclass(frozen=True, slots=True)
class VideoHit:
    """A found video: its score and its best moments, best first."""

    video: Video
    score: float
    moments: tuple[MomentHit, ...]
    reasons: tuple[str, ...] = ()
    fit: Fit | None = None  # None: it cannot be graded
    copies: tuple[str, ...] = ()  # ids of found videos that show the same
    relevance: int | None = None  # 0 to 100, where 50 fits; None: it cannot be graded


def refuse_other_form(clip: Frames, spec: EncoderSpec) -> None:
    """Raise ValueError unless the clip is (spec.frames, height, width, 3) of uint8."""
    if clip.dtype != np.uint8 or clip.ndim != 4 or clip.shape[::3] != (spec.frames, 3):
        raise ValueError(
            f"{spec.name} reads clips of ({spec.frames}, height, width, 3) uint8, "
            f"got {clip.shape} {clip.dtype}"
        )
    if clip.size == 0:
        raise ValueError(f"a clip without pixels: {clip.shape}")
