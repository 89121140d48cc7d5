"""Fetches the pictures of a page from the server, which the visitor's browser may not reach."""

import io

import streamlit as st
from PIL import Image, ImageOps

from tubeseek.ui.app_library import AppLibrary

CARD_WIDTH = 480  # pixels; a card is at most 300 CSS pixels wide, on screens of high density
JPEG_QUALITY = 82
MAX_CACHED = 2000  # pictures; about 60 MB of cards
CACHE_SECONDS = 900  # then a thumbnail that changed at its source is fetched again


class _NoPictureError(Exception):
    """Raised rather than returned, so that the cache does not keep it: it may be fetched soon."""


def thumbnail(library: AppLibrary, video_id: str, width: int) -> bytes | None:
    """Return a thumbnail as a JPEG, 16:9 and at most `width` pixels wide; None for none yet."""
    try:
        return _cached_thumbnail(library, library.url, video_id, width)
    except _NoPictureError:
        return None


@st.cache_data(max_entries=MAX_CACHED, ttl=CACHE_SECONDS, show_spinner=False)
def _cached_thumbnail(_library: AppLibrary, server: str, video_id: str, width: int) -> bytes:
    data = _library.thumbnail(video_id)
    if data is None:
        raise _NoPictureError(f"{server} has no picture of {video_id}")
    picture = card_jpeg(data, width)
    if picture is None:
        raise _NoPictureError(f"the picture of {video_id} cannot be read")
    return picture


def card_jpeg(data: bytes, width: int) -> bytes | None:
    """Crop a picture file to a JPEG, 16:9 around its middle and at most `width` pixels wide.

    Returns:
        None where it is no picture, a damaged one, or claims to be absurdly large.
    """
    picture = _decoded(data, width)
    if picture is None:
        return None
    width = min(width, picture.width)
    return _jpeg(ImageOps.fit(picture, (width, max(1, round(width * 9 / 16)))))


def _decoded(data: bytes, width: int) -> Image.Image | None:
    """Decode a picture file, not much larger than `width`; None where it cannot be read."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.draft("RGB", (width, width))
            return image.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError):
        return None


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
