"""The videos themselves, in several forms as YouTube has them: pictures and sound apart.

A file shows the colour and shape of its video, and in the stretch of `FixtureVideo.scene` those of
the scene. Each frame has its second on it, so that no two clips are alike.
"""

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ImageDraw

from tests.fixture_site import pictures
from tests.fixture_site.storyboards import SCENE_BACKGROUND
from tests.fixture_site.videos import FixtureVideo
from tests.helpers.made_videos import make_video

SERVED = "133"  # the form that is really there
SIZE = (426, 240)  # pixels
FRAMES_PER_SECOND = 2
RANGE_BYTES = 10_000  # YouTube's are 10 MiB
_PICTURES = {"160": (256, 144), SERVED: SIZE, "134": (640, 360), "137": (1920, 1080)}


def formats(base: str, video: FixtureVideo) -> list[dict[str, Any]]:
    """All forms as yt-dlp presents them, from bad to good; silent ones if the video has a file."""
    address = f"{base}/videoplayback?id={video.id}"
    if video.only_storyboard:
        return []
    both = {"format_id": "18", "url": f"{address}&itag=18", "ext": "mp4"}
    if not video.has_video_file:
        return [both]
    sound = {"format_id": "140", "url": f"{address}&itag=140", "ext": "m4a", "vcodec": "none"}
    silent = [
        {
            "format_id": itag,
            "url": f"{address}&itag={itag}",
            "ext": "mp4",
            "width": width,
            "height": height,
            "vcodec": "avc1.4d400d",
            "acodec": "none",
            "tbr": width // 10,
        }
        for itag, (width, height) in _PICTURES.items()
    ]
    for form in silent:
        form |= _way(video)
    with_sound = both | {"width": 640, "height": 360, "vcodec": "avc1.42001E", "acodec": "mp4a"}
    return [sound, *silent, with_sound]


def _way(video: FixtureVideo) -> dict[str, Any]:
    """Return what yt-dlp's extractor for YouTube says of how a video file is handed out."""
    if video.delivery == "ranges":
        return {"downloader_options": {"http_chunk_size": RANGE_BYTES}}
    return {}


def content(video: FixtureVideo, itag: str) -> bytes | None:
    """The file of a form; None if there is none of it."""
    if not video.has_video_file or itag != SERVED:
        return None
    scene = video.scene
    looks = ((video.colour, video.shape), (scene.colour, scene.shape))
    return _encode(looks, video.duration_seconds, (scene.start_seconds, scene.end_seconds))


@lru_cache(maxsize=64)
def _encode(
    looks: tuple[tuple[str, str], tuple[str, str]], seconds: int, scene: tuple[int, int]
) -> bytes:
    frames = []
    for number in range(seconds * FRAMES_PER_SECOND):
        second = number / FRAMES_PER_SECOND
        in_scene = scene[0] <= second < scene[1]
        frame = pictures.paint(*looks[in_scene], SIZE, background=SCENE_BACKGROUND * in_scene)
        ImageDraw.Draw(frame).text((4, 4), f"{second:.1f}", fill=(0, 0, 0))
        frames.append(np.asarray(frame))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        make_video(
            path,
            frames,
            seconds_each=1 / FRAMES_PER_SECOND,
            size=SIZE,
            fps=FRAMES_PER_SECOND,
            keyframe_every=5 * FRAMES_PER_SECOND,
            options={"movflags": "faststart"},
        )
        return path.read_bytes()
