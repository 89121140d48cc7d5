"""Describes what a library contains."""

from datetime import date

from pydantic import Field

from tubeseek.core.schemas.base import Message


class VideoFacts(Message):
    """A video of the library, in short."""

    id: str
    url: str
    title: str
    channel: str = ""
    category: str = ""
    published: date | None = None
    duration_seconds: float | None = None
    views: int | None = None
    honesty: float | None = Field(
        default=None,
        description="How well the thumbnail shows what is inside, 0 to 1; null if not rated.",
    )
    gone: bool = False


class ChapterFacts(Message):
    """A named part of a video, in seconds."""

    title: str
    start: float
    end: float


class VideoDetail(VideoFacts):
    """A video of the library, in full."""

    description: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    chapters: tuple[ChapterFacts, ...] = ()
    has_picture: bool = False
    has_file: bool = Field(default=False, description="Whether the video is a local file.")
    has_captions: bool = Field(default=False, description="Whether its captions are known.")


class ListAnswer(Message):
    """A page of the library."""

    total: int
    videos: tuple[VideoFacts, ...]


class FailureFacts(Message):
    """Why a video could not be fetched or embedded."""

    video_id: str
    title: str
    stage: str
    reason: str
    final: bool = Field(description="Whether retrying is pointless.")
    attempts: int


class IndexFacts(Message):
    """An index of the library: the vectors of one encoder."""

    encoder: str = Field(
        description="The encoder as the library opens it, with the folder of an adapter."
    )
    name: str = Field(description="Its name in answers; a search can name either.")
    fingerprint: str
    languages: tuple[str, ...]
    active: bool
    videos: int
    segments: int
    pending: int


class WordFacts(Message):
    """The index of words."""

    videos: int
    passages: int
    pending: int


class SourceFacts(Message):
    """A place that was added."""

    locator: str
    kind: str


class Status(Message):
    """What a library contains and what is still to be done."""

    library: str
    store: str
    videos: int
    gone: int
    failed: int = Field(description="Videos that will be retried.")
    failed_for_good: int
    sources: tuple[SourceFacts, ...]
    indexes: tuple[IndexFacts, ...]
    words: WordFacts
    sync_every_seconds: float = Field(
        default=0.0, description="How often a server syncs the library; 0 for never."
    )
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    failures: tuple[FailureFacts, ...] = ()
