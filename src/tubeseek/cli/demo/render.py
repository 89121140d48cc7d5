"""Renders a planned video as H.264 in MP4: stamps over a plain colour, slowly zooming."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.codec.codec import UnknownCodecError
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray
from PIL import Image

from tubeseek.cli.demo.plan import FRAMES_PER_SECOND, Shot, VideoPlan
from tubeseek.core.errors import MediaError
from tubeseek.core.files import replacing, write_atomically
from tubeseek.core.installation import package_command
from tubeseek.media.pictures import encode_jpeg

WIDTH, HEIGHT = 640, 360
ZOOM = 1.2  # how much larger the stamp is at the near end of a shot
STAMP_WIDTH, STAMP_HEIGHT = 0.80, 0.88  # of the screen, at the near end
LONGEST_GAP = 10_000  # frames between keyframes: no others than those at shot starts
RENDERING = 1  # raise it when the pictures change, and finished videos are made anew
THUMBNAIL_QUALITY = 88  # JPEG
X264 = {
    "preset": "veryfast",
    "crf": "24",
    "threads": "1",  # the same bytes on every machine
    "forced-idr": "1",  # a player can start at every shot
    "sc_threshold": "0",
}


def render_video(plan: VideoPlan, path: Path) -> None:
    """Write the video of `plan`; the file appears when it is complete.

    Every shot starts with a keyframe, and the index stands before the pictures, so a moment can be
    played or cut without reading the rest.

    Raises:
        MediaError: A stamp cannot be read, or there is no H.264 encoder.
    """
    try:
        with replacing(path) as unfinished:
            _write(plan, unfinished)
    except UnknownCodecError as error:
        raise MediaError(
            "This PyAV has no H.264 encoder; its wheels have one: "
            + package_command("--force-reinstall", "--only-binary=av", "av")
        ) from error
    except (av.FFmpegError, OSError) as error:
        raise MediaError(f"Cannot make {path}: {error}. Is there space on the disk?") from error


def render_thumbnail(plan: VideoPlan, path: Path) -> None:
    """Write the thumbnail of the video: its first stamp, as large as it gets.

    Raises:
        MediaError: The stamp cannot be read, or the file not written.
    """
    picture = look(compose(plan.shots[0].stamp.path, plan.background), ZOOM)
    try:
        write_atomically(path, encode_jpeg(np.asarray(picture), THUMBNAIL_QUALITY))
    except OSError as error:
        raise MediaError(f"Cannot make {path}: {error}. Is there space on the disk?") from error


def _write(plan: VideoPlan, path: Path) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", container_options=options) as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options=X264)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size = LONGEST_GAP
        stream.codec_context.colorspace = Colorspace.ITU601
        stream.codec_context.color_range = ColorRange.MPEG
        number = 0
        # Not the stream's: the muxer replaces that one when it writes the header.
        tick = Fraction(1, FRAMES_PER_SECOND)
        for shot in plan.shots:
            for is_first, pixels in _frames(shot, plan.background):
                frame = VideoFrame.from_ndarray(pixels, format="yuv420p")
                frame.colorspace, frame.color_range = Colorspace.ITU601, ColorRange.MPEG
                frame.pts, frame.time_base = number, tick
                frame.pict_type = PictureType.I if is_first else PictureType.NONE
                container.mux(stream.encode(frame))
                number += 1
        container.mux(stream.encode(None))


def _frames(
    shot: Shot, background: tuple[int, int, int]
) -> Iterator[tuple[bool, NDArray[np.uint8]]]:
    """Yield the frames of a shot as (is the first, 4:2:0 planes of 360x640), zooming evenly.

    The canvas is converted once and its planes are zoomed: scaling and the conversion from RGB are
    both linear, and 4:2:0 has half the samples.
    """
    canvas = _planes(compose(shot.stamp.path, background))
    count = round((shot.end - shot.start) * FRAMES_PER_SECOND)
    for number in range(count):
        nearness = number / max(1, count - 1)  # 0 .. 1
        if not shot.zooms_in:
            nearness = 1 - nearness
        zoom = 1 + (ZOOM - 1) * nearness
        luma, *chroma = (np.asarray(look(plane, zoom)) for plane in canvas)
        # PyAV's layout of 4:2:0: two rows of a chroma plane side by side below the luma.
        yield number == 0, np.vstack([luma, *(plane.reshape(-1, WIDTH) for plane in chroma)])


def _planes(canvas: Image.Image) -> tuple[Image.Image, Image.Image, Image.Image]:
    """Return Y, and U and V at half the size, of a picture whose sides are even."""
    rgb = VideoFrame.from_ndarray(np.asarray(canvas), format="rgb24")
    pixels = rgb.reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU601, dst_color_range=ColorRange.MPEG
    ).to_ndarray()  # (height * 3 / 2, width)
    luma, u, v = np.split(pixels, [canvas.height, canvas.height * 5 // 4])
    half = (canvas.height // 2, canvas.width // 2)
    return (
        Image.fromarray(luma),
        Image.fromarray(u.reshape(half)),
        Image.fromarray(v.reshape(half)),
    )


def compose(stamp: Path, background: tuple[int, int, int]) -> Image.Image:
    """Put the stamp in the middle of a plain canvas, ZOOM times as large as the screen.

    Raises:
        MediaError: The stamp cannot be read.
    """
    try:
        with Image.open(stamp) as image:
            picture = image.convert("RGBA")
    except (OSError, Image.DecompressionBombError) as error:
        raise MediaError(
            f"Cannot read the stamp {stamp}: {error}. Delete the folder of the stamps to get "
            "them again"
        ) from error
    picture = picture.crop(picture.getchannel("A").getbbox())  # many have a wide empty border
    scale = min(WIDTH * STAMP_WIDTH / picture.width, HEIGHT * STAMP_HEIGHT / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (round(WIDTH * ZOOM), round(HEIGHT * ZOOM)), background)
    corner = ((canvas.width - picture.width) // 2, (canvas.height - picture.height) // 2)
    canvas.paste(picture, corner, picture)
    return canvas


def look(canvas: Image.Image, zoom: float) -> Image.Image:
    """Return the middle of the canvas, or of a plane of it, as the screen shows it.

    All of it at zoom 1; pixel by pixel at ZOOM.
    """
    width, height = canvas.width / zoom, canvas.height / zoom
    left, top = (canvas.width - width) / 2, (canvas.height - height) / 2
    screen = (round(canvas.width / ZOOM), round(canvas.height / ZOOM))
    box = (left, top, left + width, top + height)
    return canvas.resize(screen, Image.Resampling.BILINEAR, box=box)
