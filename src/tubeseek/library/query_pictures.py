"""Reads the pictures that a query names: files of this machine, and pictures on the web."""

import base64
import os
from pathlib import Path
from urllib.parse import urlsplit

from tubeseek.core.errors import MediaError
from tubeseek.core.schemas import MAX_IMAGE_BYTES
from tubeseek.search.query import Picture, parse

DOWNLOAD_TIMEOUT_SECONDS = 20.0


def pictures_named_in(text: str) -> dict[str, bytes]:
    """Read the pictures that a query of several terms names.

    A word that looks like a file name, but names no file, stays in the query as a word.

    Returns:
        The content of each picture file in base64, by the name that the query gives it.

    Raises:
        QueryError: The query does not parse.
        MediaError: A picture cannot be read, or is too large.
    """
    if not text.strip():
        return {}
    named = [t.operand for t in parse(text).terms if isinstance(t.operand, Picture)]
    return {
        picture.name: in_base64(read_image(picture.name))
        for picture in named
        if picture.named or _is_address(picture.name) or os.path.isfile(_expanded(picture.name))  # noqa: PTH113  takes anything, pathlib stumbles over long names
    }


def in_base64(content: bytes) -> bytes:
    """Encode a file's content as a `SearchRequest` takes it."""
    return base64.b64encode(content)


def read_image(place: str) -> bytes:
    """Return the bytes of a picture file, or of the file that a URL leads to.

    Raises:
        MediaError: It cannot be read, or is too large.
    """
    if _is_address(place):
        return _download(place)
    path = Path(_expanded(place))
    try:
        if path.stat().st_size > MAX_IMAGE_BYTES:
            raise MediaError(f"{path} is larger than {MAX_IMAGE_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise MediaError(f"{path}: {error.strerror}; give a picture file or URL") from error


def _is_address(place: str) -> bool:
    return urlsplit(place).scheme in ("http", "https")


def _expanded(place: str) -> str:
    return os.path.expanduser(place)  # noqa: PTH111  pathlib fails for "~nobody"


def _download(url: str) -> bytes:
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    request = Request(url, headers={"User-Agent": "tubeseek"})  # noqa: S310  scheme checked above
    try:
        with urlopen(request, timeout=DOWNLOAD_TIMEOUT_SECONDS) as response:  # noqa: S310
            content: bytes = response.read(MAX_IMAGE_BYTES + 1)
    except (URLError, OSError, ValueError) as error:
        raise MediaError(f"{url}: {error}; check the address, or save the picture") from error
    if len(content) > MAX_IMAGE_BYTES:
        raise MediaError(f"{url} is larger than {MAX_IMAGE_BYTES // 1_000_000} MB")
    return content
