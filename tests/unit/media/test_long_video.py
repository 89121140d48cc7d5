"""A video of three hours costs no more memory, and few more vectors, than one of a minute."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from tests.conftest import ROOT
from tests.helpers.made_videos import make_video, painted
from tests.helpers.peak_memory import FRAMES_OF_A_CLIP
from tubeseek.core.segment_plan import MOST_STILLS
from tubeseek.indexing.segmentation import MOST_CLIPS_PER_VIDEO

HOURS_3 = 3 * 3600.0
SHOT_SECONDS = 60.0
SIZE = (160, 90)
# What may come on top: 180 stills instead of 2 and 24 clips instead of 6, of 43 KB a frame, are
# 14 MB; measured were 26. All frames of the video are 467 MB.
ALLOWANCE_BYTES = 64_000_000

pytestmark = [
    pytest.mark.slow,  # videos of three hours are made and read
    pytest.mark.skipif(
        not Path("/proc/self/status").exists(), reason="Linux says how much memory a process had"
    ),
]


def long_video(path: Path, seconds: float) -> Path:
    """One frame a second, another picture each minute, a keyframe about every four minutes."""
    shots = [painted(SIZE, seed) for seed in range(round(seconds / SHOT_SECONDS))]
    return make_video(path, shots, SHOT_SECONDS, SIZE, fps=1, keyframe_every=240)


def as_recorded(video_file: Path, path: Path) -> Path:
    """The same stream in a container that says nothing of its length."""
    with (
        av.open(str(video_file)) as source,
        av.open(str(path), "w", options={"live": "1"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:  # the last, empty one has none
                packet.stream = stream
                target.mux(packet)
    with av.open(str(path)) as container:
        assert container.duration is None
    return path


def reading(file: Path, folder: Path) -> dict[str, Any]:
    """What reading it took, in a process of its own."""
    command = [sys.executable, "-m", "tests.helpers.peak_memory", str(file), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("minute")
    return reading(long_video(folder / "minute.mp4", 60.0), folder / "media")


@pytest.fixture(scope="module")
def three_hours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return long_video(tmp_path_factory.mktemp("long") / "long.mp4", HOURS_3)


def is_bounded(long: dict[str, Any], minute: dict[str, Any]) -> None:
    """Asserts it of memory and of the number of segments, which come from all over the video."""
    assert long["peak"] - minute["peak"] < ALLOWANCE_BYTES
    thumbnail, *stills = long["stills"]
    assert thumbnail == 0
    assert MOST_STILLS / 2 < len(stills) <= MOST_STILLS
    assert stills[-1] > 0.95 * HOURS_3
    assert max(b - a for a, b in pairwise(stills)) <= 3 * HOURS_3 / MOST_STILLS
    assert len(long["clips"]) == MOST_CLIPS_PER_VIDEO
    assert long["clips"][-1] > 0.95 * HOURS_3
    assert long["clip_shapes"] == [[FRAMES_OF_A_CLIP, *reversed(SIZE), 3]]


def test_three_hours(tmp_path: Path, minute: dict[str, Any], three_hours: Path) -> None:
    is_bounded(reading(three_hours, tmp_path), minute)


def test_three_hours_of_no_known_length(
    tmp_path: Path, minute: dict[str, Any], three_hours: Path
) -> None:
    recorded = as_recorded(three_hours, tmp_path / "recording.mkv")
    is_bounded(reading(recorded, tmp_path / "media"), minute)
