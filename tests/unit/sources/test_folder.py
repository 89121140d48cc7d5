"""The folder source: which files make a video, under which id, and what lies beside them."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.made_videos import BLUE, GREEN, RED, make_audio, make_video
from tubeseek.core.errors import MediaError, SourceError
from tubeseek.core.types import Chapter, HeatPoint, Video
from tubeseek.sources.local.folder import FolderSource

YOUTUBE_ID = "dQw4w9WgXcQ"
INFO = {
    "id": YOUTUBE_ID,
    "extractor_key": "Youtube",
    "title": "고양이가 피아노를 친다",
    "description": "two\nlines",
    "channel": "Pets",
    "channel_id": "UC1",
    "upload_date": "20230402",
    "view_count": 63841,
    "duration": 212.0,
    "tags": ["cat", "piano"],
    "language": "ko",
    "webpage_url": f"https://www.youtube.com/watch?v={YOUTUBE_ID}",
    "thumbnail": "https://i.ytimg.com/vi/x/maxresdefault.jpg",
    "chapters": [{"title": "Intro", "start_time": 0, "end_time": 9.5}],
    "heatmap": [{"start_time": 0, "end_time": 2.1, "value": 1.0}],
}


def listed(locator: Path) -> tuple[list[Video], list[str]]:
    """(videos, messages) of a folder."""
    items = list(FolderSource().list(str(locator)))
    messages = [str(item) for item in items if isinstance(item, (SourceError, MediaError))]
    videos = [item for item in items if isinstance(item, Video)]
    assert len(videos) + len(messages) == len(items)
    return videos, messages


def archive(root: Path, info: object, stem: str = f"Cat [{YOUTUBE_ID}]") -> Path:
    """A folder with a video and its `.info.json`."""
    root.mkdir(exist_ok=True)
    make_video(root / f"{stem}.mp4", [RED])
    (root / f"{stem}.info.json").write_text(json.dumps(info), encoding="utf-8")
    return root


def test_an_archive_says_everything(tmp_path: Path) -> None:
    root = archive(tmp_path / "a", INFO)
    Image.new("RGB", (160, 90)).save(root / f"Cat [{YOUTUBE_ID}].webp")
    for name in ("ko.vtt", "en-US.srt"):
        (root / f"Cat [{YOUTUBE_ID}].{name}").write_text("")
    [video], messages = listed(root)
    assert not messages
    assert (video.id, video.title) == (YOUTUBE_ID, "고양이가 피아노를 친다")
    assert (video.url, video.channel) == (f"https://www.youtube.com/watch?v={YOUTUBE_ID}", "Pets")
    assert (video.published, video.views, video.duration_seconds) == (
        date(2023, 4, 2),
        63841,
        212.0,
    )
    assert (video.tags, video.language) == (("cat", "piano"), "ko")
    assert video.chapters == (Chapter("Intro", 0, 9.5),)
    assert video.heatmap == (HeatPoint(0, 2.1, 1.0),)
    assert video.file == str(root / f"Cat [{YOUTUBE_ID}].mp4")
    assert video.picture.startswith(str(root / f"Cat [{YOUTUBE_ID}].webp"))
    assert {key: Path(value).name for key, value in video.extra.items()} == {
        "subtitles.ko": f"Cat [{YOUTUBE_ID}].ko.vtt",
        "subtitles.en-US": f"Cat [{YOUTUBE_ID}].en-US.srt",
    }


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (f"A cat [{YOUTUBE_ID}].mp4", "A cat"),
        (f"Mr. Cat vol. 2 [{YOUTUBE_ID}].f137.mp4", "Mr. Cat vol. 2"),
    ],
)
def test_the_name_carries_the_id(tmp_path: Path, name: str, title: str) -> None:
    make_video(tmp_path / name, [RED])
    [video], _ = listed(tmp_path)
    assert (video.id, video.title) == (YOUTUBE_ID, title)
    assert video.url.endswith(YOUTUBE_ID)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("My_first_flight.mp4", "My first flight"),
        ("Song [live]_2.mp4", "Song [live]_2"),
        ("제주도 여행.mp4", "제주도 여행"),
        ("\u1100\u1161\u11bc.mp4", "\uac15"),  # as macOS stores one Korean syllable
    ],
)
def test_any_other_name_becomes_the_title(tmp_path: Path, name: str, title: str) -> None:
    make_video(tmp_path / name, [RED])
    [video], _ = listed(tmp_path)
    assert video.title == title
    assert video.url == (tmp_path / name).as_uri()
    assert video.duration_seconds == pytest.approx(1.0)


def test_files_of_one_name_in_two_folders_are_two_videos(tmp_path: Path) -> None:
    for place, colours in (("card one", [RED]), ("card two", [GREEN, BLUE])):
        (tmp_path / place).mkdir()
        make_video(tmp_path / place / "GOPR0001.mp4", colours)
    [first], _ = listed(tmp_path / "card one")
    [second], _ = listed(tmp_path / "card two")
    assert first.id != second.id


def test_a_picture_with_its_facts_is_a_video_without_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.info.json").write_text(json.dumps(INFO))
    Image.new("RGB", (160, 90)).save(tmp_path / "a.jpg")
    [video], messages = listed(tmp_path)
    assert (video.id, video.file, messages) == (YOUTUBE_ID, "", [])
    media = FolderSource().fetch(video, tmp_path / "media")
    assert (media.thumbnail, media.stills) == (tmp_path / "a.jpg", ())


def test_facts_alone_are_not_enough(tmp_path: Path) -> None:
    (tmp_path / "a.info.json").write_text(json.dumps(INFO))
    videos, [message] = listed(tmp_path)
    assert not videos
    assert "a.info.json" in message


def test_what_yt_dlp_says_of_a_playlist_is_no_video(tmp_path: Path) -> None:
    root = archive(tmp_path / "a", INFO)
    playlist = {"id": "PL1", "_type": "playlist", "title": "All"}
    (root / "All [PL1].info.json").write_text(json.dumps(playlist))
    Image.new("RGB", (160, 90)).save(root / "All [PL1].jpg")
    videos, messages = listed(root)
    assert ([video.id for video in videos], messages) == ([YOUTUBE_ID], [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"title": "no id"}',
        b"\xff\xfe",
        b'{"id": "dQw4w9WgXcQ", "chapters": 7}',
        b"[" * 100_000,
    ],
)
def test_damaged_facts_cost_one_message_and_not_the_video(tmp_path: Path, content: bytes) -> None:
    root = archive(tmp_path / "a", INFO)
    (root / f"Cat [{YOUTUBE_ID}].info.json").write_bytes(content)
    [video], [message] = listed(root)
    assert (video.id, video.title) == (YOUTUBE_ID, "Cat")
    assert "info.json" in message


def test_one_id_twice_is_one_video_and_one_message(tmp_path: Path) -> None:
    for name in (f"a [{YOUTUBE_ID}].mp4", f"b [{YOUTUBE_ID}].mkv"):
        make_video(tmp_path / name, [RED])
    [video], [message] = listed(tmp_path)
    assert video.title == "a"
    assert f"b [{YOUTUBE_ID}].mkv" in message


def test_what_is_no_video_is_left_alone(tmp_path: Path) -> None:
    make_video(tmp_path / "b.mp4", [RED])
    (tmp_path / "app.ts").write_text("export const answer = 42\n")  # TypeScript
    (tmp_path / ".hidden.mp4").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "a.mp4.part").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe.mp4")  # opening it would wait for ever
    hidden = tmp_path / ".Trash"
    hidden.mkdir()
    make_video(hidden / "c.mp4", [RED])
    videos, messages = listed(tmp_path)
    assert ([video.title for video in videos], messages) == (["b"], [])


def test_sound_in_a_video_container_is_one_message(tmp_path: Path) -> None:
    make_video(tmp_path / "b.mp4", [RED])
    make_audio(tmp_path / "a.mp4")
    videos, [message] = listed(tmp_path)
    assert len(videos) == 1
    assert "a.mp4" in message


def test_links_do_not_lead_in_circles(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    for folder in (outside, root, root / "inner"):
        folder.mkdir()
    make_video(outside / "far.mp4", [RED])
    make_video(root / "inner" / "near.mp4", [GREEN])
    (root / "a loop").symlink_to(root)
    (root / "inner" / "up").symlink_to("..")
    (root / "again").symlink_to(root / "inner")
    (root / "away").symlink_to(outside)
    (root / "away twice").symlink_to(outside)
    (outside / "back").symlink_to(root)
    (root / "nowhere.mp4").symlink_to(root / "missing.mp4")
    videos, messages = listed(root)
    assert ([video.title for video in videos], messages) == (["far", "near"], [])


def test_the_order_is_that_of_names(tmp_path: Path) -> None:
    for name in ("c/1.mp4", "b.mp4", "a/2.mp4", "a.mp4", "a/1/x.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        make_video(tmp_path / name, [RED], 0.2)
    videos, _ = listed(tmp_path)
    order = [Path(video.file).relative_to(tmp_path).as_posix() for video in videos]
    assert order == ["a.mp4", "b.mp4", "a/2.mp4", "a/1/x.mp4", "c/1.mp4"]


def test_one_file_is_a_place_too(tmp_path: Path) -> None:
    root = archive(tmp_path / "a", INFO)
    make_video(root / "other.mp4", [GREEN])
    [video], messages = listed(root / f"Cat [{YOUTUBE_ID}].mp4")
    assert (video.title, messages) == ("고양이가 피아노를 친다", [])
    with pytest.raises(SourceError):
        listed(root / f"Cat [{YOUTUBE_ID}].info.json")


def test_a_name_that_is_not_utf8_costs_one_message(tmp_path: Path) -> None:
    make_video(tmp_path / "bad.mp4", [RED]).rename(tmp_path / os.fsdecode(b"caf\xe9.mp4"))
    make_video(tmp_path / "good.mp4", [RED])
    [video], [message] = listed(tmp_path)
    assert video.title == "good"
    assert "caf" in message


def test_a_folder_that_cannot_be_read_leaves_the_listing_incomplete(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    make_video(tmp_path / "a.mp4", [RED])
    (tmp_path / "locked").mkdir(mode=0)
    listing = FolderSource().list(str(tmp_path))
    assert isinstance(next(listing), Video)
    with pytest.raises(SourceError, match="locked"):
        next(listing)


def test_the_real_clips(shared_data: Path, tmp_path: Path) -> None:
    videos, messages = listed(shared_data / "clips")
    assert (len(videos), messages) == (29, [])
    shortest = min(videos, key=lambda video: Path(video.file).stat().st_size)
    [still] = FolderSource().fetch(shortest, tmp_path).stills  # of 2.1 seconds
    assert still.seconds == 0
