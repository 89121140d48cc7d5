"""Which frame stands for a video, and how pictures are written."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers.made_videos import BLACK, GREEN, GREY, RED, WHITE, Colour, make_video, painted
from tests.helpers.small_disk import small_disk
from tubeseek.core.errors import MediaError
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
    assert [pixels(still.path).shape for still in write_stills(path, tmp_path)] == [(133, 320, 3)]


def test_stills_show_each_shot_and_are_named_by_their_second(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [RED, GREEN, GREY], 2.5, keyframe_every=25)
    stills = write_stills(path, tmp_path / "media")
    assert [still.seconds for still in stills] == pytest.approx([0, 2.5, 5.0])
    assert [still.path.name for still in stills] == [
        "still-000000.00.jpg",
        "still-000002.50.jpg",
        "still-000005.00.jpg",
    ]
    assert sorted((tmp_path / "media").iterdir()) == [still.path for still in stills]
    for still, colour in zip(stills, [RED, GREEN, GREY], strict=True):
        assert np.abs(pixels(still.path) - np.asarray(colour)).max() < 12


def test_stills_of_an_earlier_version_go_and_nothing_else(tmp_path: Path) -> None:
    media = tmp_path / "media"
    path = make_video(tmp_path / "a.mp4", [RED, GREEN, GREY], 2.5, keyframe_every=25)
    write_stills(path, media)
    for name in ("still-1.jpg", "thumbnail.jpg", "hq1.jpg"):
        (media / name).write_bytes(b"")
    make_video(tmp_path / "a.mp4", [GREEN, WHITE, RED], 3.0, keyframe_every=30)
    assert [still.seconds for still in write_stills(path, media)] == [0, 6]
    assert sorted(p.name for p in media.iterdir()) == [
        "hq1.jpg",
        "still-000000.00.jpg",
        "still-000006.00.jpg",
        "thumbnail.jpg",
    ]


def test_spacing_and_number_can_be_chosen(tmp_path: Path) -> None:
    shots = [painted((160, 96), seed) for seed in range(8)]
    path = make_video(tmp_path / "a.mp4", shots, keyframe_every=10)
    close = write_stills(path, tmp_path, spacing_seconds=1.0)
    assert [still.seconds for still in close] == pytest.approx(range(8))
    assert [still.seconds for still in write_stills(path, tmp_path, most=2)] == [0, 4]


def test_a_black_video_has_a_thumbnail_and_no_stills(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [BLACK], 3.0)
    assert write_thumbnail(path, tmp_path, 3.0).exists()
    assert write_stills(path, tmp_path) == ()


def test_a_disk_that_is_full_is_not_the_videos_fault(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [painted((160, 96))])
    (tmp_path / "media").mkdir()
    with small_disk(100), pytest.raises(OSError) as caught:  # noqa: PT011 - any errno means it
        write_thumbnail(path, tmp_path / "media", 1.0)
    assert not isinstance(caught.value, MediaError)
    assert not (tmp_path / "media" / "thumbnail.jpg").exists()


def test_a_disk_that_is_full_leaves_the_earlier_stills(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [painted((160, 96))])
    media = tmp_path / "media"
    media.mkdir()
    (media / "still-000009.00.jpg").write_bytes(b"as it was")
    with small_disk(100), pytest.raises(OSError):  # noqa: PT011 - any errno means it
        write_stills(path, media)
    assert [p.name for p in media.iterdir()] == ["still-000009.00.jpg"]
