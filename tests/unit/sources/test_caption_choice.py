"""Which captions are read: made before heard, the video's own language before any other."""

from pathlib import Path
from typing import Any

import pytest

from tests.helpers.made_videos import RED, make_video
from tubeseek.core.types import Video
from tubeseek.sources.caption_choice import local_files, online_track
from tubeseek.sources.local.folder import FolderSource


def form(name: str, ext: str = "json3", **more: object) -> dict[str, object]:
    return {"ext": ext, "url": f"https://a.example/{name}?fmt={ext}", **more}


def heard(language: str) -> dict[str, Any]:
    """As YouTube offers what it heard: with every translation of it."""
    translations = {code: [form(f"x&tlang={code}")] for code in ("en", "ko", "ja")}
    return translations | {language: [form("heard")], f"{language}-orig": [form("heard")]}


@pytest.mark.parametrize(
    ("made", "automatic", "language", "expected"),
    [
        ({"ko": [form("ko")], "en": [form("en")]}, heard("ko"), "ko", "ko"),
        ({"en-GB": [form("gb")], "en": [form("en")]}, {}, "en", "en"),
        ({"en-GB": [form("gb")], "de": [form("de")]}, {}, "en-US", "gb"),
        ({"en": [form("en")]}, heard("ko"), "ko", "heard"),
        ({"en": [form("en")]}, {}, "ko", None),
        ({"ko": [form("ko")], "en": [form("en")]}, heard("ko"), "", "ko"),
        ({"ko": [form("ko")]}, {}, "", "ko"),
        ({"ko": [form("ko")], "en": [form("en")]}, {}, "", "en"),  # as the Latin title
        ({"ko": [form("ko")], "de": [form("de")]}, {}, "", None),
        ({"live_chat": [form("chat", "json")]}, {}, "", None),
        ({}, {"ko": [form("x&tlang=ko")]}, "ko", None),
        ({}, {"ko": [form("heard")]}, "ko", "heard"),
        ({"ko": [form("ko", "ttml")]}, heard("ko"), "ko", "ko"),
        ({"ko": [form("ko", "ass")]}, heard("ko"), "ko", "heard"),
        ({"ko": [form("ko", "vtt", protocol="m3u8_native")]}, {}, "ko", None),
        ({}, {}, "ko", None),
        (None, None, "ko", None),
    ],
)
def test_online(made: Any, automatic: Any, language: str, expected: str | None) -> None:
    track = online_track({"subtitles": made, "automatic_captions": automatic}, language)
    name = None if track is None else track["url"].split("/")[-1].split("?")[0]
    assert name == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("김치찌개 끓이기", "ko"),
        ("Kimchi 김치", "ko"),
        ("犬のさんぽ", "ja"),
        ("北京烤鸭", "zh-Hans"),
        ("Как варить борщ", "ru"),
        ("How to cook", "en-GB"),
        ("สูตรอาหาร", None),
        ("", "en-GB"),
    ],
)
def test_without_a_language_the_script_of_the_title_decides(
    title: str, expected: str | None
) -> None:
    codes = ("de", "en-GB", "ja", "ko", "ru", "zh-Hans")
    track = online_track({"title": title, "subtitles": {c: [form(c)] for c in codes}}, "")
    name = None if track is None else track["url"].split("/")[-1].split("?")[0]
    assert name == expected


def test_the_format_with_the_times_of_words_is_preferred() -> None:
    forms = [form("ko", ext) for ext in ("srv1", "srt", "vtt", "json3")]
    track = online_track({"subtitles": {"ko": forms}}, "ko")
    assert track is not None
    assert track["ext"] == "json3"
    track = online_track({"subtitles": {"ko": forms[:3]}}, "ko")
    assert track is not None
    assert track["ext"] == "vtt"


@pytest.mark.parametrize(
    ("codes", "language", "first"),
    [
        (("en", "ko", "ko-orig"), "ko", "ko"),
        (("en", "ko-orig"), "ko", "ko-orig"),
        (("en", "ko", "ko-orig"), "", "ko"),
        (("en-GB", "en", "de"), "en", "en"),
        (("de", ""), "ko", ""),
        (("en", "ja"), "ko", "en"),
        (("ja", "en"), "", "ja"),
    ],
)
def test_files(codes: tuple[str, ...], language: str, first: str) -> None:
    extra = {f"subtitles.{code}".rstrip("."): f"a.{code}.vtt" for code in codes}
    extra["likes"] = "5"
    files = local_files(Video("v", "", "t", language=language, extra=extra))
    assert len(files) == len(codes)
    assert files[0] == Path(f"a.{first}.vtt")


SRT = "1\n00:00:00,500 --> 00:00:02,000\n{}\n"


def test_a_folder_gives_the_words_of_the_first_file_that_can_be_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = tmp_path / "videos"
    root.mkdir()
    make_video(root / "cat.mp4", [RED], size=(160, 90))
    (root / "cat.srt").write_bytes(b"\xff\xfb\x90 an mp3")
    (root / "cat.ko.srt").write_bytes(SRT.format("고양이가 자요").encode("cp949"))
    [video] = FolderSource().list(str(root))
    assert isinstance(video, Video)
    media = FolderSource().fetch(video, tmp_path / "media")
    [passage] = media.passages
    assert passage.text == "고양이가 자요"
    assert (passage.segment.start, passage.segment.end) == (0.5, 2.0)
    assert passage.segment.video_id == video.id
    [record] = [rec for rec in caplog.records if rec.name == "tubeseek.sources.local.media"]
    assert "cat.srt" in record.getMessage()


def test_a_broken_caption_file_costs_not_the_video(tmp_path: Path) -> None:
    root = tmp_path / "videos"
    root.mkdir()
    make_video(root / "cat.mp4", [RED], size=(160, 90))
    (root / "cat.ko.vtt").write_bytes(b"\x00" * 100)
    [video] = FolderSource().list(str(root))
    assert isinstance(video, Video)
    (root / "cat.ko.vtt").unlink()  # gone since the listing: as if broken
    media = FolderSource().fetch(video, tmp_path / "media")
    assert media.thumbnail.exists()
    assert media.passages == ()
