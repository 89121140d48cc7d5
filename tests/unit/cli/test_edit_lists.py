"""Editing programs read the lists, with the right frames of the right files."""

import json
import re
from pathlib import Path

import pytest

from tubeseek.cli.edit_lists import Shot, edl, otio

FILE = Path("/videos/가 b.mp4")


def shot(start: float, end: float, rate: float | None = 25.0, title: str = "A cat") -> Shot:
    return Shot(title, FILE, start, end, rate, 60.0)


def events(lines: list[str]) -> list[list[str]]:
    """The four timecodes of each event."""
    return [re.findall(r"\d\d:\d\d:\d\d:\d\d", line) for line in lines if re.match(r"\d{3} ", line)]


def test_an_edl_names_frames_and_files():
    lines = list(edl("a cat", [shot(1, 2.52), shot(61.04, 62)]))
    assert lines[:2] == ["TITLE: a cat", "FCM: NON-DROP FRAME"]
    assert events(lines) == [
        ["00:00:01:00", "00:00:02:13", "01:00:00:00", "01:00:01:13"],
        ["00:01:01:01", "00:01:02:00", "01:00:01:13", "01:00:02:12"],
    ]
    assert lines.count("* FROM CLIP NAME: 가 b.mp4") == 2
    assert lines[3] == "001  AX       V     C        " + " ".join(events(lines)[0])


def test_the_rate_of_film_and_television_counts_real_frames():
    """At 29.97 a second the frame on screen after a minute is number 1798, 58 to 60 s by name."""
    (codes,) = events(list(edl("x", [shot(60, 62, rate=30_000 / 1001)])))
    assert codes[:2] == ["00:00:59:28", "00:01:01:28"]


def test_a_moment_of_no_length_is_one_frame():
    (codes,) = events(list(edl("x", [shot(1, 1)])))
    assert codes[:2] == ["00:00:01:00", "00:00:01:01"]


def test_a_hostile_title_adds_no_event():
    lines = list(edl("x\n001  AX", [shot(1, 2, title="a\n002  AX       V     C        0")]))
    assert len(events(lines)) == 1
    assert all("\n" not in line for line in lines)


def test_a_file_without_a_rate_is_counted_in_25():
    (codes,) = events(list(edl("x", [shot(0.5, 1, rate=None)])))
    assert codes[1] == "00:00:01:00"


def test_opentimelineio_reads_its_timeline():
    reader = pytest.importorskip("opentimelineio")
    text = otio("고양이", [shot(1, 2.5), shot(2, 3, rate=30_000 / 1001)])
    json.loads(text)
    timeline = reader.adapters.read_from_string(text, "otio_json")
    clips = list(timeline.find_clips())
    assert timeline.name == "고양이"
    assert [clip.source_range.start_time.to_seconds() for clip in clips] == pytest.approx(
        [1, 2], abs=0.02
    )
    assert [clip.source_range.duration.to_seconds() for clip in clips] == pytest.approx(
        [1.5, 1], abs=0.04
    )
    assert clips[0].media_reference.target_url == FILE.as_uri()
    assert clips[0].media_reference.available_range.duration.to_seconds() == pytest.approx(60)
