"""A rendered video, decoded again: what is on the screen when, and how it is stored."""

import struct
from datetime import date
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.helpers.demo_collection import FARM, paint_farm
from tubeseek.cli.demo.plan import FRAMES_PER_SECOND, Shot, VideoPlan
from tubeseek.cli.demo.render import ZOOM, render_thumbnail, render_video
from tubeseek.cli.demo.stamps import fetch_stamps
from tubeseek.cli.demo.themes import ZOO
from tubeseek.core.errors import MediaError

BACKGROUND = (214, 228, 240)
COLOUR_TOLERANCE = 8  # of 255, for what x264 and 8-bit YUV change
TIMES = (0.0, 1.0, 1.5, 2.25)  # shots of 12, 6 and 9 frames


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> VideoPlan:
    root = paint_farm(tmp_path_factory.mktemp("stamps"))
    by_name = {stamp.name: stamp for stamp in fetch_stamps(root, root)}
    shots = tuple(
        Shot(by_name[name], name, "이름", start, end, zooms_in=number % 2 == 0)
        for number, (name, (start, end)) in enumerate(zip(FARM, pairwise(TIMES), strict=False))
    )
    return VideoPlan("farm-1", "Farm", ZOO, date(2024, 1, 1), 1, BACKGROUND, shots)


@pytest.fixture(scope="module")
def video(plan: VideoPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("videos") / "farm-1.mp4"
    render_video(plan, path)
    return path


@pytest.fixture(scope="module")
def frames(video: Path) -> list[tuple[float, np.ndarray]]:
    """(time in seconds, (360, 640, 3) RGB) of every frame."""
    with av.open(str(video)) as container:
        return [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]


def test_form_of_the_file(video: Path, plan: VideoPlan) -> None:
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.width, stream.height) == (640, 360)
        assert stream.average_rate == FRAMES_PER_SECOND
        assert float(stream.duration * stream.time_base) == pytest.approx(plan.duration_seconds)
    assert [path.name for path in video.parent.iterdir()] == ["farm-1.mp4"]


def test_each_frame_shows_the_stamp_of_its_shot(
    frames: list[tuple[float, np.ndarray]], plan: VideoPlan
) -> None:
    assert len(frames) == round(plan.duration_seconds * FRAMES_PER_SECOND)
    for time, picture in frames:
        shot = next(shot for shot in plan.shots if shot.start <= time + 1e-6 < shot.end)
        colour = FARM[shot.stamp.name][0]
        middle = picture[170:190, 310:330].reshape(-1, 3).mean(axis=0)
        corner = picture[:20, :20].reshape(-1, 3).mean(axis=0)
        assert np.abs(middle - colour).max() <= COLOUR_TOLERANCE
        assert np.abs(corner - BACKGROUND).max() <= COLOUR_TOLERANCE


def test_zoom_is_slow_and_of_the_right_size(
    frames: list[tuple[float, np.ndarray]], plan: VideoPlan
) -> None:
    def width(picture: np.ndarray) -> int:
        """Pixels of the middle row that are not background."""
        return int((np.abs(picture[180].astype(int) - BACKGROUND).max(axis=1) > 40).sum())

    for shot in plan.shots:
        widths = [width(p) for time, p in frames if shot.start <= time + 1e-6 < shot.end]
        far, near = sorted((widths[0], widths[-1]))
        assert near / far == pytest.approx(ZOOM, abs=0.02)
        assert (widths[-1] > widths[0]) == shot.zooms_in
        assert near < 360  # the stamps are square, so all of one is always on the screen
        assert max(abs(b - a) for a, b in pairwise(widths)) <= 0.08 * near


def test_keyframes_are_at_the_shots_and_nowhere_else(video: Path, plan: VideoPlan) -> None:
    with av.open(str(video)) as container:
        times = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(video=0)
            if packet.is_keyframe and packet.pts is not None
        ]
    assert times == pytest.approx([shot.start for shot in plan.shots])


def test_index_stands_before_the_pictures(video: Path) -> None:
    data, boxes, place = video.read_bytes(), [], 0
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        boxes.append(kind)
        place += size
    assert boxes.index(b"moov") < boxes.index(b"mdat")


def test_same_plan_gives_the_same_bytes(video: Path, plan: VideoPlan, tmp_path: Path) -> None:
    render_video(plan, tmp_path / "again.mp4")
    assert (tmp_path / "again.mp4").read_bytes() == video.read_bytes()


def test_thumbnail_shows_the_first_stamp(plan: VideoPlan, tmp_path: Path) -> None:
    render_thumbnail(plan, tmp_path / "farm-1.jpg")
    with Image.open(tmp_path / "farm-1.jpg") as image:
        assert (image.format, image.size) == ("JPEG", (640, 360))
        picture = np.asarray(image.convert("RGB"), np.int16)
    first = FARM[plan.shots[0].stamp.name][0]
    assert np.abs(picture[180, 320] - first).max() <= COLOUR_TOLERANCE
    assert np.abs(picture[5, 5] - BACKGROUND).max() <= COLOUR_TOLERANCE


def test_damaged_stamp_leaves_no_video(plan: VideoPlan, tmp_path: Path) -> None:
    root = paint_farm(tmp_path / "stamps")
    stamps = fetch_stamps(root, root)
    shots = (Shot(stamps[0], "hen", "암탉", 0.0, 0.5, zooms_in=True),)
    stamps[0].path.write_bytes(stamps[0].path.read_bytes()[:60])
    broken = VideoPlan("broken", "", ZOO, plan.published, 1, BACKGROUND, shots)
    (tmp_path / "videos").mkdir()
    with pytest.raises(MediaError, match=r"hen\.png"):
        render_video(broken, tmp_path / "videos/broken.mp4")
    assert list((tmp_path / "videos").iterdir()) == []
