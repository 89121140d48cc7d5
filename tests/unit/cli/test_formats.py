"""Other programs read every format back."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.helpers.made_hits import make_answer, make_hit
from tubeseek.cli.formats import COLUMNS, PLAYLIST_URL, Format, write

EVIL = 'a "quoted", title\twith\nlines \x1b[2J'


def written(capsys: pytest.CaptureFixture[str], answer, form, files=None) -> str:
    write(answer, form, files or {})
    return capsys.readouterr().out


def test_json_lines_are_the_hits(capsys):
    answer = make_answer(make_hit(1), make_hit(2, title=EVIL))
    lines = written(capsys, answer, Format.JSONL).splitlines()
    assert [json.loads(line) for line in lines] == [hit.model_dump(mode="json") for hit in answer]
    whole = json.loads(written(capsys, answer, Format.JSON))
    assert whole == answer.model_dump(mode="json")


@pytest.mark.parametrize(("form", "dialect"), [(Format.CSV, "excel"), (Format.TSV, "excel-tab")])
def test_tables_have_one_row_a_hit(capsys, form, dialect):
    answer = make_answer(make_hit(1), make_hit(2, title=EVIL, fit=None, relevance=None))
    text = written(capsys, answer, form)
    assert "\x1b" not in text
    rows = list(csv.DictReader(io.StringIO(text), dialect=dialect))
    assert [list(row) for row in rows] == [list(COLUMNS)] * 2
    assert [row["start"] for row in rows] == ["1.0", "2.0"]
    assert (rows[0]["end"], rows[0]["seek"]) == ("4.5", "1.5")
    assert rows[1]["fit"] == ""
    assert rows[1]["title"].startswith('a "quoted", title')
    assert rows[0]["url"] == "https://youtu.be/dQw4w9WgXcQ?t=1"


def test_urls_are_the_links_to_the_moments(capsys):
    text = written(capsys, make_answer(make_hit(1), make_hit(2, moments=())), Format.URLS)
    assert text.split() == [
        "https://youtu.be/dQw4w9WgXcQ?t=1",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    ]


def test_a_playlist_for_players_starts_files_at_the_moment(capsys):
    answer = make_answer(make_hit(1, video_id="local", title="two\nlines"), make_hit(2))
    text = written(capsys, answer, Format.M3U, {"local": Path("/videos/가 b.mp4")})
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXTINF:61,two\\x0alines",
        "#EXTVLCOPT:start-time=1.500",
        "#EXTVLCOPT:stop-time=4.500",
        "/videos/가 b.mp4",
        "#EXTINF:61,A cat plays the piano",
        "https://youtu.be/dQw4w9WgXcQ?t=2",
    ]


def test_playlists_on_youtube_hold_fifty_videos_each(capsys):
    hits = [make_hit(n, video_id=f"id{n:09}") for n in range(1, 61)]
    local = make_hit(61, url="file:///a.mp4")
    first, second = written(capsys, make_answer(*hits, local), Format.PLAYLIST).splitlines()
    ids = [line.removeprefix(PLAYLIST_URL).split(",") for line in (first, second)]
    assert [len(part) for part in ids] == [50, 10]
    assert [*ids[0], *ids[1]] == [hit.video_id for hit in hits]


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.TABLE])
def test_no_hits_are_no_error(capsys, form):
    written(capsys, make_answer(), form)
