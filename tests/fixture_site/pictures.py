"""Pictures of coloured shapes: each video has its own, and each of its frames differs a little."""

import math
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from tests.fixture_site.videos import COLOURS

SIZES = {
    "maxresdefault": (1280, 720),
    "hq720": (1280, 720),
    "sddefault": (640, 480),
    "hqdefault": (480, 360),
    "mqdefault": (320, 180),
    "default": (120, 90),
    "hq1": (480, 360),
    "hq2": (480, 360),
    "hq3": (480, 360),
}
_BACKGROUNDS = ((120, 160, 180), (170, 170, 150), (100, 110, 120), (180, 150, 160))


@lru_cache(maxsize=1024)
def jpeg(colour: str, shape: str, name: str, version: int) -> bytes:
    """The picture `name` of a video. In hq1, hq2, hq3 the shape wanders from left to right."""
    frame = int(name[2]) if name in ("hq1", "hq2", "hq3") else 0
    x = (1, 2, 3)[frame - 1] / 4 if frame else 0.5
    return encoded(paint(colour, shape, SIZES[name], x=x, background=frame + version))


def paint(
    colour: str, shape: str, size: tuple[int, int], *, x: float = 0.5, background: int = 0
) -> Image.Image:
    """A shape with its centre at this part of the width."""
    width, height = size
    image = Image.new("RGB", size, _BACKGROUNDS[background % len(_BACKGROUNDS)])
    pen = ImageDraw.Draw(image)
    _draw(pen, shape, COLOURS[colour][0], width * x, height / 2, height * 0.33)
    return image


def encoded(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()


def _draw(
    pen: ImageDraw.ImageDraw,
    shape: str,
    fill: tuple[int, int, int],
    x: float,
    y: float,
    radius: float,
) -> None:
    box = (x - radius, y - radius, x + radius, y + radius)
    match shape:
        case "circle":
            pen.ellipse(box, fill=fill)
        case "ring":
            pen.ellipse(box, outline=fill, width=int(radius / 3))
        case "square":
            pen.rectangle(box, fill=fill)
        case "triangle":
            pen.polygon(_corners(3, x, y, radius, radius), fill=fill)
        case "star":
            pen.polygon(_corners(10, x, y, radius, radius * 0.4), fill=fill)
        case "cross":
            arm = radius / 3
            pen.rectangle((x - arm, y - radius, x + arm, y + radius), fill=fill)
            pen.rectangle((x - radius, y - arm, x + radius, y + arm), fill=fill)
        case _:
            raise ValueError(f"no such shape: {shape}")


def _corners(count: int, x: float, y: float, even: float, odd: float) -> list[tuple[float, float]]:
    """Corners on two circles in turn, from the top clockwise."""
    radii = (even, odd)
    turns = [2 * math.pi * i / count for i in range(count)]
    return [
        (x + radii[i % 2] * math.sin(turn), y - radii[i % 2] * math.cos(turn))
        for i, turn in enumerate(turns)
    ]
