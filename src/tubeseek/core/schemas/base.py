"""Defines the base of all messages."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Base of all messages: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
