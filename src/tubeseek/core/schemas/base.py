"""Defines the base of all messages."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Base of all messages: immutable, and a misspelt field is an error.

    A message is built when it is first used, because a command uses few of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def build_messages(base: type[Message] = Message) -> None:
    """Build all messages that are known by now, for FastAPI, which expects them built."""
    for message in base.__subclasses__():
        message.model_config["defer_build"] = False
        message.model_rebuild(force=True)
        build_messages(message)
