"""Defines the names of encoders, and how the name of an adapted encoder is written.

It imports nothing heavy, because the command line needs these names at start-up.
`encoders/factory.py` resolves them.
"""

from pathlib import Path

from tubeseek.core.files import absolute_if_exists

STARTER = "starter"
DEFAULT_ENCODER = "clip"
ENCODER_NAMES = (STARTER, "clip", "siglip2", "xclip")  # a folder of such a name is given as ./clip

POOLED = "pooled:"  # before the encoder whose frames are averaged into clips
SENTENCES = "sentences"  # reads words only, offline
SENTENCE_MODEL = "sentences:"  # before the hub id or folder of a model that reads words only
ADAPTED = "+adapter:"  # between an encoder and the folder of its adapter


def split_name(name: str) -> tuple[str, str | None]:
    """Return an encoder's name and its adapter's.

    >>> split_name("starter+adapter:/films/adapters/mine"), split_name("clip")
    (('starter', '/films/adapters/mine'), ('clip', None))
    """
    base, mark, adapter = name.partition(ADAPTED)
    return base, adapter if mark else None


def adapted_name(base: str, adapter: Path) -> str:
    """Join what `split_name` splits; the folder in full, as later runs start elsewhere."""
    return f"{base}{ADAPTED}{adapter.expanduser().resolve()}"


def full_name(name: str) -> str:
    """Return a name of ours as it is, and anything else that exists here as a full path."""
    return name if name in ENCODER_NAMES else absolute_if_exists(name)
