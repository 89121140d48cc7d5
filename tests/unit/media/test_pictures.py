"""Pictures whose every pixel is known before they are read."""

import io
import os
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import PIL
import pytest
from PIL import Image

from tubeseek.core.errors import MediaError
from tubeseek.media.pictures import MAX_FILE_BYTES, picture_from_bytes, read_picture

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def test_a_lossless_picture_comes_back_pixel_for_pixel(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (7, 11, 3), dtype=np.uint8)
    path = tmp_path / "a.png"
    Image.fromarray(pixels).save(path)

    picture = read_picture(path)

    assert picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, pixels)
    np.testing.assert_array_equal(picture_from_bytes(path.read_bytes(), "upload"), pixels)


def test_the_array_may_be_written_to(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), RED).save(tmp_path / "a.png")

    read_picture(tmp_path / "a.png")[:] = 0  # torch.from_numpy warns about arrays that cannot


@pytest.mark.parametrize(
    ("orientation", "corner"),  # EXIF 2.32: where the upper left corner of the scene is stored
    [(1, "tl"), (2, "tr"), (3, "br"), (4, "bl"), (5, "tl"), (6, "bl"), (7, "br"), (8, "tr")],
)
def test_every_orientation_of_the_camera_is_undone(orientation: int, corner: str) -> None:
    stored = Image.new("RGB", (64, 32), WHITE)
    x = 0 if corner[1] == "l" else 48
    y = 0 if corner[0] == "t" else 16
    stored.paste(RED, (x, y, x + 16, y + 16))
    exif = Image.Exif()
    exif[0x0112] = orientation

    picture = picture_from_bytes(_encoded(stored, "PNG", exif=exif), "a")

    assert picture.shape == ((64, 32, 3) if orientation >= 5 else (32, 64, 3))
    assert tuple(picture[4, 4]) == RED
    assert tuple(picture[-4, -4]) == WHITE


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_damaged_note_about_orientation_costs_nothing_but_itself() -> None:
    clean = _encoded(Image.new("RGB", (16, 16), RED), "JPEG")
    segment = b"Exif\0\0" + b"MM\0*" + b"\xff" * 20
    damaged = clean[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + clean[2:]

    assert picture_from_bytes(damaged, "a").shape == (16, 16, 3)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_laid_on_white(mode: str) -> None:
    image = Image.new("RGBA", (8, 4), (0, 0, 0, 0))  # black underneath
    image.paste((0, 0, 0, 255), (0, 0, 4, 4))

    picture = picture_from_bytes(_encoded(image.convert(mode), "PNG"), "a")

    assert tuple(picture[0, 0]) == (0, 0, 0)
    assert tuple(picture[0, 7]) == WHITE


def test_half_transparent_red_on_white_is_pink() -> None:
    picture = picture_from_bytes(_encoded(Image.new("RGBA", (2, 2), (255, 0, 0, 51)), "PNG"), "a")

    assert tuple(picture[0, 0]) == (255, 204, 204)  # 0.2 of red over 0.8 of white


def test_sixteen_bits_a_pixel_are_scaled_not_clipped() -> None:
    shades = np.array([[0, 0x4000, 0x8000, 0xFFFF]], np.uint16)

    picture = picture_from_bytes(_encoded(Image.fromarray(shades), "PNG"), "a")

    assert picture[0, :, 0].tolist() == [0, 0x40, 0x80, 0xFF]


WITHOUT_YCBCR = pytest.mark.skipif(
    int(PIL.__version__.partition(".")[0]) < 13, reason="Pillow 12 takes YCbCr for RGBX"
)


@pytest.mark.parametrize("mode", ["1", "L", "CMYK", pytest.param("YCbCr", marks=WITHOUT_YCBCR)])
def test_other_modes_become_rgb(mode: str) -> None:
    image = Image.new("RGB", (8, 8), WHITE).convert(mode)

    picture = picture_from_bytes(_encoded(image, "TIFF"), "a")

    assert picture.shape == (8, 8, 3)
    assert picture.min() >= 254


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_gives_its_first_frame(kind: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in (GREEN, RED, BLUE)]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])

    picture = picture_from_bytes(file.getvalue(), "a")

    assert np.abs(picture.astype(int) - np.array(GREEN)).max() <= 4  # WebP is lossy


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (641, 359), (1800, 1200)])
def test_a_large_picture_shrinks_to_no_less_than_what_is_needed(
    kind: str, size: tuple[int, int]
) -> None:
    needed = 300
    image = Image.linear_gradient("L").convert("RGB").resize(size)

    picture = picture_from_bytes(_encoded(image, kind), "a", longest_side=needed)

    height, width = picture.shape[:2]
    assert needed <= max(height, width) < 2 * needed
    assert width / height == pytest.approx(size[0] / size[1], rel=0.02)
    whole = np.asarray(image.resize((width, height), Image.Resampling.BOX))
    assert np.abs(picture.astype(int) - whole).mean() < 2


def test_a_small_picture_is_not_enlarged() -> None:
    picture = picture_from_bytes(_encoded(Image.new("RGB", (90, 50)), "JPEG"), "a", 300)

    assert picture.shape == (50, 90, 3)


def test_a_turned_picture_shrinks_and_turns() -> None:
    stored = Image.new("RGB", (1280, 720), WHITE)
    stored.paste(RED, (0, 360, 640, 720))
    exif = Image.Exif()
    exif[0x0112] = 6

    picture = picture_from_bytes(_encoded(stored, "JPEG", exif=exif), "a", longest_side=600)

    assert picture.shape == (640, 360, 3)
    assert picture[10, 10, 1] < 10  # red, above on the left
    assert picture[-10, -10, 1] > 245


def test_no_needed_size_below_one() -> None:
    with pytest.raises(ValueError, match="longest_side"):
        picture_from_bytes(_encoded(Image.new("RGB", (9, 9)), "PNG"), "a", longest_side=0)


def test_a_bomb_is_refused_without_being_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png_header(30_000, 30_000))

    with pytest.raises(MediaError, match=r"bomb\.png"):
        read_picture(path)


@pytest.mark.parametrize("policy", ["error", "ignore"])
def test_what_pillow_only_warns_of_is_refused_too(policy: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter(policy)  # type: ignore[arg-type]
        with pytest.raises(MediaError):  # 100 million pixels: over its limit once
            picture_from_bytes(_png_header(10_000, 10_000), "a")


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "zero.jpg"
    path.touch()

    with pytest.raises(MediaError, match=r"zero\.jpg"):
        read_picture(path)


def test_a_missing_file_and_a_folder_say_where(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"gone\.jpg"):
        read_picture(tmp_path / "gone.jpg")
    with pytest.raises(MediaError):
        read_picture(tmp_path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        os.truncate(file.fileno(), MAX_FILE_BYTES + 1)  # sparse: takes no disk

    with pytest.raises(MediaError, match="50 MB"):
        read_picture(path)


@pytest.mark.parametrize(
    "data",
    [b"<!doctype html><title>404</title>", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"],
    ids=["a page", "a program in PostScript"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(MediaError):
        picture_from_bytes(data, "a")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"])
def test_damage_gives_a_picture_or_an_error_of_ours(kind: str) -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 256, (40, 60, 3), dtype=np.uint8)
    whole = _encoded(Image.fromarray(noise), kind)
    refused = 0
    for trial in range(60):
        damaged = bytearray(whole[: rng.integers(1, len(whole))] if trial % 2 else whole)
        for place in rng.integers(0, min(len(damaged), 200), 4):
            damaged[place] = rng.integers(0, 256)
        try:
            assert picture_from_bytes(bytes(damaged), "a").shape[2] == 3
        except MediaError:
            refused += 1

    assert refused > 20


def test_a_truncated_download_is_refused() -> None:
    whole = _encoded(Image.effect_noise((200, 100), 80).convert("RGB"), "JPEG")

    with pytest.raises(MediaError, match=r"half\.jpg"):
        picture_from_bytes(whole[: len(whole) // 2], "half.jpg")


def test_real_thumbnails_all_read(shared_data: Path) -> None:
    paths = sorted((shared_data / "youtube_thumbnails" / "images").glob("*.jpg"))[:20]

    assert len(paths) == 20
    for path in paths:
        with Image.open(path) as image:
            size = image.size
        assert read_picture(path).shape == (size[1], size[0], 3)


def _encoded(image: Image.Image, kind: str, exif: Image.Exif | None = None) -> bytes:
    file = io.BytesIO()
    if exif is None:
        image.save(file, kind)
    else:
        image.save(file, kind, exif=exif)
    return file.getvalue()


def _png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds one byte of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )
