"""The folder source: which files make a video, under which id, and what lies beside them."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.helpers.made_videos import BLUE, GREEN, RED, make_audio, make_video
from tubeseek.catalog.rows import video_to_json
from tubeseek.core.errors import ListingNotice, MediaError, SourceError, VideoUnavailableError
from tubeseek.core.types import Chapter, HeatPoint, Media, Passage, Video
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


class Online:
    """Fetches nothing but notes what was asked for."""

    def __init__(self) -> None:
        self.requests: list[str] = []

    def fetch(self, video: Video, folder: Path) -> Media:
        self.requests.append(video.id)
        return Media(video, folder / "thumbnail.jpg", captions_owed="later")

    def captions(self, video: Video) -> tuple[tuple[Passage, ...], str]:
        self.requests.append(f"captions of {video.id}")
        return (), ""

    def video_file(self, video: Video, folder: Path) -> Path | None:
        self.requests.append(f"file of {video.id}")
        return folder / "film.mp4"

    list: Any = None

    def release(self, video_id: str) -> None: ...

    def close(self) -> None: ...


def test_facts_alone_are_a_video_on_youtube(tmp_path: Path) -> None:
    (tmp_path / "a.info.json").write_text(json.dumps(INFO))
    [video], messages = listed(tmp_path)
    assert (video.id, video.title, video.file, messages) == (YOUTUBE_ID, INFO["title"], "", [])
    assert video.picture == INFO["thumbnail"]
    with pytest.raises(VideoUnavailableError):
        FolderSource().fetch(video, tmp_path / "media")
    online = Online()
    source = FolderSource(online)
    assert source.fetch(video, tmp_path / "media").captions_owed == "later"
    assert source.video_file(video, tmp_path) == tmp_path / "film.mp4"
    (tmp_path / "a.ko.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\n안녕하세요\n")
    [video], _ = listed(tmp_path)
    media = source.fetch(video, tmp_path / "media")
    assert ([passage.text for passage in media.passages], media.captions_owed) == (
        ["안녕하세요"],
        "",
    )
    assert online.requests == [YOUTUBE_ID, f"file of {YOUTUBE_ID}", YOUTUBE_ID]


def test_what_is_here_is_not_requested_online(tmp_path: Path) -> None:
    root = archive(tmp_path / "a", INFO)
    [video], _ = listed(root)
    source = FolderSource(online := Online())
    source.fetch(video, tmp_path / "media")
    assert source.captions(video) == ((), "")
    assert source.video_file(video, tmp_path) is None
    assert online.requests == []


def test_unmerged_formats_are_one_video(tmp_path: Path) -> None:
    stem = f"Cat [{YOUTUBE_ID}]"
    (tmp_path / f"{stem}.info.json").write_text(json.dumps(INFO))
    make_audio(tmp_path / f"{stem}.f251.webm")
    make_video(tmp_path / f"{stem}.f399.mp4", [RED])
    (tmp_path / f"{stem}.ko.vtt").write_text("")
    (tmp_path / f"{stem}.jpg").write_bytes(b"")
    [video], messages = listed(tmp_path)
    assert (video.id, messages) == (YOUTUBE_ID, [])
    assert video.file == str(tmp_path / f"{stem}.f399.mp4")
    assert video.picture.startswith(str(tmp_path / f"{stem}.jpg"))
    assert video.extra["subtitles.ko"] == str(tmp_path / f"{stem}.ko.vtt")
    [alone], _ = listed(tmp_path / f"{stem}.f399.mp4")
    assert (alone.id, alone.title) == (YOUTUBE_ID, INFO["title"])
    make_video(tmp_path / f"{stem}.mp4", [GREEN])  # merged
    [video], messages = listed(tmp_path)
    assert (video.file, messages) == (str(tmp_path / f"{stem}.mp4"), [])


def test_what_is_not_complete_is_ignored(tmp_path: Path) -> None:
    root = archive(tmp_path / "a", INFO)
    stem = "Dog [aircAruvnKk]"
    names = ("temp.mp4", "mp4.part", "f137.mp4.part", "mp4.ytdl", "f137.mp4.part-Frag12")
    for name in (*names, "f137.temp.mp4", "part-Frag3.mp4"):
        (root / f"{stem}.{name}").write_bytes(b"half")
    videos, messages = listed(root)
    assert ([video.id for video in videos], messages) == ([YOUTUBE_ID], [])
    (root / f"{stem}.info.json").write_text(json.dumps(INFO | {"id": "aircAruvnKk"}))
    videos, messages = listed(root)  # what was not downloaded is on YouTube
    assert ([video.file != "" for video in videos], messages) == ([True, False], [])


def test_the_layout_of_tubearchivist(tmp_path: Path) -> None:
    channel = tmp_path / "UCYO_jab_esuFRV4b17AJtAw"
    channel.mkdir()
    make_video(channel / "aircAruvnKk.mp4", [RED])
    (channel / "aircAruvnKk.en.vtt").write_text("")
    older = tmp_path / "Rick Astley"
    older.mkdir()
    make_video(older / f"20091025_{YOUTUBE_ID}_Never_gonna.mp4", [GREEN])
    [old, new], messages = listed(tmp_path)
    assert messages == []
    assert (new.id, new.title, new.channel_id) == ("aircAruvnKk", "aircAruvnKk", channel.name)
    assert set(new.extra) == {"subtitles.en"}
    assert (old.id, old.title, old.published) == (YOUTUBE_ID, "Never gonna", date(2009, 10, 25))


@pytest.mark.parametrize(
    ("name", "youtube_id", "title"),
    [
        (f"{YOUTUBE_ID}", YOUTUBE_ID, YOUTUBE_ID),
        (f"고양이 - 피아노-{YOUTUBE_ID}", YOUTUBE_ID, "고양이 - 피아노"),
        ("A_cat--CEuQhqNzz4", "-CEuQhqNzz4", "A cat"),
        ("Wedding-photographs", "", "Wedding-photographs"),
        ("Video-20230402_10", "", "Video-20230402 10"),
        ("screenshots", "", "screenshots"),
    ],
)
def test_names_of_youtube_dl(tmp_path: Path, name: str, youtube_id: str, title: str) -> None:
    make_video(tmp_path / f"{name}.mp4", [RED])
    [video], _ = listed(tmp_path)
    assert (video.id if youtube_id else "", video.title) == (youtube_id, title)


def test_facts_of_2013(tmp_path: Path) -> None:
    info = {
        "upload_date": "20121002",
        "extractor": "youtube",
        "id": "BaW_jenozKc",
        "url": "http://r1.example.org/videoplayback?itag=22",
        "ext": "mp4",
        "uploader": "Philipp Hagemeister",
        "uploader_id": "phihag",
        "title": "youtube-dl test video \"'/\\ä↭𝕐",
        "thumbnail": "https://i.ytimg.com/vi/BaW_jenozKc/hqdefault.jpg",
        "description": "test chars",
        "player_url": None,
        "subtitles": None,
        "duration": "10",
        "view_count": "12,345",
        "playlist": None,
        "playlist_index": None,
        "stitle": "x",
        "_filename": "y.mp4",
    }
    (tmp_path / "y.info.json").write_text(json.dumps(info))
    [video], messages = listed(tmp_path)
    assert (messages, video.id, video.channel) == ([], "BaW_jenozKc", "Philipp Hagemeister")
    assert (video.duration_seconds, video.views) == (10.0, 12_345)
    assert video.url.endswith("watch?v=BaW_jenozKc")


def test_a_live_stream_that_was_recorded_is_over(tmp_path: Path) -> None:
    info = INFO | {"is_live": True, "live_status": "is_live", "duration": None}
    [video], messages = listed(archive(tmp_path / "a", info))
    assert (video.is_live, video.duration_seconds, messages) == (False, pytest.approx(1.0), [])
    alone = tmp_path / "b"
    alone.mkdir()
    old = {name: value for name, value in info.items() if name != "live_status"}
    (alone / "a.info.json").write_text(json.dumps(old))
    [video], messages = listed(alone)
    assert (video.is_live, video.duration_seconds, messages) == (True, None, [])


def test_text_that_is_no_text_is_replaced(tmp_path: Path) -> None:
    info = INFO | {"title": "a\ud800b\0c", "tags": ["\udfff"], "channel": "x\ud83d\ude00"}
    [video], messages = listed(archive(tmp_path / "a", info))
    assert (video.title, video.tags, messages) == ("a\ufffdb\ufffdc", ("\ufffd",), [])
    assert video.channel == "x😀"
    video_to_json(video).encode()


def test_a_folder_of_pictures_alone(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    for name in (f"{YOUTUBE_ID}.jpg", "제주도 여행.PNG", "more/b.webp"):
        Image.new("RGB", (16, 9)).save(tmp_path / name)
    notice, *videos = list(FolderSource().list(str(tmp_path)))
    assert isinstance(notice, ListingNotice)
    titles = [video.title for video in videos if isinstance(video, Video)]
    assert titles == [YOUTUBE_ID, "제주도 여행", "b"]
    [first, *_] = videos
    assert isinstance(first, Video)
    assert (first.id, first.file) == (YOUTUBE_ID, "")
    media = FolderSource().fetch(first, tmp_path / "media")
    assert media.thumbnail == tmp_path / f"{YOUTUBE_ID}.jpg"


def test_the_real_facts(shared_data: Path, tmp_path: Path) -> None:
    for path in (shared_data / "youtube_real" / "info").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    videos, [message] = listed(tmp_path)
    assert len(videos) == 7  # the channel is none, and one file is {}
    assert "minimal" in message
    assert all(video.title and video.published for video in videos)
    assert all(video.duration_seconds for video in videos)


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
