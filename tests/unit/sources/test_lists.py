"""Lists of videos and channels: the forms in which people have them, whole and damaged."""

import json
from pathlib import Path
from typing import Any

import pytest

from tubeseek.core.errors import ItemError, ListingNotice, SourceError
from tubeseek.core.types import Media, Passage, Video
from tubeseek.sources.factory import LIST, YOUTUBE, places, source_kind
from tubeseek.sources.lists.source import ListSource, read_places

NETS, SONG, PLAYS = "aircAruvnKk", "dQw4w9WgXcQ", "-CEuQhqNzz4"
CHANNEL = "UCYO_jab_esuFRV4b17AJtAw"
CHANNEL_URL = f"https://www.youtube.com/channel/{CHANNEL}"
PLAYLIST = "PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi"
PLAYLIST_URL = f"https://www.youtube.com/playlist?list={PLAYLIST}"


class Online:
    """Fetches nothing, and answers with what was asked for."""

    list: Any = None

    def fetch(self, video: Video, folder: Path) -> Media:
        return Media(video, folder / "online.jpg")

    def captions(self, video: Video) -> tuple[tuple[Passage, ...], str]:
        return (), f"owed by {video.id}"

    def video_file(self, video: Video, folder: Path) -> Path | None:
        return folder / "film.mp4"

    def release(self, video_id: str) -> None: ...

    def close(self) -> None: ...


def listed(path: Path) -> tuple[list[Video], list[str], list[str]]:
    """(videos, errors, notices) of a list."""
    items = list(ListSource(Online()).list(str(path)))
    videos = [item for item in items if isinstance(item, Video)]
    errors = [str(item) for item in items if isinstance(item, ItemError)]
    notices = [str(item) for item in items if isinstance(item, ListingNotice)]
    assert len(videos) + len(errors) + len(notices) == len(items)
    return videos, errors, notices


def written(path: Path, content: str | bytes | object) -> Path:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
    return path


def ids(path: Path) -> list[str]:
    return [video.id for video in listed(path)[0]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_text_with_an_address_a_line(tmp_path: Path, encoding: str) -> None:
    text = (
        f"# 내 목록\n; a comment\n] another\n\nhttps://www.youtube.com/watch?v={NETS}&t=3\n"
        f"youtu.be/{SONG}  # a song\r\n@3blue1brown\n고양이: https://youtu.be/{PLAYS}\n"
        f"{NETS}\nhttps://www.youtube.com/playlist?list={PLAYLIST}\n이것은 아니다\n"
    )
    path = written(tmp_path / "urls.txt", text.encode(encoding))
    videos, [error], _ = listed(path)
    assert [video.id for video in videos] == [NETS, SONG, PLAYS]
    assert "line 11" in error
    contents = read_places(path)
    assert contents.places == ("https://www.youtube.com/@3blue1brown", PLAYLIST_URL)


def test_the_archive_of_yt_dlp(tmp_path: Path) -> None:
    path = written(tmp_path / "archive.txt", f"youtube {NETS}\nvimeo 76979871\nyoutube {SONG}\n")
    videos, [error], _ = listed(path)
    assert [video.id for video in videos] == [NETS, SONG]
    assert "76979871" in error
    assert ids(written(tmp_path / "archive", f"youtube {NETS}\n")) == [NETS]


@pytest.mark.parametrize(
    "header",
    [
        "Channel Id,Channel Url,Channel Title",
        "채널 ID,채널 URL,채널 제목",
        "Kanal-ID,Kanal-URL,Kanaltitel",  # not known, so that the cells tell
    ],
)
def test_subscriptions_of_takeout(tmp_path: Path, header: str) -> None:
    row = f"{CHANNEL},http://www.youtube.com/channel/{CHANNEL},3Blue1Brown"
    path = written(tmp_path / "subscriptions.csv", f"\ufeff{header}\n{row}\n")
    assert read_places(path).places == (CHANNEL_URL,)
    assert places(str(path), {}) == ([(CHANNEL_URL, YOUTUBE)], [])


def test_the_real_subscriptions(shared_data: Path) -> None:
    path = shared_data / "youtube_real" / "datasets" / "takeout_subscriptions.csv"
    assert places(str(path), {}) == ([(CHANNEL_URL, YOUTUBE)], [])


@pytest.mark.parametrize(
    "text",
    [
        f"Video ID,Playlist Video Creation Timestamp\n{NETS},2023-01-01T00:00:00+00:00\n{SONG},x\n",
        f"동영상 ID,재생목록 동영상 생성 타임스탬프\n{NETS},2023-01-01\n {SONG},x\n",
        f"Video-ID,Zeitstempel der Erstellung\n{NETS},2023-01-01\n{SONG},x\n",
        f"ID Video,Waktu\n{NETS},2023-01-01\n{SONG},x\n",
        f"Playlist Id,Channel Id,Time Created,Title\n{PLAYLIST},{CHANNEL},2017,Nets\n\n"
        f"Video Id,Time Added\n {NETS},2020\n {SONG},2021\n",
    ],
)
def test_playlists_of_takeout(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "Liked videos.csv", text)
    assert ids(path) == [NETS, SONG]
    assert read_places(path).places == ()


def test_the_list_of_playlists_of_takeout(tmp_path: Path) -> None:
    for header in ("Playlist ID,Playlist Title", "재생목록 ID,재생목록 제목"):
        path = written(tmp_path / "playlists.csv", f"{header}\n{PLAYLIST},Nets\n")
        assert places(str(path), {}) == ([(PLAYLIST_URL, YOUTUBE)], [])


HISTORY = [
    {
        "header": "YouTube",
        "title": "Watched But what is a neural network?",
        "titleUrl": f"https://www.youtube.com/watch?v={NETS}",
        "subtitles": [{"name": "3Blue1Brown", "url": CHANNEL_URL}],
    },
    {
        "header": "YouTube Music",
        "title": "노래 을(를) 시청했습니다.",
        "titleUrl": f"https://music.youtube.com/watch?v={SONG}",
    },
    {"header": "YouTube", "title": "Watched a video that has been removed", "time": "2023"},
    {
        "header": "YouTube",
        "title": "Watched an advertisement",
        "titleUrl": f"https://www.youtube.com/watch?v={PLAYS}",
        "details": [{"name": "From Google Ads"}],
    },
    {"header": "YouTube", "title": "Viewed a post", "titleUrl": "https://www.youtube.com/post/Ug"},
]


def test_the_watch_history_of_takeout(tmp_path: Path) -> None:
    path = written(tmp_path / "watch-history.json", HISTORY * 2)
    videos, errors, [notice] = listed(path)
    assert [(video.id, video.title, video.channel) for video in videos] == [
        (NETS, "But what is a neural network?", "3Blue1Brown"),
        (SONG, "노래", ""),
    ]
    assert errors == []
    assert " 6 " in notice
    html = (
        f'<div>Watched\xa0<a href="https://www.youtube.com/watch?v={NETS}">Nets &amp; more</a><br>'
        f'<a href="{CHANNEL_URL}">3Blue1Brown</a></div>'
    )
    [video], _, _ = listed(written(tmp_path / "watch-history.html", html))
    assert (video.id, video.title) == (NETS, "Nets & more")
    assert read_places(tmp_path / "watch-history.html").places == ()


@pytest.mark.parametrize("separator", ["", "\n", " " * 9_000])
def test_opml(tmp_path: Path, separator: str) -> None:
    outlines = [
        f'<outline text="Nets" xmlUrl="https://www.youtube.com/feeds/videos.xml?{query}"/>'
        for query in (f"channel_id={CHANNEL}", f"playlist_id={PLAYLIST}")
    ]
    outlines.append('<outline title="a > b" xmlUrl="https://example.org/feed"/>')
    text = f'<?xml version="1.0"?><opml><body>{separator.join(outlines)}</body></opml>'
    assert read_places(written(tmp_path / "feeds.opml", text)).places == (CHANNEL_URL, PLAYLIST_URL)


INFO = {"id": NETS, "title": "신경망", "extractor_key": "Youtube", "extractor": "youtube"}
ENTRY = {
    "_type": "url",
    "ie_key": "Youtube",
    "id": SONG,
    "url": f"https://www.youtube.com/watch?v={SONG}",
    "title": "A song",
    "view_count": 7,
}
TAB = {
    "_type": "url",
    "ie_key": "YoutubeTab",
    "id": PLAYLIST,
    "url": PLAYLIST_URL,
    "title": "Nets",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_yt_dlp_prints(tmp_path: Path, encoding: str) -> None:
    big = INFO | {"description": "x" * 300_000, "chapters": [], "formats": [{"url": "x"}] * 9}
    lines = "\n".join(json.dumps(item, ensure_ascii=False) for item in (big, ENTRY))
    videos, errors, _ = listed(written(tmp_path / "j.json", lines.encode(encoding)))
    assert [(video.id, video.title) for video in videos] == [(NETS, "신경망"), (SONG, "A song")]
    assert (videos[1].views, errors) == (7, [])


@pytest.mark.parametrize("indent", [None, 2])
def test_what_yt_dlp_prints_of_one_video_or_channel(tmp_path: Path, indent: int | None) -> None:
    chapters = [{"title": "Intro", "start_time": 0, "end_time": 9.5}]
    single = json.dumps(INFO | {"chapters": chapters, "formats": [{}, {}]}, indent=indent)
    [video], _, _ = listed(written(tmp_path / "single.json", single))
    assert (video.id, video.chapters[0].title) == (NETS, "Intro")
    tabs = [{"_type": "playlist", "id": "t", "entries": [ENTRY]}, INFO, TAB]
    channel = {"id": CHANNEL, "_type": "playlist", "extractor": "youtube:tab", "entries": tabs}
    path = written(tmp_path / "J.json", json.dumps(channel, indent=indent))
    assert ids(path) == [SONG, NETS]
    assert read_places(path).places == (PLAYLIST_URL,)


def test_json_of_other_tools(tmp_path: Path) -> None:
    api = {"items": [{"id": {"videoId": NETS}, "snippet": {"title": "T", "channelTitle": "C"}}]}
    [video], _, _ = listed(written(tmp_path / "search.json", api))
    assert (video.id, video.title, video.channel) == (NETS, "T", "C")
    liked = [{"contentDetails": {"videoId": NETS}, "snippet": {"title": "T"}}]
    assert ids(written(tmp_path / "liked.json", liked)) == [NETS]
    newpipe = {"app_version": "0.27", "subscriptions": [{"url": CHANNEL_URL, "name": "3B1B"}]}
    assert read_places(written(tmp_path / "newpipe.json", newpipe)).places == (CHANNEL_URL,)
    freetube = {"playlistName": "Nets", "videos": [{"videoId": NETS, "title": "T", "author": "C"}]}
    assert ids(written(tmp_path / "freetube.db", freetube)) == [NETS]
    assert ids(written(tmp_path / "plain.json", [f"https://youtu.be/{NETS}"])) == [NETS]


def test_a_dataset_without_pictures(tmp_path: Path) -> None:
    text = f"video_id,title,channel_title,views\n{NETS},Nets,3B1B,1000\nno id,x,y,1\n"
    path = written(tmp_path / "USvideos.csv", text)
    [video], [error], _ = listed(path)
    assert (video.title, video.channel, video.views) == ("Nets", "3B1B", 1000)
    assert "line 3" in error
    assert source_kind(str(path)) == (str(path), LIST)


def test_the_videos_are_fetched_online(tmp_path: Path) -> None:
    source = ListSource(Online())
    [video] = source.list(str(written(tmp_path / "a.txt", NETS)))
    assert isinstance(video, Video)
    assert source.fetch(video, tmp_path).thumbnail == tmp_path / "online.jpg"
    assert source.captions(video) == ((), f"owed by {NETS}")
    assert source.video_file(video, tmp_path) == tmp_path / "film.mp4"


def test_a_list_of_videos_and_channels_is_several_sources(tmp_path: Path) -> None:
    path = written(tmp_path / "mixed.txt", f"{NETS}\n@3blue1brown\n{PLAYLIST_URL}\n")
    assert places(str(path), {})[0] == [
        (str(path), LIST),
        ("https://www.youtube.com/@3blue1brown", YOUTUBE),
        (PLAYLIST_URL, YOUTUBE),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"nothing of the kind\n",
        b"[]",
        b"{}",
        b"<opml/>",
        b"PK\x03\x04\x14\0",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\0" * 5_000,
        b"a,b\n" * 3,
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".csv", ".json"])
def test_what_names_nothing_is_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = written(tmp_path / f"x{suffix}", content)
    with pytest.raises(SourceError):
        list(ListSource(Online()).list(str(path)))
    with pytest.raises(SourceError):
        places(str(path), {})


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("a.txt", f"{NETS}\n", "\0\ud800" + "x" * 500_000),
        ("a.csv", f"Video ID,Time\n{NETS},1\n", f'{SONG},"never closed'),
        ("a.csv", f"Video ID,Time\n{NETS},1\n", f"{SONG},\0"),
        ("a.json", f'[{{"titleUrl": "https://youtu.be/{NETS}"}}, ', '{"titleUrl": "https://you'),
        ("a.json", f'[{{"titleUrl": "https://youtu.be/{NETS}"}}, ', "[" * 100_000),
        ("a.json", json.dumps(INFO) + "\n", '{"id": "dQw4w9Wg'),
        ("a.json", json.dumps(INFO) + "\n", '{"a":' * 50_000),
    ],
)
def test_damage_costs_one_message(tmp_path: Path, name: str, good: str, bad: str) -> None:
    data = good.encode() + bad.encode(errors="surrogatepass")
    videos, [_], _ = listed(written(tmp_path / name, data))
    assert [video.id for video in videos] == [NETS]


def test_text_that_is_no_text_is_replaced(tmp_path: Path) -> None:
    info = INFO | {"title": "a\ud800b\0"}
    [video], _, _ = listed(written(tmp_path / "a.json", json.dumps(info)))
    assert video.title == "a\ufffdb\ufffd"
    history = [HISTORY[0] | {"title": "Watched \udfff", "subtitles": [{"name": "\0"}]}]
    [video], _, _ = listed(written(tmp_path / "b.json", json.dumps(history)))
    assert (video.title, video.channel) == ("\ufffd", "\ufffd")
