"""What people paste, and whether yt-dlp's extractors for YouTube take what comes of it."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yt_dlp.extractor import gen_extractor_classes
from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.extractor.youtube import (
    YoutubeClipIE,
    YoutubeIE,
    YoutubeMusicSearchURLIE,
    YoutubeSearchIE,
    YoutubeSearchURLIE,
    YoutubeTabIE,
)

from tubeseek.sources.youtube.locators import is_selection, is_video, normalise

EXTRACTORS = [each for each in gen_extractor_classes() if each.ie_key().startswith("Youtube")]

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


C, ID, PL = "UCYO_jab_esuFRV4b17AJtAw", "aircAruvnKk", "PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi"
SITE = "https://www.youtube.com"
RESULTS = f"{SITE}/results?search_query=%EA%B3%A0%EC%96%91%EC%9D%B4"
VIDEO, TAB, SEARCH, MUSIC, CLIP = (
    YoutubeIE,
    YoutubeTabIE,
    YoutubeSearchURLIE,
    YoutubeMusicSearchURLIE,
    YoutubeClipIE,
)

# What an address means: yt-dlp's extractor for it, and the form in which a library keeps it.
ADDRESSES = [
    (f"{SITE}/watch?v={ID}", VIDEO, WATCH),
    (f"https://m.youtube.com/watch?v={ID}&feature=share", VIDEO, WATCH),
    (f"https://music.youtube.com/watch?v={ID}&list=RDAMVM{ID}", VIDEO, WATCH),
    (f"https://www.youtubekids.com/watch?v={ID}", VIDEO, WATCH),
    (f"https://youtube.googleapis.com/v/{ID}", VIDEO, WATCH),
    (f"{SITE}/watch/{ID}", VIDEO, WATCH),
    (f"{SITE}/watch?v={ID}#t=1m2s", VIDEO, WATCH),
    (f"{SITE}/watch_popup?v={ID}", VIDEO, WATCH),
    (f"{SITE}/shorts/{ID}?feature=share", VIDEO, WATCH),
    (f"https://m.youtube.com/shorts/{ID}", VIDEO, WATCH),
    (f"{SITE}/live/{ID}?si=x", VIDEO, WATCH),
    (f"{SITE}/embed/{ID}?rel=0&autoplay=1", VIDEO, WATCH),
    (f"https://www.youtube-nocookie.com/embed/{ID}", VIDEO, WATCH),
    (f"{SITE}/v/{ID}", VIDEO, WATCH),
    (f"{SITE}/e/{ID}", VIDEO, WATCH),
    (f"https://youtu.be/{ID}?list={PL}&index=3", VIDEO, WATCH),
    (f"youtu.be/{ID}", VIDEO, WATCH),
    (f"{SITE}/attribution_link?a=x&u=%2Fwatch%3Fv%3D{ID}%26feature%3Dshare", VIDEO, WATCH),
    (f"https://consent.youtube.com/m?continue={quote(WATCH)}&gl=DE", VIDEO, WATCH),
    (f"{SITE}/clip/UgkxU2HSeGL_NvmDJ-nQJrlLwllwMDBdGZFs", CLIP, None),
    (LIST, TAB, LIST),
    (f"https://m.youtube.com/playlist?list={PL}", TAB, LIST),
    (f"https://music.youtube.com/playlist?list={PL}&feature=share", TAB, LIST),
    (f"{SITE}/embed/videoseries?list={PL}", TAB, LIST),
    (f"https://www.youtube-nocookie.com/embed/videoseries?si=x&list={PL}", TAB, LIST),
    (f"{SITE}/embed/?listType=playlist&list={PL}", TAB, LIST),
    (f"{SITE}/playlist?list=WL", TAB, f"{SITE}/playlist?list=WL"),
    (f"{SITE}/playlist?list=RD{ID}", TAB, f"{SITE}/playlist?list=RD{ID}"),
    (f"UU{C[2:]}", TAB, f"{SITE}/playlist?list=UU{C[2:]}"),
    ("OLAK5uy_m4xAFdmMC5rX3Ji3g93pQe3hqLZw_9LhM", TAB, None),
    (f"{SITE}/channel/{C}", TAB, f"{SITE}/channel/{C}"),
    (f"https://m.youtube.com/channel/{C}/featured", TAB, f"{SITE}/channel/{C}"),
    (f"https://music.youtube.com/channel/{C}", TAB, f"{SITE}/channel/{C}"),
    (f"{SITE}/@3blue1brown/about", TAB, f"{SITE}/@3blue1brown"),
    (f"{SITE}/@3blue1brown/home", TAB, f"{SITE}/@3blue1brown"),
    (f"{SITE}/@3blue1brown/videos?view=0&sort=p", TAB, f"{SITE}/@3blue1brown/videos"),
    (f"{SITE}/@3blue1brown/streams", TAB, f"{SITE}/@3blue1brown/streams"),
    (f"{SITE}/@3blue1brown/shorts", TAB, f"{SITE}/@3blue1brown/shorts"),
    (f"{SITE}/@3blue1brown/playlists?view=1", TAB, f"{SITE}/@3blue1brown/playlists"),
    (f"{SITE}/@3blue1brown/podcasts", TAB, f"{SITE}/@3blue1brown/podcasts"),
    (f"{SITE}/@3blue1brown/live", TAB, f"{SITE}/@3blue1brown/live"),
    (f"{SITE}/@3blue1brown/community", TAB, f"{SITE}/@3blue1brown/community"),
    (f"{SITE}/@3blue1brown/search?query=dot+product", TAB, None),
    (f"{SITE}/embed/live_stream?channel={C}", TAB, f"{SITE}/channel/{C}/live"),
    ("@하루", TAB, f"{SITE}/@하루"),
    ("@하", TAB, f"{SITE}/@하"),
    (f"{SITE}/@%ED%95%98%EB%A3%A8/videos", TAB, f"{SITE}/@하루/videos"),
    (f"{SITE}/c/%EC%9A%94%EB%A6%AC", TAB, f"{SITE}/c/%EC%9A%94%EB%A6%AC"),
    (f"{SITE}/user/Google", TAB, f"{SITE}/user/Google"),
    ("youtube.com/GoogleDevelopers", TAB, f"{SITE}/GoogleDevelopers"),
    (f"{SITE}/GoogleDevelopers/videos", TAB, f"{SITE}/GoogleDevelopers/videos"),
    (f"{SITE}/hashtag/cats", TAB, f"{SITE}/hashtag/cats"),
    (f"{SITE}/feed/trending?bp=x", TAB, f"{SITE}/feed/trending"),
    (f"{SITE}/feed/subscriptions", TAB, f"{SITE}/feed/subscriptions"),
    (f"{SITE}/results?search_query=고양이", SEARCH, RESULTS),
    ("https://m.youtube.com/results?search_query=고양이&sp=CAI%253D", SEARCH, None),
    (f"{SITE}/results?sp=EgIQAQ%253D%253D&search_query=cats+dogs", SEARCH, None),
    (f"{SITE}/results?q=cats", SEARCH, f"{SITE}/results?search_query=cats"),
    (f"{SITE}/search?q=cats", SEARCH, f"{SITE}/results?search_query=cats"),
    ("https://music.youtube.com/search?q=cats", MUSIC, "https://music.youtube.com/search?q=cats"),
    ("ytsearch20:고양이 피아노", YoutubeSearchIE, "ytsearch20:고양이 피아노"),
]  # fmt: skip
SELECTIONS = ("results", "/search?", "/feed/", "/hashtag/", "list=RD", "ytsearch")


@pytest.mark.parametrize(("address", "extractor", "form"), ADDRESSES)
def test_what_an_address_means_to_yt_dlp(
    address: str, extractor: type[InfoExtractor], form: str | None
) -> None:
    url = normalise(address)
    assert url is not None
    assert url == form or form is None
    assert normalise(url) == url
    suitable = next(each for each in EXTRACTORS if each.suitable(url))
    assert suitable.ie_key() == extractor.ie_key()
    assert is_video(address) is (extractor is YoutubeIE)
    assert is_selection(url) is any(part in url for part in SELECTIONS)


def test_the_table_of_addresses_is_long_enough() -> None:
    assert len({address for address, _, _ in ADDRESSES}) >= 60


@pytest.mark.parametrize("address", ["@ab", "@a", "@", "https://www.youtube.com/embed/videoseries"])
def test_what_only_looks_like_a_channel_or_a_video(address: str) -> None:
    assert not is_video(address)
    assert normalise(address) in (None, address)


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
