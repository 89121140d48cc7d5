"""No text of a stranger moves the cursor, rewrites a line or turns a link around."""

import json
import logging

import pytest

from tubeseek.cli.terminal import SafeFormatter, json_text, safe, visible

HOSTILE = [
    "\x1b]52;c;cm0gLXJm\x07",  # sets the clipboard
    "\x1b[2J\x1b[1;1H",  # clears the screen
    "\x9b31m",  # the same as ESC [ in one C1 character
    "\x90q\x9c",  # begins a device control string
    "back\x08\x08\x08\x08over",
    "first\rsecond",
    "\u202egpj.exe",
    "\u2066isolated\u2069",
    "line\u2028separator",
    "\x7f",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_control_characters_are_shown(text):
    shown = visible(text)
    assert all(character.isprintable() for character in shown)
    assert eval(f'"{shown}"') == text  # noqa: S307  the escapes are those of Python


@pytest.mark.parametrize("text", HOSTILE)
def test_json_escapes_them_and_gives_them_back(text):
    printed = json_text({"title": text}, indent=None)
    assert all(character.isprintable() for character in printed)
    assert json.loads(printed) == {"title": text}


def test_what_is_no_text_becomes_a_replacement_character():
    for text in ("a\x00b", "a\ud800b", "a\udcffb"):
        assert visible(text) == "a\ufffdb"
        assert json.loads(json_text({text: [text]})) == {"a\ufffdb": ["a\ufffdb"]}
        json_text({text: text}).encode()


def test_ordinary_text_stays_as_it_is():
    for text in ("고양이 🐈\u200d⬛", "שלום\u200f!", "naïve — “quoted”", "[bold]"):
        assert visible(text) == text
        assert json.loads(json_text(text)) == text


def test_line_breaks_stay_only_where_they_are_ours():
    assert visible("a\nb") == "a\\x0ab"
    assert visible("a\nb", lines=True) == "a\nb"
    assert safe("[red]a\nb", lines=True) == "\\[red]a\nb"


def test_log_lines_are_safe():
    record = logging.LogRecord("yt", logging.INFO, "", 0, "title %s", ("\x1b[2J",), None)
    assert SafeFormatter("%(message)s").format(record) == "title \\x1b[2J"
