"""Reads untrusted still pictures of any size and mode, which are often broken."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from tubeseek.core.errors import MediaError

MAX_FILE_BYTES = 50_000_000  # a 4K PNG has 25 MB; a larger file is not a thumbnail
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF", "PPM")  # no reader runs a program
ORIENTATION_TAG = 0x0112  # EXIF 2.32, section 4.6.4 A
ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
WHITE = (255, 255, 255, 255)


def read_picture(path: Path, longest_side: int | None = None) -> NDArray[np.uint8]:
    """Read a picture file: upright, on white where transparent, the first frame of an animation.

    Args:
        path: JPEG, PNG, WebP, GIF, AVIF, BMP, TIFF or PPM.
        longest_side: Pixels needed on the longer side. A larger picture is shrunk to between once
            and twice that size: shrinking by a whole factor while decoding costs a third of
            decoding in full, and leaves the exact size to the encoder.

    Returns:
        (height, width, 3) RGB.

    Raises:
        MediaError: The file is missing, empty, too large, broken, or not a picture.
    """
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise MediaError(_too_large(str(path), size))
        with path.open("rb") as file:
            return _decode(file, str(path), size, longest_side)
    except OSError as error:
        raise MediaError(
            f"{path}: cannot be read ({error.strerror or error}); check its path and permissions"
        ) from error


def picture_from_bytes(
    data: bytes, name: str, longest_side: int | None = None
) -> NDArray[np.uint8]:
    """Read a picture from `data`, as `read_picture` does, with `name` in its errors."""
    if len(data) > MAX_FILE_BYTES:
        raise MediaError(_too_large(name, len(data)))
    return _decode(BytesIO(data), name, len(data), longest_side)


def encode_jpeg(pixels: NDArray[np.uint8], quality: int) -> bytes:
    """Encode (height, width, 3) RGB as JPEG of this quality (1 to 95).

    Write the result in a separate step: Pillow reports success for a file that is cut short by a
    full disk.
    """
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return file.getvalue()


def _too_large(name: str, size: int) -> str:
    return (
        f"{name}: {size / 1e6:.0f} MB is too large for a picture; "
        f"shrink it below {MAX_FILE_BYTES / 1e6:.0f} MB"
    )


def _decode(file: BinaryIO, name: str, size: int, longest_side: int | None) -> NDArray[np.uint8]:
    if longest_side is not None and longest_side < 1:
        raise ValueError(f"need longest_side >= 1, got {longest_side}")
    if size == 0:
        raise MediaError(f"{name}: the file is empty; fetch it again or remove it")
    try:
        with Image.open(file, formats=FORMATS) as image:
            _refuse_bomb(image, name)
            return _pixels(image, longest_side)
    except MediaError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise MediaError(f"{name}: {error}; shrink the picture") from error
    except UnidentifiedImageError as error:
        raise MediaError(
            f"{name}: not a picture that can be read; save it as JPEG, PNG or WebP"
        ) from error
    except Exception as error:  # Pillow raises almost anything on a broken file
        raise MediaError(
            f"{name}: the picture is broken ({error}); fetch it again or remove it"
        ) from error


def _refuse_bomb(image: Image.Image, name: str) -> None:
    """Raise MediaError above Pillow's limit; Pillow itself only warns up to twice the limit."""
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and image.width * image.height > limit:
        raise MediaError(
            f"{name}: {image.width} x {image.height} pixels could exhaust the memory; "
            f"shrink the picture below {limit / 1e6:.0f} megapixels"
        )


def _pixels(image: Image.Image, longest_side: int | None) -> NDArray[np.uint8]:
    turn = ORIENTATIONS.get(_orientation(image))
    if longest_side is not None and longest_side < max(image.size):
        scale = longest_side / max(image.size)
        needed = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
        image.draft(None, needed)  # JPEG only: the decoder leaves out what is not needed
    image = _on_white(image)
    if longest_side is not None and (factor := max(image.size) // longest_side) > 1:
        image = image.reduce(factor)
    if turn is not None:
        image = image.transpose(turn)
    return np.array(image)  # a copy of its own: torch warns about arrays that cannot be written


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation; 1, upright, if the EXIF data is damaged."""
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError):
        return 1


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a pixel, which Pillow would clip instead of scale
        shades = (np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8)
        return Image.fromarray(shades).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, WHITE)
    return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")
