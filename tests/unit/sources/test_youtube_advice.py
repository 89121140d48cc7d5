"""What yt-dlp warns of reaches the user once, in words that say what to do."""

import inspect
import sqlite3
from pathlib import Path

import pytest
import yt_dlp.extractor.youtube._base
import yt_dlp.extractor.youtube._video

from tests.conftest import ROOT
from tubeseek.core.errors import ConfigError
from tubeseek.core.notices import Notices
from tubeseek.sources.youtube.advice import ADVICE, Advice, advice_on
from tubeseek.sources.youtube.cookies import read_cookies
from tubeseek.sources.youtube.rate_limit import Politeness, RateLimiter
from tubeseek.sources.youtube.session import (
    INCOMPLETE,
    WITHHELD,
    Session,
    SessionOptions,
    javascript_runtime,
    parse_extractor_args,
)

YTDLP = "".join(
    inspect.getsource(module)
    for module in (yt_dlp.extractor.youtube._base, yt_dlp.extractor.youtube._video)
)


@pytest.mark.parametrize("advice", ADVICE, ids=lambda advice: advice.words)
def test_the_words_are_those_of_yt_dlp_and_the_page_on_youtube_has_them(advice: Advice) -> None:
    assert advice.words in YTDLP.replace("{proto} formats", "formats")
    assert advice.words in (ROOT / "docs" / "youtube.md").read_text()


@pytest.mark.parametrize("words", [INCOMPLETE, WITHHELD])
def test_the_words_that_decide_are_those_of_yt_dlp(words: str) -> None:
    assert words in YTDLP


def test_a_warning_reaches_the_user_once() -> None:
    notices = Notices()
    session = Session(RateLimiter(Politeness()), SessionOptions(notices=notices))
    for _ in range(2):
        session.report_warning("The provided YouTube account cookies are no longer valid. Refer to")
        session.write_debug("x: web client https formats require a GVS PO Token which was not")
    [notice] = notices.take()
    assert "--cookies-from-browser" in notice
    assert notices.take() == []
    session.close()


def test_who_downloads_nothing_need_not_know_of_formats() -> None:
    message = "YouTube is forcing SABR streaming for this client"
    assert advice_on(message, downloads=False) == ""
    assert "SABR" in advice_on(message, downloads=True)


@pytest.mark.parametrize(
    ("versions", "expected", "good"),
    [
        ({"node": "v20.11.1"}, "node 20.11.1 is too old, 22 is needed", False),
        ({"node": "v20.11.1", "deno": "deno 2.0.4"}, "deno 2.0.4 is too old, 2.3 is needed", False),
        ({"node": "v22.4.0"}, "node 22.4.0", True),
        ({"node": "v18.0.0", "deno": "deno 2.5.6"}, "deno 2.5.6", True),
        ({}, "none", False),
    ],
)
def test_which_javascript_runtime_there_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    versions: dict[str, str],
    expected: str,
    good: bool,
) -> None:
    for name, version in versions.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho '{version}'\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    text, is_good = javascript_runtime()
    assert expected in text
    assert is_good is good


def test_cookies_of_a_browser(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "cookies.sqlite")
    database.execute(
        "CREATE TABLE moz_cookies (host TEXT, name TEXT, value TEXT, path TEXT, expiry INTEGER, "
        "isSecure INTEGER, originAttributes TEXT)"
    )
    row = (".youtube.com", "SID", "secret", "/", 4_000_000_000, 1, "")
    database.execute("INSERT INTO moz_cookies VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    database.commit()
    database.close()
    [cookie] = read_cookies(None, f"firefox:{tmp_path}")
    assert (cookie.name, cookie.value, cookie.domain) == ("SID", "secret", ".youtube.com")


@pytest.mark.parametrize(
    "browser", ["netscape", "firefox+nokeyring", "firefox:/no/such/profile", ":"]
)
def test_a_browser_that_cannot_be_read(browser: str) -> None:
    with pytest.raises(ConfigError):
        read_cookies(None, browser)


def test_cookies_of_a_file_and_of_a_browser(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        read_cookies(tmp_path / "cookies.txt", "firefox")


def test_extractor_args_reach_yt_dlp_beside_those_that_are_always_given() -> None:
    arguments = parse_extractor_args(
        [
            "youtube:po_token=web.subs+A,web.gvs+B;lang=ko",
            "youtubepot-bgutilhttp:base-url=http://x:1",
        ]
    )
    session = Session(RateLimiter(Politeness()), SessionOptions(extractor_args=arguments))
    youtube = session.get_info_extractor("Youtube")
    assert youtube._configuration_arg("po_token", casesense=True) == ["web.subs+A", "web.gvs+B"]
    assert "translated_subs" in youtube._configuration_arg("skip")
    provider = session.params["extractor_args"]["youtubepot-bgutilhttp"]
    assert provider == {"base_url": ["http://x:1"]}
    session.close()


@pytest.mark.parametrize("text", ["po_token=x", "", ":x=y"])
def test_extractor_args_without_a_key(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_extractor_args([text])
