"""Defines a search request and its answer."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Base64Bytes, ConfigDict, Field, model_validator

from tubeseek.core.schemas.base import Message
from tubeseek.core.schemas.filters import Where


class Fit(StrEnum):
    """Whether a hit fits the query, or is only the nearest there is."""

    NONE = "none"
    WEAK = "weak"
    STRONG = "strong"

    def reaches(self, least: "Fit") -> bool:
        """Return whether this grade is at least as good as another.

        >>> Fit.STRONG.reaches(Fit.WEAK), Fit.NONE.reaches(Fit.WEAK)
        (True, False)
        """
        return self.rank >= least.rank

    @property
    def rank(self) -> int:
        """The rank from 0, the worst; the values themselves sort alphabetically."""
        return list(Fit).index(self)


MAX_TERMS = 16  # of one query; each is encoded by itself
WORDS_INDEX = "words"  # the name of the index of words, where indexes are told apart by name
MAX_IMAGE_BYTES = 20_000_000


class Scope(StrEnum):
    """Whether a search uses the indexes of pictures, those of words, or both."""

    ALL = "all"
    PICTURES = "pictures"  # stills, clips and thumbnails
    WORDS = "words"  # captions, titles, descriptions and chapters


class Boost(StrEnum):
    """What can raise a video besides how well it fits; off by default."""

    MOST_REPLAYED = "most-replayed"  # by viewers, at the time of the moment
    RECENT = "recent"  # by the day it was published


class Sort(StrEnum):
    """The order of the found videos."""

    BEST = "best"  # the best fit first
    HONEST = "honest"  # the most honest thumbnail first


class SearchOptions(Message):
    """How to search, whatever is searched for; a body and the query of a URL have these fields."""

    literal: bool = Field(
        default=False, description="Take the query as plain words, without operators."
    )
    like: str | None = Field(
        default=None, description="Find videos like the one of the library with this id."
    )
    limit: int = Field(default=10, ge=1, le=1000, description="Return at most this many videos.")
    offset: int = Field(
        default=0, ge=0, le=10_000, description="Leave out this many of the best videos."
    )
    encoder: str | None = Field(default=None, description="Search only the index of this encoder.")
    using: Scope = Field(default=Scope.ALL, description="Search the pictures, the words, or both.")
    boost: tuple[Boost, ...] = Field(
        default=(), description="Prefer such videos among those that fit well."
    )
    sort: Sort = Field(
        default=Sort.BEST, description="Return first the best fit, or the most honest thumbnail."
    )
    fold: bool = Field(
        default=True, description="Return only the best of several videos that show the same."
    )
    min_fit: Fit = Field(
        default=Fit.NONE, description="Leave out videos that fit less well than this."
    )


class SearchRequest(SearchOptions):
    """A search: by words, by picture, or for videos like one of the library."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "a red sports car", "limit": 5},
                {"text": "고양이가 피아노를 친다", "where": {"min_views": 1000}},
                {"text": '"red car" + 0.5:snow -toy', "boost": ["recent"]},
                {"like": "dQw4w9WgXcQ"},
            ]
        }
    )

    text: str = Field(
        default="", description="What the videos show or say; or a query of several terms."
    )
    images: dict[str, Base64Bytes] = Field(
        default={},
        max_length=MAX_TERMS,
        description="The picture files that the text names, in base64, by these names.",
    )
    image: Base64Bytes | None = Field(
        default=None, description="Search by this picture file, in base64, without a text."
    )
    image_name: str = Field(default="", description="Name the picture so in the answer.")
    where: Where = Where()
    weights: dict[str, Annotated[float, Field(ge=0, le=1000)]] = Field(
        default={},
        description="What the evidence of each index is multiplied by, by the name of its encoder, "
        "or of `words`. The default is 1; 0 leaves an index out.",
    )

    @model_validator(mode="after")
    def _one_kind(self) -> "SearchRequest":
        if len(self.image or b"") + sum(map(len, self.images.values())) > MAX_IMAGE_BYTES:
            raise ValueError(f"the picture is larger than {MAX_IMAGE_BYTES // 1_000_000} MB")
        kinds = [bool(self.text.strip()), self.image is not None, self.like is not None]
        if sum(kinds) > 1:
            raise ValueError("give words, a picture or a video id, not several at once")
        if self.images and (self.literal or not kinds[0]):
            raise ValueError("images are for the text to name: give a text, or one image")
        if self.min_fit is not Fit.NONE and (kinds[1] or kinds[2]):
            raise ValueError("min_fit needs a search by words; leave it out")
        return self


class Moment(Message):
    """A stretch of a video, in seconds with fractions, and a link that plays it."""

    start: float = Field(description="Where the shot or the words begin.")
    end: float = Field(description="Where they end; 0 if the moment stands for the whole video.")
    seek: float = Field(
        description="Where to start a player: at what was found, inside the moment. A whole second "
        "for YouTube, whose links take no fractions."
    )
    kind: str
    url: str
    score: float = Field(description="As that of a video, for this moment alone.")
    reason: str = Field(
        default="", description='Why it was found, as "frame at 2:03" or "said: ...".'
    )


class SearchHit(Message):
    """One found video."""

    rank: int
    video_id: str
    url: str
    title: str
    channel: str
    score: float = Field(
        description="What orders the videos: the evidence that it is what the query means, less "
        "what is needed to fit, in nats."
    )
    relevance: int | None = Field(
        default=None,
        ge=0,
        le=100,
        description="The same as 0 to 100, without boosts: 50 fits, 80 fits well; null if it "
        "cannot be graded.",
    )
    category: str = ""
    published: date | None = None
    duration_seconds: float | None = None
    views: int | None = None
    honesty: float | None = Field(
        default=None,
        description="How well the thumbnail shows what is inside, 0 to 1; null if not rated.",
    )
    moments: tuple[Moment, ...] = ()
    reasons: tuple[str, ...] = Field(default=(), description="What fits about the whole video.")
    fit: Fit | None = Field(
        default=None,
        description="How well it fits the words of the query: strong, weak, or none if it is only "
        "the nearest there is; null if it cannot be graded.",
    )
    copies: tuple[str, ...] = Field(
        default=(), description="The ids of other videos that show the same."
    )

    @property
    def best_url(self) -> str:
        """The link to the best moment if it has a time, else to the video."""
        best = next(iter(self.moments), None)
        return best.url if best and best.seek > 0 else self.url


class SearchAnswer(Message):
    """The found videos, best first."""

    query: str
    encoder: str
    hits: tuple[SearchHit, ...] = ()
    notices: tuple[str, ...] = Field(
        default=(), description="Notices about the search, in plain words."
    )

    def __iter__(self) -> Iterator[SearchHit]:  # type: ignore[override]  # not pydantic's fields
        """Go through the hits, best first."""
        return iter(self.hits)
