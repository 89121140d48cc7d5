"""Which frame stands for a video, and how pictures are written."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.made_videos import BLACK, GREEN, GREY, RED, WHITE, Colour, make_video, painted
from tubeseek.errors import MediaError
from tubeseek.media.frames import probe
from tubeseek.media.stills import write_stills, write_thumbnail

DIM = painted((160, 96)) // 4 + 4  # a night scene: brightest about 67 of 255


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        assert image.format == "JPEG"
        return np.asarray(image).astype(int)


@pytest.mark.parametrize(
    ("shots", "expected"),
    [
        ([BLACK, BLACK, BLACK, RED, painted((160, 96)), RED, RED, RED], painted((160, 96))),
        ([BLACK, WHITE, WHITE, RED, painted((160, 96), 1), RED, RED, RED], painted((160, 96), 1)),
        ([GREEN, GREEN, painted((160, 96), 2), RED], painted((160, 96), 2)),
        ([BLACK, BLACK, DIM, DIM, BLACK, BLACK], DIM),
        ([BLACK, BLACK, GREEN, GREEN, BLACK, BLACK], GREEN),  # nothing better than one colour
        ([WHITE, WHITE, BLACK, BLACK], WHITE),  # nothing at all: the first look
    ],
)
def test_the_thumbnail_is_not_blank(
    tmp_path: Path, shots: list[Colour | np.ndarray], expected: Colour | np.ndarray
) -> None:
    path = make_video(tmp_path / "a.mp4", shots)
    thumbnail = write_thumbnail(path, tmp_path / "media", probe(path).duration_seconds)
    assert np.abs(pixels(thumbnail) - np.asarray(expected)).mean() < 12


def test_pictures_are_made_no_larger_than_needed(tmp_path: Path) -> None:
    path = make_video(
        tmp_path / "a.mp4", [painted((1920, 800))], 0.4, size=(1920, 800), codec="mpeg4"
    )
    assert pixels(write_thumbnail(path, tmp_path, 0.4)).shape == (533, 1280, 3)
    stills = write_stills(path, tmp_path, 0.4)
    assert [pixels(still.path).shape for still in stills] == [(267, 640, 3)] * 3


def test_stills_show_the_quarters(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [RED, GREEN, GREY, WHITE], 2.0)
    stills = write_stills(path, tmp_path / "media", 8.0)
    assert [still.seconds for still in stills] == pytest.approx([2.0, 4.0, 6.0])
    for still, colour in zip(stills, [GREEN, GREY, WHITE], strict=True):
        assert np.abs(pixels(still.path) - np.asarray(colour)).max() < 12
    assert sorted(p.name for p in (tmp_path / "media").iterdir()) == [
        "still-1.jpg",
        "still-2.jpg",
        "still-3.jpg",
    ]


def test_a_video_of_one_frame_has_one_still(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [RED], 0.1)
    assert len(write_stills(path, tmp_path, 0.1)) == 1
    assert write_stills(path, tmp_path, None) == ()


def test_stills_that_are_cut_off_are_left_out(tmp_path: Path) -> None:
    pictures = [painted((160, 96), seed) for seed in range(20)]
    path = make_video(tmp_path / "a.mp4", pictures, options={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 5])
    stills = write_stills(path, tmp_path, probe(path).duration_seconds)
    assert stills[0].seconds == pytest.approx(5.0)
    assert all(still.seconds < 10 for still in stills)


def test_a_disk_that_is_full_is_not_the_videos_fault(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [painted((160, 96))])
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "thumbnail.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        write_thumbnail(path, tmp_path / "media", 1.0)
    assert not isinstance(caught.value, MediaError)
    assert not (tmp_path / "media" / "thumbnail.jpg").exists()
