"""What people paste, and whether yt-dlp's extractors for YouTube take what comes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yt_dlp.extractor.youtube import YoutubeIE, YoutubeSearchIE, YoutubeTabIE

from tubeseek.sources.youtube.locators import normalise

WATCH = "https://www.youtube.com/watch?v=aircAruvnKk"
LIST = "https://www.youtube.com/playlist?list=PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi"


@pytest.mark.parametrize(
    "locator",
    [
        "aircAruvnKk",
        "  aircAruvnKk\n",
        "https://www.youtube.com/watch?v=aircAruvnKk",
        "http://youtube.com/watch?app=desktop&v=aircAruvnKk",
        "https://m.youtube.com/watch?v=aircAruvnKk&t=62s",
        "https://music.youtube.com/watch?v=aircAruvnKk",
        "https://youtu.be/aircAruvnKk",
        "https://youtu.be/aircAruvnKk?t=9",
        "youtu.be/aircAruvnKk",
        "www.youtube.com/watch?v=aircAruvnKk",
        "https://www.youtube.com/shorts/aircAruvnKk",
        "https://www.youtube.com/live/aircAruvnKk?feature=share",
        "https://www.youtube.com/embed/aircAruvnKk",
        "https://www.youtube-nocookie.com/embed/aircAruvnKk",
        "https://www.youtube.com/watch?v=aircAruvnKk&list=RDaircAruvnKk&index=2",
    ],
)
def test_a_video(locator: str) -> None:
    assert normalise(locator) == WATCH
    assert YoutubeIE.suitable(WATCH)


@pytest.mark.parametrize(
    "locator",
    [
        LIST,
        LIST + "&si=abc",
        "PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi",
        "https://www.youtube.com/watch?list=PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi",
    ],
)
def test_a_playlist(locator: str) -> None:
    assert normalise(locator) == LIST
    assert YoutubeTabIE.suitable(LIST)


@pytest.mark.parametrize(
    ("locator", "url"),
    [
        ("@3blue1brown", "https://www.youtube.com/@3blue1brown"),
        ("@한국어채널", "https://www.youtube.com/@한국어채널"),
        ("https://www.youtube.com/@3blue1brown", "https://www.youtube.com/@3blue1brown"),
        ("youtube.com/@3blue1brown/", "https://www.youtube.com/@3blue1brown"),
        ("https://youtube.com/@a.b-c_d/videos?view=0", "https://www.youtube.com/@a.b-c_d/videos"),
        ("https://www.youtube.com/@x1y/streams", "https://www.youtube.com/@x1y/streams"),
        ("https://www.youtube.com/@x1y/featured", "https://www.youtube.com/@x1y"),
        ("UCYO_jab_esuFRV4b17AJtAw", "https://www.youtube.com/channel/UCYO_jab_esuFRV4b17AJtAw"),
        (
            "https://www.youtube.com/channel/UCYO_jab_esuFRV4b17AJtAw",
            "https://www.youtube.com/channel/UCYO_jab_esuFRV4b17AJtAw",
        ),
        ("https://www.youtube.com/c/3blue1brown", "https://www.youtube.com/c/3blue1brown"),
        (
            "https://www.youtube.com/user/Google/videos",
            "https://www.youtube.com/user/Google/videos",
        ),
    ],
)
def test_a_channel(locator: str, url: str) -> None:
    assert normalise(locator) == url
    assert YoutubeTabIE.suitable(url)


@pytest.mark.parametrize("locator", ["ytsearch:cats", "ytsearch20:고양이 피아노", "ytsearchall:x"])
def test_a_search(locator: str) -> None:
    assert normalise(locator) == locator
    assert YoutubeSearchIE.suitable(locator)


@pytest.mark.parametrize(
    "locator",
    ["https://vimeo.com/76979871", "http://127.0.0.1:8000/channel/shapes", "https://youtube.com/"],
)
def test_another_page_is_left_as_it_is(locator: str) -> None:
    assert normalise(locator) == locator


@pytest.mark.parametrize(
    "locator",
    [
        "",
        " ",
        "cats",
        "videos_2023",  # eleven characters, but no id of 64 bits ends in 3
        "./videos",
        "/home/me/videos",
        r"C:\videos",
        "C:/videos",
        "file:///home/me/videos",
        "ftp://example.org/x",
        "ytsearch20:",
        "ytsearch0:x",
        "@",
        "http://",
        "http://[::1/x",
        "javascript:alert(1)",
    ],
)
def test_nothing_for_this_source(locator: str) -> None:
    assert normalise(locator) is None


@given(st.text(max_size=60))
def test_any_text_has_an_answer_and_the_answer_is_stable(text: str) -> None:
    url = normalise(text)
    assert url is None or normalise(url) == url
