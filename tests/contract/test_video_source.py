"""What every source on this machine promises: folders of videos, yt-dlp archives and datasets."""

import csv
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers.made_videos import BLUE, GREEN, RED, Colour, make_video, painted
from tubeseek.catalog.rows import video_from_json, video_to_json
from tubeseek.core.errors import MediaError, SourceError, VideoUnavailableError
from tubeseek.core.protocols import VideoSource
from tubeseek.core.types import Video
from tubeseek.media.pictures import read_picture
from tubeseek.sources.local.dataset import DatasetSource
from tubeseek.sources.local.folder import FolderSource

PLANTED: dict[str, Colour] = {"a red one": RED, "빨간 것 말고 초록": GREEN, "the blue": BLUE}
IDS = ("PZFLM2DVQHs", "aircAruvnKk", "dQw4w9WgXcQ")  # as their names sort


@dataclass(frozen=True)
class World:
    """A place that holds PLANTED and one item that cannot be listed."""

    source: VideoSource
    root: Path
    pictures: list[Path]  # what each video looks like, in the order of PLANTED
    has_stills: bool


def folder_world(root: Path) -> World:
    files = [
        make_video(root / f"{number} {title}.mp4", [colour], size=(160, 90))
        for number, (title, colour) in enumerate(PLANTED.items())
    ]
    (root / "broken.mp4").write_text("this is no video")
    return World(FolderSource(), root, files, has_stills=True)


def archive_world(root: Path) -> World:
    pictures = []
    for youtube_id, (title, colour) in zip(IDS, PLANTED.items(), strict=True):
        stem = root / f"file [{youtube_id}]"
        make_video(stem.with_suffix(".mp4"), [painted((160, 90))], 1.0, size=(160, 90))
        info = {"id": youtube_id, "title": title, "extractor_key": "Youtube"}
        stem.with_suffix(".info.json").write_text(json.dumps(info))
        pictures.append(stem.with_suffix(".jpg"))
        Image.new("RGB", (160, 90), colour).save(pictures[-1])
    (root / "broken.info.json").write_text("{")
    return World(FolderSource(), root, pictures, has_stills=True)


def dataset_world(root: Path) -> World:
    (root / "images").mkdir()
    pictures = []
    with (root / "metadata.csv").open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.writer(file)
        table.writerow(["Id", "Channel", "Title", "Category"])
        for youtube_id, (title, colour) in zip(IDS, PLANTED.items(), strict=True):
            table.writerow([youtube_id, "a channel", title, "Test"])
            pictures.append(root / "images" / f"{youtube_id}.jpg")
            Image.new("RGB", (160, 90), colour).save(pictures[-1])
        table.writerow(["no-picture", "a channel", "nothing to see", "Test"])
    return World(DatasetSource(), root, pictures, has_stills=False)


def video_dataset_world(root: Path) -> World:
    (root / "clips").mkdir()
    pictures = []
    with (root / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "title", "file"])
        for number, (title, colour) in enumerate(PLANTED.items()):
            pictures.append(make_video(root / "clips" / f"{number}.mp4", [colour], size=(160, 90)))
            table.writerow([f"clip-{number}", title, f"clips/{number}.mp4"])
        table.writerow(["lost", "not there", "clips/lost.mp4"])
    return World(DatasetSource(), root, pictures, has_stills=True)


@pytest.fixture(params=[folder_world, archive_world, dataset_world, video_dataset_world])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    root = tmp_path / "place"
    root.mkdir()
    build: Callable[[Path], World] = request.param
    return build(root)


def videos_of(world: World) -> list[Video]:
    return [item for item in world.source.list(str(world.root)) if isinstance(item, Video)]


def tree(root: Path) -> dict[str, tuple[int, int]]:
    facts = {p: p.stat() for p in root.rglob("*")}
    return {str(p): (fact.st_mtime_ns, fact.st_size) for p, fact in facts.items()}


def test_lists_what_was_planted_and_one_error_for_what_is_broken(world: World) -> None:
    items = list(world.source.list(str(world.root)))
    assert sum(isinstance(item, Video) for item in items) == len(PLANTED)
    errors = [item for item in items if isinstance(item, Exception)]
    assert len(errors) == 1
    assert isinstance(errors[0], (SourceError, MediaError))
    titles = {video.title.lstrip("012 ") for video in videos_of(world)}
    assert titles == set(PLANTED)


def test_lists_the_same_again_by_path_and_by_url(world: World) -> None:
    assert videos_of(world) == videos_of(world)
    assert [v for v in world.source.list(world.root.as_uri()) if isinstance(v, Video)] == videos_of(
        world
    )


def test_a_relative_path_means_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world.root.parent)
    relative = [v for v in world.source.list("place") if isinstance(v, Video)]
    assert relative == videos_of(world)


def test_moving_the_place_keeps_the_ids(world: World) -> None:
    before = [video.id for video in videos_of(world)]
    moved = world.root.rename(world.root.with_name("moved"))
    after = [v.id for v in world.source.list(str(moved)) if isinstance(v, Video)]
    assert after == before


def test_listing_may_be_left_at_any_time(world: World) -> None:
    listing = world.source.list(str(world.root))
    assert next(listing) is not None
    listing.close()  # type: ignore[attr-defined]  # a warning about an open file would be an error


def test_fetches_pictures_that_look_like_the_planted_ones(world: World, tmp_path: Path) -> None:
    before = tree(world.root)
    for number, video in enumerate(videos_of(world)):
        stored = video_from_json(video_to_json(video))  # as the catalogue returns it
        media = world.source.fetch(stored, tmp_path / "media" / str(number))
        pixels = read_picture(media.thumbnail)
        assert pixels.shape == (90, 160, 3)
        mean = pixels.reshape(-1, 3).mean(0)
        assert mean == pytest.approx(np.array(PLANTED[media.video.title.lstrip("012 ")]), abs=4)
        times = [still.seconds for still in media.stills]
        assert times == [0.0] * world.has_stills
        assert all(read_picture(still.path).shape == (90, 160, 3) for still in media.stills)
    assert tree(world.root) == before, "a source writes nothing where the videos are"


def test_a_replaced_picture_is_noticed(world: World) -> None:
    before = videos_of(world)
    changed = world.pictures[1]
    facts = changed.stat()
    os.utime(changed, ns=(facts.st_atime_ns, facts.st_mtime_ns + 10**9))
    after = videos_of(world)
    assert [a.picture == b.picture for a, b in zip(after, before, strict=True)] == [
        True,
        False,
        True,
    ]
    assert [v.id for v in after] == [v.id for v in before]


def test_a_file_that_is_gone_may_come_back(world: World, tmp_path: Path) -> None:
    video = videos_of(world)[0]
    world.pictures[0].unlink()
    with pytest.raises(VideoUnavailableError) as caught:
        world.source.fetch(video, tmp_path / "media")
    assert not caught.value.final


@pytest.mark.parametrize("damage", [b"", b"not a picture, nor a video", b"\xff\xd8\xff\xe0"])
def test_a_file_that_is_broken_costs_itself(world: World, tmp_path: Path, damage: bytes) -> None:
    first, second, _ = videos_of(world)
    world.pictures[0].write_bytes(damage)
    with pytest.raises(MediaError, match=world.pictures[0].name.replace("[", r"\[")):
        world.source.fetch(first, tmp_path / "first")
    assert world.source.fetch(second, tmp_path / "second").thumbnail.exists()


def test_a_place_that_is_not_there(world: World) -> None:
    for locator in (str(world.root / "nowhere"), "file:///nowhere/at/all", "file://host/share"):
        with pytest.raises(SourceError):
            list(world.source.list(locator))


def test_an_empty_place_says_what_was_looked_for(world: World, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"metadata\.csv|\.mp4"):
        list(world.source.list(str(tmp_path / "empty")))
