"""Defines the requests that change a library."""

from typing import Annotated, Literal

from pydantic import Field

from tubeseek.core.schemas.base import Message


class AddRequest(Message):
    """Add the videos of some places to the library."""

    verb: Literal["add"] = "add"
    locators: tuple[str, ...] = Field(min_length=1)
    limit: int | None = Field(
        default=None, ge=1, description="Add at most this many videos of each place."
    )
    columns: dict[str, str] = Field(
        default={}, description="What columns of a data set are taken for: their fields, by name."
    )


class SyncRequest(Message):
    """List all added places again."""

    verb: Literal["sync"] = "sync"
    accept_gone: bool = Field(
        default=False,
        description="Mark videos as gone at once, also where a place was listed in part only.",
    )


class IndexRequest(Message):
    """Fetch and embed what is pending."""

    verb: Literal["index"] = "index"
    encoder: str | None = Field(default=None, description="The encoder by name, hub id or folder.")
    workers: int | None = Field(default=None, ge=1, le=64)
    retry: bool = Field(default=False, description="Retry permanent failures too.")
    download: bool | None = Field(
        default=None,
        description="Download YouTube videos to cut stills and clips from; unset for the setting.",
    )
    keep: bool | None = Field(
        default=None, description="Keep downloaded videos; unset for the setting."
    )
    beside: bool = Field(
        default=False,
        description="Search the new index besides the one of the same kind (stills, clips or "
        "words), instead of in its place.",
    )
    rebuild: bool = Field(
        default=False,
        description="Delete the vectors and the index of words first, and make them again.",
    )
    newest_first: bool = Field(
        default=False, description="Begin with the videos that were published last."
    )
    repair: bool = Field(
        default=False,
        description="Delete first what is damaged or incomplete, and make it again.",
    )


class SwitchRequest(Message):
    """Choose the indexes that searches use, by encoder name."""

    verb: Literal["switch"] = "switch"
    on: tuple[str, ...] = Field(default=(), description="Indexes to search from now on.")
    off: tuple[str, ...] = Field(default=(), description="Indexes to keep but not to search.")
    drop: tuple[str, ...] = Field(default=(), description="Indexes to delete with their vectors.")


class RefreshRequest(Message):
    """Fetch facts of videos again that are old."""

    verb: Literal["refresh"] = "refresh"
    older_than_seconds: float = Field(ge=0, description="The age of the facts.")
    locators: tuple[str, ...] = Field(default=(), description="Their sources; none: all.")


class PurgeRequest(Message):
    """Remove videos whose facts are old."""

    verb: Literal["purge"] = "purge"
    older_than_seconds: float = Field(ge=0, description="The age of the facts.")
    locators: tuple[str, ...] = Field(default=(), description="Their sources; none: all.")


JobRequest = Annotated[
    AddRequest | SyncRequest | IndexRequest | SwitchRequest | RefreshRequest | PurgeRequest,
    Field(discriminator="verb"),
]


class RemoveRequest(Message):
    """Remove videos, or sources with the videos that no other source has."""

    names: tuple[str, ...] = Field(min_length=1, description="Video ids or locators.")


class RemoveAnswer(Message):
    """The names that were removed, and those that are unknown."""

    removed: tuple[str, ...]
    unknown: tuple[str, ...]
