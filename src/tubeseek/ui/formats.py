"""Formats figures, times and other people's words for a page."""

import html
import re
from datetime import date

from tubeseek.core.times import clock as clock

CLOCK = r"^\s*\d{1,5}(:\d{1,2}){0,2}\s*$"  # what `seconds_of` reads; browsers check it too
WORD_JOINER = "⁠"  # zero width; keeps characters apart that a replacement would read as one
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Streamlit turns these into emoji, icons, colours, links and arrows after Markdown was parsed,
# where a backslash no longer protects them.
_REPLACED_LATER = re.compile(r"[:@<>]|~=|--|www(?=\.)", re.IGNORECASE)


def plain_label(text: str) -> str:
    """Return `text` as Markdown that shows exactly itself, for a title that someone else wrote.

    >>> plain_label("[x](javascript:alert(1))").replace(WORD_JOINER, "|")
    '\\\\[x\\\\]\\\\(javascript\\\\:|alert\\\\(1\\\\)\\\\)'
    >>> plain_label("costs $5 to $9")
    'costs \\\\$5 to \\\\$9'
    """
    one_line = " ".join(text.split())
    apart = _REPLACED_LATER.sub(lambda match: match[0] + WORD_JOINER, one_line)
    return _PUNCTUATION.sub(r"\\\1", apart)


def plain_html(text: str) -> str:
    """Return `text` as HTML that shows exactly itself.

    >>> plain_html('<b>"hi"</b>')
    '&lt;b&gt;&quot;hi&quot;&lt;/b&gt;'
    """
    return html.escape(text, quote=True)


def seconds_of(text: str) -> int:
    """Return the seconds that a visitor wrote as a time or a number; 0 for anything else.

    >>> seconds_of("1:30"), seconds_of("1:02:03"), seconds_of("90"), seconds_of("soon")
    (90, 3723, 90, 0)
    """
    if not re.match(CLOCK, text, re.ASCII):
        return 0
    total = 0
    for part in text.split(":"):
        total = total * 60 + int(part)
    return total


def short_count(count: int, language: str) -> str:
    """Return a count in about three digits, in the units of the language.

    >>> short_count(999, "en"), short_count(12_345, "en"), short_count(3_800_000, "en")
    ('999', '12K', '3.8M')
    >>> short_count(9_999, "ko"), short_count(12_345, "ko"), short_count(3_800_000, "ko")
    ('9,999', '1.2만', '380만')
    """
    units = (
        ((10**8, "억"), (10**4, "만"))
        if language == "ko"
        else ((10**9, "B"), (10**6, "M"), (10**3, "K"))
    )
    for size, sign in units:
        if count >= size:
            amount = count / size
            shown = int(amount * 10) / 10 if amount < 10 else int(amount)  # never rounded up
            return f"{shown:g}{sign}"
    return f"{count:,}"


def day(published: date, language: str) -> str:
    """Return a date as the language writes it.

    >>> day(date(2024, 3, 9), "en"), day(date(2024, 3, 9), "ko")
    ('9 Mar 2024', '2024. 3. 9.')
    """
    if language == "ko":
        return f"{published.year}. {published.month}. {published.day}."
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{published.day} {months[published.month - 1]} {published.year}"
