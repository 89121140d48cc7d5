"""Frames of video files whose every frame is known."""

import contextlib
import math
import os
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.helpers.made_videos import (
    BLUE,
    GREEN,
    MATRICES,
    RED,
    WHITE,
    Colour,
    make_audio,
    make_timed_video,
    make_video,
    painted,
    turn,
)
from tubeseek.core.errors import MediaError
from tubeseek.media.frames import frames_at, probe

CONTAINERS = [
    ("a.mp4", "libx264"),
    ("a.mkv", "libx264"),
    ("a.webm", "libvpx"),
    ("a.gif", "gif"),
    ("a.avi", "mpeg4"),
    ("a.mov", "mpeg4"),
    ("a.ts", "libx264"),
    ("a.mpg", "mpeg2video"),
    ("a.flv", "flv1"),
    ("a.wmv", "wmv2"),
]
FADED = 6  # what lossy compression and 4:2:0 change of a plain colour, of 255


def colour_of(frame: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(frame.reshape(-1, 3).mean(0))


def shows(frame: NDArray[np.uint8], colour: Colour) -> bool:
    return bool(np.abs(colour_of(frame) - colour).max() < FADED)


@pytest.mark.parametrize(("name", "codec"), CONTAINERS)
def test_every_container_shows_what_was_painted_when(tmp_path: Path, name: str, codec: str) -> None:
    path = make_video(tmp_path / name, [RED, GREEN, BLUE], fps=25, codec=codec)
    wishes = [0.0, 0.99, 1.0, 1.5, 2.9, 0.5]  # the last one is behind us
    frames = list(frames_at(path, wishes))
    assert [s for s, _ in frames] == pytest.approx([0.0, 0.96, 1.0, 1.48, 2.88, 0.48], abs=0.011)
    for (_, frame), colour in zip(frames, [RED, RED, GREEN, GREEN, BLUE, RED], strict=True):
        assert frame.shape == (96, 160, 3)
        assert frame.dtype == np.uint8
        assert shows(frame, colour)


@pytest.mark.parametrize(("name", "codec"), CONTAINERS)
def test_behind_the_end_the_last_frame_is_meant(tmp_path: Path, name: str, codec: str) -> None:
    path = make_video(tmp_path / name, [RED, GREEN, BLUE], fps=25, codec=codec)
    [(seconds, frame)] = frames_at(path, [1000.0])
    assert seconds > 2
    assert shows(frame, BLUE)


def test_probe_reads_what_was_written(tmp_path: Path) -> None:
    facts = probe(make_video(tmp_path / "a.mp4", [RED, BLUE], 1.5, size=(320, 180), fps=20))
    assert facts.duration_seconds == pytest.approx(3.0)
    assert (facts.width, facts.height, facts.codec) == (320, 180, "h264")
    assert facts.frames_per_second == pytest.approx(20)


def test_a_seek_between_keyframes_is_exact(tmp_path: Path) -> None:
    """Each frame is a shade of its own, and only the first is a keyframe."""
    shades = [(level, level, level) for level in range(10, 250, 8)]
    path = make_video(tmp_path / "a.mkv", shades, 0.1, fps=10, codec="mpeg4", keyframe_every=1000)
    wishes = [0.0, 1.55, 2.95, 0.95]
    levels = [colour_of(frame).mean() for _, frame in frames_at(path, wishes)]
    assert levels == pytest.approx([10, 10 + 8 * 15, 10 + 8 * 29, 10 + 8 * 9], abs=3.9)


def test_frames_of_variable_rate_stay_until_the_next(tmp_path: Path) -> None:
    shots = [(0.0, RED), (0.1, GREEN), (2.0, BLUE), (2.05, WHITE), (5.0, RED)]
    path = make_timed_video(tmp_path / "a.mkv", shots)
    frames = list(frames_at(path, [0.05, 1.99, 2.04, 4.9, 5.0]))
    assert [seconds for seconds, _ in frames] == pytest.approx([0.0, 0.1, 2.0, 2.05, 5.0])
    for (_, frame), colour in zip(frames, [RED, GREEN, BLUE, WHITE, RED], strict=True):
        assert shows(frame, colour)


@pytest.mark.parametrize("clockwise", MATRICES)
def test_a_turned_phone_video_stands_upright(tmp_path: Path, clockwise: int) -> None:
    stored = np.zeros((96, 160, 3), np.uint8)
    stored[:, :80], stored[:, 80:] = RED, BLUE  # red on the left as stored
    path = turn(make_video(tmp_path / "a.mp4", [stored]), clockwise)
    [(_, frame)] = frames_at(path, [0.5])
    height, width = frame.shape[:2]
    assert (width, height) == ((160, 96) if clockwise % 180 == 0 else (96, 160))
    centre = {0: (10, 48), 90: (48, 10), 180: (149, 48), 270: (48, 149)}[clockwise]  # of red
    assert np.abs(frame[centre[1], centre[0]].astype(int) - RED).max() < FADED


def test_a_recording_that_was_never_finished_has_its_duration_measured(tmp_path: Path) -> None:
    path = make_video(
        tmp_path / "a.webm", [RED, GREEN, BLUE], codec="libvpx", options={"live": "1"}
    )
    with av.open(str(path)) as container:
        assert container.duration is None
    assert probe(path).duration_seconds == pytest.approx(3.0, abs=0.11)


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.ts", "a.avi"])
def test_of_half_a_file_there_is_half(tmp_path: Path, name: str) -> None:
    codec = "mpeg4" if name.endswith("avi") else "libx264"
    options = {"movflags": "faststart"} if name.endswith("mp4") else None
    pictures = [painted((160, 96), seed) for seed in range(20)]
    path = make_video(tmp_path / name, pictures, codec=codec, options=options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    frames = list(frames_at(path, [2.5, 18.5]))
    assert frames[0][0] == pytest.approx(2.5, abs=0.01)
    assert np.abs(frames[0][1].astype(int) - pictures[2]).mean() < 20
    assert all(seconds < 13 for seconds, _ in frames)


def test_half_a_file_without_its_index_is_an_error(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [painted((160, 96))])  # the index is at the end
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MediaError, match=r"a\.mp4"):
        probe(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp4", b""),
        ("text.mp4", b"to be or not to be\n" * 50),
        ("zeros.mkv", bytes(5000)),
        ("header.avi", b"RIFF\x00\x10\x00\x00AVI LIST"),
        ("picture.mp4", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(300)),
    ],
)
def test_what_is_no_video_says_its_name_and_keeps_stderr_clean(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for read in (probe, lambda path: list(frames_at(path, [0.0]))):
        with pytest.raises(MediaError, match=name.replace(".", r"\.")):
            read(path)
    assert capfd.readouterr().err == ""


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="nowhere"):
        probe(tmp_path / "nowhere.mp4")


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        probe(make_audio(tmp_path / "a.mp4"))


def test_the_suffix_does_not_matter(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.webm", [GREEN], codec="libvpx").rename(tmp_path / "a.mp4")
    [(_, frame)] = frames_at(path, [0.5])
    assert shows(frame, GREEN)


def test_a_list_of_other_files_is_not_followed(tmp_path: Path) -> None:
    make_video(tmp_path / "secret.mp4", [RED])
    trap = tmp_path / "trap.mp4"
    trap.write_text("ffconcat version 1.0\nfile secret.mp4\n")
    with av.open(str(trap)) as container:
        assert container.format.name == "concat", "libav itself would follow it"
    with pytest.raises(MediaError):
        probe(trap)


def test_ten_gigabytes_are_not_read_through(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [RED, GREEN], options={"movflags": "faststart"})
    os.truncate(path, 10 << 30)  # sparse: reading it would take seconds, storing it nothing
    before = Path("/proc/self/io").read_text() if Path("/proc/self/io").exists() else ""
    assert probe(path).duration_seconds == pytest.approx(2.0)
    assert [s for s, _ in frames_at(path, [0.5, 1.5])] == pytest.approx([0.5, 1.5])
    if before:
        after = Path("/proc/self/io").read_text()
        assert int(after.split()[1]) - int(before.split()[1]) < 50e6  # rchar: bytes read


def test_a_generator_that_is_left_closes_its_file(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [RED, GREEN])
    frames = frames_at(path, [0.0, 1.0])
    next(frames)
    assert str(path) in {opened.path for opened in psutil.Process().open_files()}
    frames.close()  # type: ignore[attr-defined]
    assert str(path) not in {opened.path for opened in psutil.Process().open_files()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    return {
        name: make_video(folder / name, [RED, GREEN, BLUE], codec=codec).read_bytes()
        for name, codec in CONTAINERS
    }


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from([name for name, _ in CONTAINERS]),
    damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=30),
    cut=st.floats(0, 1),
)
def test_damage_is_an_error_or_nothing(
    whole: dict[str, bytes], tmp_path: Path, name: str, damage: list[tuple[float, int]], cut: float
) -> None:
    data = bytearray(whole[name])
    for place, value in damage:
        data[int(place * (len(data) - 1))] = value
    path = tmp_path / name
    path.write_bytes(data[: int(len(data) * cut)] if cut > 0.5 else data)
    with contextlib.suppress(MediaError):
        duration = probe(path).duration_seconds
        assert duration is None or (duration > 0 and math.isfinite(duration))
    with contextlib.suppress(MediaError):
        for seconds, frame in frames_at(path, [0.0, 1.5, 2.9]):
            assert seconds >= 0
            assert frame.ndim == 3
