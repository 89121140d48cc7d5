"""What changes a library."""

from typing import Annotated, Literal

from pydantic import Field

from tubeseek.core.schemas.base import Message


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
    download: bool | None = Field(
        default=None,
        description="download videos of YouTube to cut stills and clips from; unset: as set",
    )
    keep: bool | None = Field(default=None, description="and keep them; unset: as set")
    beside: bool = Field(
        default=False,
        description="searches go on asking the index of the same form (stills or clips) too, "
        "rather than this one in its place",
    )


class SwitchRequest(Message):
    """Choose which indexes searches ask, by their encoder's name."""

    verb: Literal["switch"] = "switch"
    on: tuple[str, ...] = Field(default=(), description="to be asked from now on")
    off: tuple[str, ...] = Field(default=(), description="not to be asked; they are kept")
    drop: tuple[str, ...] = Field(default=(), description="to be deleted, vectors and all")


JobRequest = Annotated[
    AddRequest | SyncRequest | IndexRequest | SwitchRequest, Field(discriminator="verb")
]


class RemoveRequest(Message):
    """Forget videos, or a source with all that only it brought."""

    names: tuple[str, ...] = Field(min_length=1, description="video ids or locators")


class RemoveAnswer(Message):
    """What was forgotten, and which names meant nothing."""

    removed: tuple[str, ...]
    unknown: tuple[str, ...]
