"""Keeps the pictures that a visitor searches by; the address names them by their content."""

import base64
import binascii
import hashlib

import streamlit as st

from tubeseek.core.schemas import MAX_IMAGE_BYTES

KEPT = 3  # for each visitor
STATE = "pictures"


def keep(name: str, content: str) -> str | None:
    """Keep a picture for this visit and return its name in the address.

    Args:
        name: Of its file.
        content: The file in base64.

    Returns:
        None where this is no base64, or more than a search takes.
    """
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not 0 < len(data) <= MAX_IMAGE_BYTES:
        return None
    key = hashlib.sha256(data).hexdigest()[:12]
    pictures = st.session_state.setdefault(STATE, {})
    pictures[key] = (name, data)
    while len(pictures) > KEPT:
        del pictures[next(iter(pictures))]
    return key


def kept(key: str) -> tuple[str, bytes] | None:
    """Return the name and the content of a picture of this visit, or None."""
    picture: tuple[str, bytes] | None = st.session_state.get(STATE, {}).get(key)
    return picture
