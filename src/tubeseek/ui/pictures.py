"""The pictures of the page. A browser elsewhere cannot reach the server: the app passes them on."""

import io

import streamlit as st
from PIL import Image, ImageOps

from tubeseek.client import RemoteLibrary

CARD_WIDTH = 480  # pixels; a card is at most 300 CSS pixels wide, on screens of high density
LARGE_WIDTH = 1280
JPEG_QUALITY = 82
MAX_CACHED = 2000  # about 60 MB of cards
CACHE_SECONDS = 900  # then a thumbnail that was changed at its source is seen


class _NoPictureError(Exception):
    """Raised rather than returned, so that the cache does not keep it: it may be fetched soon."""


def thumbnail(library: RemoteLibrary, video_id: str, width: int) -> bytes | None:
    """A video's picture as a JPEG, 16:9 and at most `width` wide; None where there is none yet."""
    try:
        return _cached_thumbnail(library, library.url, video_id, width)
    except _NoPictureError:
        return None


@st.cache_data(max_entries=MAX_CACHED, ttl=CACHE_SECONDS, show_spinner=False)
def _cached_thumbnail(_library: RemoteLibrary, server: str, video_id: str, width: int) -> bytes:
    data = _library.thumbnail(video_id)
    if data is None:
        raise _NoPictureError(f"{server} has no picture of {video_id}")
    picture = card_jpeg(data, width)
    if picture is None:
        raise _NoPictureError(f"the picture of {video_id} cannot be read")
    return picture


def card_jpeg(data: bytes, width: int) -> bytes | None:
    """A picture file, cropped to 16:9 around its middle and at most `width` pixels wide.

    Returns:
        None where it is no picture, a damaged one, or claims to be absurdly large.
    """
    try:
        with Image.open(io.BytesIO(data)) as opened:
            opened.draft("RGB", (width, width))
            picture = opened.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError):
        return None
    width = min(width, picture.width)
    fitted = ImageOps.fit(picture, (width, max(1, round(width * 9 / 16))))
    written = io.BytesIO()
    fitted.save(written, "JPEG", quality=JPEG_QUALITY)
    return written.getvalue()
