"""Found videos fit the terminal, whatever its width, and what strangers wrote does no harm."""

import re

from rich.cells import cell_len

from tests.helpers.made_hits import make_answer, make_hit
from tubeseek.cli.render import videos
from tubeseek.core.schemas import ListAnswer, VideoFacts
from tubeseek.core.schemas.search import Fit

STYLE = re.compile(r"\x1b\[[0-9;]*m")
LINK = re.compile(r"\x1b\]8;[^\x1b]*\x1b\\")
LONG = "A castle on a hill above the river, " * 4
URL = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
KOREAN = "빨간 스포츠카를 타고 산길을 달리는 영상입니다 정말로 아주 긴 제목이지요"


def plain(text: str) -> list[str]:
    return LINK.sub("", STYLE.sub("", text)).splitlines()


def test_a_hit_is_three_lines(shown_on):
    for width in (80, None):
        lines = plain(shown_on(make_answer(make_hit()), width))
        assert [line.rstrip() for line in lines] == [
            "  1  fits well  A cat plays the piano",
            "     0:01–0:04 · seen at 0:01 · Cats · 1:01",
            "     https://youtu.be/dQw4w9WgXcQ?t=1",
        ]


def test_every_line_but_the_link_fits_the_terminal(shown_on):
    url = "file:///videos/" + "long-" * 40 + "name.mp4"
    for title in (LONG, KOREAN, KOREAN.replace(" ", "")):
        hit = make_hit(title=title, url=url, channel=KOREAN, moments=(), reasons=(f"said: {LONG}",))
        for width in (40, 41, 80, 100):
            lines = plain(shown_on(make_answer(hit), width))
            assert [line.strip() for line in lines if "file://" in line] == [url]
            assert all(cell_len(line) <= width for line in lines if "file://" not in line)


def test_eighty_columns_show_three_lines_of_the_longest_title(shown_on):
    hit = make_hit(title=KOREAN * 3, reasons=(f"said: {LONG}",))
    lines = plain(shown_on(make_answer(hit), 80))
    assert len(lines) == 3
    assert lines[0].endswith("…")
    assert lines[1].endswith("… · Cats · 1:01")


def test_forty_columns_show_the_whole_title(shown_on):
    lines = plain(shown_on(make_answer(make_hit(title=KOREAN)), 40))
    words = " ".join(line.strip() for line in lines if "·" not in line)
    assert KOREAN in " ".join(words.split())


def test_a_pipe_gets_whole_titles_and_no_escapes(shown_on):
    text = shown_on(make_answer(make_hit(title=LONG.strip())))
    assert LONG.strip() in text
    assert "\x1b" not in text


def test_terminals_get_a_link_and_no_color_takes_the_colours(shown_on):
    coloured = shown_on(make_answer(make_hit()), 80)
    assert len(LINK.findall(coloured)) == 2  # its beginning and its end
    assert "\x1b[32m" in coloured
    plainer = shown_on(make_answer(make_hit()), 80, NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3\dm", plainer)


def test_a_divider_stands_before_what_does_not_fit(shown_on, capsys):
    hits = [make_hit(1), make_hit(2, fit=Fit.WEAK), make_hit(3, fit=Fit.NONE)]
    for width in (80, None):
        lines = plain(shown_on(make_answer(*hits), width))
        (divider,) = [number for number, line in enumerate(lines) if "Nearest others" in line]
        assert lines[divider + 1].startswith("  3  nearest")
    assert "2 fit · 1 nearest" in capsys.readouterr().err


def test_no_divider_where_everything_or_nothing_fits(shown_on):
    for fit in Fit:
        text = shown_on(make_answer(make_hit(1, fit=fit), make_hit(2, fit=fit)), 80)
        assert "Nearest others" not in text


def test_hostile_text_is_shown_not_obeyed(shown_on):
    evil = "\x1b]0;owned\x07 \u202egpj [red]"
    hit = make_hit(title=evil, channel=evil, reasons=(evil,), copies=(evil,), url=f"file:///{evil}")
    for width in (40, 80, None):
        lines = plain(shown_on(make_answer(hit.model_copy(update={"moments": ()})), width))
        assert all(line.isprintable() for line in lines)
        assert "\\x1b]0;" in "".join(lines)


def test_a_list_of_videos_fits_the_terminal(screen):
    video = VideoFacts(
        id="dQw4w9WgXcQ",
        url=URL,
        title=KOREAN,
        channel="고양이 방송",
        duration_seconds=61,
        gone=True,
    )
    for width in (30, 40, 80, 120):
        file = screen(width)
        videos(ListAnswer(total=1, videos=(video,)), 0)
        lines = plain(file.getvalue())
        assert all(cell_len(line) <= width for line in lines)
        shown = "".join("".join(lines).split())
        assert all(word in shown for word in ("dQw4w9WgXcQ", "1:01", "gone", "고양이"))
        assert len(lines) < 8
