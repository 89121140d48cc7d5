"""Sends pictures and videos from disk, with their media types and caching headers."""

import io
import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import HTTPException
from fastapi.responses import FileResponse
from starlette.datastructures import Headers
from starlette.responses import Response

SIGNATURES = (  # (offset, bytes, type); the content decides, not the name of the file
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
)
SIGNATURE_BYTES = 16  # bytes from the start of the file
SCALED_KEPT = 1000  # pictures; about 25 MB of those on cards
JPEG_QUALITY = 82
CACHED = {"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}


def picture_type(head: bytes) -> str | None:
    """Return the media type of a picture by its first bytes, or None.

    >>> picture_type(b"RIFF....WEBPVP8 "), picture_type(b"<svg onload=...")
    ('image/webp', None)
    """
    for offset, signature, media_type in SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return media_type
    return None


def picture_response(path: Path, headers: Headers) -> Response:
    """Return a picture, or 304 if the copy that the client has is still current.

    Raises:
        HTTPException: 404, the file is missing or not a picture.
    """
    missing = HTTPException(404, "the picture of this video is not on disk; run `tubeseek sync`")
    try:
        with path.open("rb") as file:
            media_type = picture_type(file.read(SIGNATURE_BYTES))
        stat = path.stat()
    except OSError as error:
        raise missing from error
    if media_type is None:
        raise missing
    response = FileResponse(path, media_type=media_type, stat_result=stat, headers=CACHED)
    if response.headers["etag"] in headers.get("if-none-match", ""):
        return Response(None, 304, {"etag": response.headers["etag"], **CACHED})
    return response


def small_picture_response(path: Path, headers: Headers, width: int | None) -> Response:
    """Return a picture scaled down to a width in pixels; without one, the picture as it is.

    Raises:
        HTTPException: 404, the file is missing or not a picture.
    """
    whole = picture_response(path, headers)  # refuses what is no picture
    if width is None:
        return whole
    stat = path.stat()
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}-{width}"'
    facts = {"etag": etag, **CACHED}
    if etag in headers.get("if-none-match", ""):
        return Response(None, 304, facts)
    small = _scaled(path, stat.st_mtime_ns, width)
    return whole if small is None else Response(small, media_type="image/jpeg", headers=facts)


@lru_cache(maxsize=SCALED_KEPT)
def _scaled(path: Path, _changed: int, width: int) -> bytes | None:
    """Return a picture as a JPEG of at most this width; None where it is smaller or unreadable."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            if image.width <= width:
                return None
            image.draft("RGB", (width, width))
            picture = image.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    picture.thumbnail((width, 2 * width))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def video_response(path: Path) -> Response:
    """Return a video file, or the ranges of it that the player asks for.

    Raises:
        HTTPException: 404, the file is missing or not a video.
    """
    media_type = mimetypes.guess_type(path.name)[0] or ""
    if not media_type.startswith(("video/", "image/gif")) or not path.is_file():
        raise HTTPException(404, "the file of this video is not on disk; run `tubeseek sync`")
    return FileResponse(path, media_type=media_type, headers=CACHED)
