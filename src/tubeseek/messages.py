"""What is asked of a library and what it answers, in the shape that goes over the wire.

The command line, the REST API and the app all speak these messages, whether the library is open in
their own process or in a server: `Library` (here) and `RemoteLibrary` (there) are the two ends.
This module imports no numpy, so that a command which only asks a server starts quickly.
"""

from collections.abc import Generator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Protocol

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, model_validator

from tubeseek.events import Event
from tubeseek.levels import Fit

MAX_IMAGE_BYTES = 20_000_000


class Message(BaseModel):
    """Base of all messages: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Using(StrEnum):
    """Which indexes a search asks."""

    ALL = "all"
    PICTURES = "pictures"  # what is seen
    WORDS = "words"  # what is said and written


class Where(Message):
    """Which videos a search may return; a condition left out asks nothing."""

    channel: tuple[str, ...] = Field(default=(), description="any of these channels, by name or id")
    category: tuple[str, ...] = Field(default=(), description="any of these categories")
    after: date | None = Field(default=None, description="published on or after this day")
    before: date | None = Field(default=None, description="published before this day")
    min_duration: float | None = Field(default=None, ge=0, description="seconds")
    max_duration: float | None = Field(default=None, ge=0, description="seconds")
    min_views: int | None = Field(default=None, ge=0)


class SearchRequest(Message):
    """A search: by words, by picture, or for videos like one of the library."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "a red sports car", "limit": 5},
                {"text": "고양이가 피아노를 친다", "where": {"min_views": 1000}},
                {"like": "dQw4w9WgXcQ"},
            ]
        }
    )

    text: str = Field(default="", description="what is seen, in words")
    image: Base64Bytes | None = Field(default=None, description="a picture file, base64")
    image_name: str = Field(default="", description="how answers call the picture")
    like: str | None = Field(default=None, description="the id of a video of the library")
    limit: int = Field(default=10, ge=1, le=1000, description="the most videos to return")
    where: Where = Where()
    encoder: str | None = Field(default=None, description="the index to ask, by its encoder's name")
    using: Using = Field(default=Using.ALL, description="which indexes to ask")
    min_fit: Fit = Field(
        default=Fit.NONE, description="the least that a hit must fit; none: all, marked"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> "SearchRequest":
        if self.image is not None and len(self.image) > MAX_IMAGE_BYTES:
            raise ValueError(f"the picture is larger than {MAX_IMAGE_BYTES // 1_000_000} MB")
        kinds = [bool(self.text.strip()), self.image is not None, self.like is not None]
        if sum(kinds) > 1:
            raise ValueError("give words, a picture or a video id, not several at once")
        if self.min_fit is not Fit.NONE and (kinds[1] or kinds[2]):
            raise ValueError("only searches by words are judged: leave min_fit out")
        return self


class Moment(Message):
    """A place in a video, in seconds, and a link that starts there."""

    start: float
    end: float
    kind: str
    url: str
    score: float
    reason: str = Field(default="", description='why, as "frame at 2:03" or "said: ..."')


class SearchHit(Message):
    """One found video."""

    rank: int
    video_id: str
    url: str
    title: str
    channel: str
    score: float = Field(
        description="of one index its own score, such as the cosine; of several the fused one; "
        "comparable within one answer only"
    )
    category: str = ""
    published: date | None = None
    duration_seconds: float | None = None
    views: int | None = None
    moments: tuple[Moment, ...] = ()
    reasons: tuple[str, ...] = Field(default=(), description="what fits of the whole video")
    fit: Fit | None = Field(
        default=None,
        description="how well it fits words that were asked: strong, weak, or none, when it is "
        "only the nearest there is; null where this cannot be judged",
    )


class SearchAnswer(Message):
    """The found videos, best first."""

    query: str
    encoder: str
    hits: tuple[SearchHit, ...] = ()
    notices: tuple[str, ...] = Field(
        default=(), description="what the asker should know, in plain words"
    )


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
    gone: bool = False


class ChapterFacts(Message):
    """A named stretch of a video, in seconds."""

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
    has_file: bool = Field(default=False, description="whether the video itself is a local file")


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
    final: bool = Field(description="whether trying again is pointless")
    attempts: int


class IndexFacts(Message):
    """An index of the library: the vectors of one encoder."""

    encoder: str
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
    """What a library holds and what is still to be done."""

    library: str
    store: str
    videos: int
    gone: int
    failed: int = Field(description="videos that will be tried again")
    failed_for_good: int
    sources: tuple[SourceFacts, ...]
    indexes: tuple[IndexFacts, ...]
    words: WordFacts
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    failures: tuple[FailureFacts, ...] = ()


class AddRequest(Message):
    """List places into the library."""

    verb: Literal["add"] = "add"
    locators: tuple[str, ...] = Field(min_length=1)
    limit: int | None = Field(default=None, ge=1, description="the most videos of each place")


class SyncRequest(Message):
    """Look again at everything that was added."""

    verb: Literal["sync"] = "sync"


class IndexRequest(Message):
    """Fetch and embed what is pending."""

    verb: Literal["index"] = "index"
    encoder: str | None = Field(default=None, description="a name, a hub id or a folder")
    workers: int | None = Field(default=None, ge=1, le=64)
    retry: bool = Field(default=False, description="also try again what failed for good")


JobRequest = Annotated[AddRequest | SyncRequest | IndexRequest, Field(discriminator="verb")]


class RemoveRequest(Message):
    """Forget videos, or a source with all that only it brought."""

    names: tuple[str, ...] = Field(min_length=1, description="video ids or locators")


class RemoveAnswer(Message):
    """What was forgotten, and which names meant nothing."""

    removed: tuple[str, ...]
    unknown: tuple[str, ...]


class Operations(Protocol):
    """Everything a shell can ask of a library, wherever it is open."""

    def search(self, request: SearchRequest) -> SearchAnswer: ...
    def video(self, video_id: str) -> VideoDetail: ...
    def list(self, limit: int, offset: int) -> ListAnswer: ...
    def status(self) -> Status: ...
    def remove(self, request: RemoveRequest) -> RemoveAnswer: ...

    def run(self, request: AddRequest | SyncRequest | IndexRequest) -> Generator[Event, None, None]:
        """Does a long verb; closing the iterator stops it and loses nothing that was reported."""
        ...

    def close(self) -> None: ...
