"""Which addresses are tried for a thumbnail, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from tubeseek.core.errors import MediaError
from tubeseek.sources.youtube.thumbnails import MAX_PICTURE_BYTES, fetch_thumbnail, thumbnail_urls

BASE = "https://i.ytimg.com"
NAMES = (
    *("maxresdefault", "hq720", "sddefault", "hqdefault", "0", "mqdefault", "default"),
    *("sd1", "sd2", "sd3", "hq1", "hq2", "hq3", "mq1", "mq2", "mq3", "1", "2", "3"),
)


def youtube_list(suffix: str = "") -> list[dict[str, Any]]:
    """The thumbnails of a video in yt-dlp's order, from worst to best: each as JPEG and WebP."""
    return [
        {"url": f"{BASE}/vi{folder}/aircAruvnKk/{name}{suffix}.{kind}"}
        for name in reversed(NAMES)
        for folder, kind in (("", "jpg"), ("_webp", "webp"))
    ]


def test_the_best_of_youtube_comes_first_as_jpeg_and_frames_never() -> None:
    assert thumbnail_urls({"thumbnails": youtube_list()}) == [
        f"{BASE}/vi/aircAruvnKk/{name}.jpg" for name in NAMES[:7]
    ]


def test_a_live_stream_falls_back_to_the_plain_names() -> None:
    urls = thumbnail_urls({"thumbnails": youtube_list("_live")})
    assert urls[0] == f"{BASE}/vi/aircAruvnKk/maxresdefault_live.jpg"
    assert urls[-3:] == [
        f"{BASE}/vi/aircAruvnKk/{name}.jpg" for name in ("maxresdefault", "sddefault", "hqdefault")
    ]


def test_a_picture_that_exists_as_webp_only_is_kept() -> None:
    listed = [{"url": f"{BASE}/vi_webp/aircAruvnKk/maxresdefault.webp"}]
    assert thumbnail_urls({"thumbnails": listed})[0] == listed[0]["url"]


def test_another_site() -> None:
    info = {
        "thumbnails": [{"url": "https://a.example/s.png"}, {"url": "https://a.example/l.png"}],
        "thumbnail": "https://a.example/l.png",
    }
    assert thumbnail_urls(info) == ["https://a.example/l.png", "https://a.example/s.png"]


class Answer:
    """A server's answer of so many bytes, of which it may say how many they are."""

    def __init__(self, size: int, *, announced: bool) -> None:
        self.headers = {"Content-Length": str(size)} if announced else {}
        self.left = size
        self.read_bytes = 0
        self.closed = False

    def read(self, amt: int | None = None) -> bytes:
        count = self.left if amt is None else min(amt, self.left)
        self.left -= count
        self.read_bytes += count
        return (b"\xff\xd8\xff" + bytes(count))[:count]

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("announced", [True, False])
def test_a_picture_that_is_too_large_is_not_read_to_its_end(
    tmp_path: Path,
    announced: bool,
) -> None:
    answer = Answer(1 << 40, announced=announced)
    info = {"thumbnails": [{"url": "https://a.example/huge.jpg"}]}
    with pytest.raises(MediaError, match="20 MB"):
        fetch_thumbnail(lambda _: answer, info, tmp_path)
    assert answer.closed
    assert answer.read_bytes <= MAX_PICTURE_BYTES + 1
    assert not list(tmp_path.iterdir())


def test_the_largest_picture_is_still_taken(tmp_path: Path) -> None:
    answer = Answer(MAX_PICTURE_BYTES, announced=False)
    info = {"thumbnails": [{"url": "https://a.example/large.jpg"}]}
    path = fetch_thumbnail(lambda _: answer, info, tmp_path)
    assert path.stat().st_size == MAX_PICTURE_BYTES


def test_an_old_picture_stays_whole_when_the_new_one_fails(tmp_path: Path) -> None:
    info = {"thumbnails": [{"url": "https://a.example/new.jpg"}]}
    old = tmp_path / "thumbnail.jpg"
    old.write_bytes(b"old")
    with pytest.raises(MediaError):
        fetch_thumbnail(lambda _: Answer(1 << 40, announced=False), info, tmp_path)
    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["thumbnail.jpg"]
