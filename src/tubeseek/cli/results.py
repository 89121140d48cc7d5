"""Shows found videos in the terminal, two or three lines each.

1  fits well  All about castles
   0:03–0:06 · seen at 0:03 · Stamp Zoo · 0:18
   https://youtu.be/dQw4w9WgXcQ?t=3
"""

from collections.abc import Callable

from rich.cells import cell_len, set_cell_size
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from tubeseek.cli import terminal
from tubeseek.cli.render import duration, note
from tubeseek.cli.terminal import PIPE_WIDTH, visible
from tubeseek.core.schemas import Moment, SearchAnswer, SearchHit
from tubeseek.core.schemas.search import Fit
from tubeseek.core.times import clock_range

FITS = {
    Fit.STRONG: ("fits well", "green"),
    Fit.WEAK: ("fits", "yellow"),
    Fit.NONE: ("nearest", "dim"),
}
INDENT = 5  # columns before everything but the rank
CROPPED_COLUMNS = 60  # of a terminal: narrower ones show titles on several lines
FEWEST_REASON_COLUMNS = 16  # a reason is not cut shorter than this to save a line
SEPARATOR = " · "
DIVIDER = "Nearest others"


def show_hits(
    answer: SearchAnswer,
    *,
    quiet: bool = False,
    show_picture: Callable[[SearchHit], None] | None = None,
) -> None:
    """Print the videos of an answer and its notices.

    Args:
        answer: What was found.
        quiet: Whether to leave out how many fit, and the notices.
        show_picture: Prints the picture of a hit; None: no pictures.
    """
    fitting = sum(hit.fit is not None and hit.fit is not Fit.NONE for hit in answer.hits)
    divided = all(hit.fit is Fit.NONE for hit in answer.hits[fitting:])  # not if sorted otherwise
    for number, hit in enumerate(answer.hits):
        if divided and number and number == fitting:
            _show_divider()
        _show_hit(hit)
        if show_picture is not None:
            show_picture(hit)
    if quiet:
        return
    if answer.hits and answer.hits[0].fit is not None:
        verb = "fits" if fitting == 1 else "fit"
        note(f"{fitting} {verb} · {len(answer.hits) - fitting} nearest")
    for notice in answer.notices:
        note(notice)


def time_range(moment: Moment) -> str:
    """Return when a moment begins and ends; of a single frame only the reason says when it is.

    >>> time_range(Moment(start=3.2, end=6.9, seek=3.3, kind="still", url="", score=1))
    '0:03–0:06'
    """
    return clock_range(moment.start, moment.end) if moment.start < moment.end else ""


def _show_divider() -> None:
    if terminal.stdout.is_terminal:
        terminal.stdout.print(Rule(DIVIDER, style="dim", align="left"))
    else:
        terminal.stdout.print(f"--- {DIVIDER} ---")


def _show_hit(hit: SearchHit) -> None:
    width = terminal.stdout.width if terminal.stdout.is_terminal else None
    columns = None if width is None else max(1, width - INDENT)
    level = Text()
    if hit.fit is not None:
        word, style = FITS[hit.fit]
        level.append(f"{word}  ", style)
    _show(level + _title(hit, columns, level.cell_len), Text(f"{hit.rank:>3}", "dim"))
    facts = _facts(hit, columns)
    if facts:
        _show(Text(facts, "cyan"))
    link = Text(" " * INDENT)
    link.append(visible(hit.best_url), Style(color="blue", link=visible(hit.best_url)))
    terminal.stdout.print(link, soft_wrap=True)
    if hit.copies:
        _show(Text(f"also: {', '.join(map(visible, hit.copies))}", "dim"))


def _title(hit: SearchHit, columns: int | None, level_columns: int) -> Text:
    """Return the title, cropped to one line where a terminal is wide enough for most titles."""
    title = visible(hit.title)
    if columns is not None and columns >= CROPPED_COLUMNS:
        title = _cropped(title, columns - level_columns)
    return Text(title, "bold")


def _facts(hit: SearchHit, columns: int | None) -> str:
    """Return where and why a video was found, and what it is; the reason is cropped to fit."""
    moment = next(iter(hit.moments), None)
    reasons = [visible(text) for text in (moment.reason if moment else "", *hit.reasons) if text]
    place = time_range(moment) if moment else ""
    reason = SEPARATOR.join(dict.fromkeys(reasons))
    rest = [place, visible(hit.channel), duration(hit.duration_seconds)]
    room = columns or PIPE_WIDTH
    room -= sum(cell_len(text) + len(SEPARATOR) for text in rest if text)
    reason = _cropped(reason, max(room, FEWEST_REASON_COLUMNS))
    return SEPARATOR.join(text for text in (place, reason, *rest[1:]) if text)


def _cropped(text: str, columns: int) -> str:
    """Return a text of at most so many columns; Hangul takes two each.

    >>> _cropped("고양이가 있다", 8), _cropped("a cat", 8)
    ('고양이…', 'a cat')
    """
    if cell_len(text) <= columns:
        return text
    return set_cell_size(text, max(0, columns - 1)).rstrip() + "…"


def _show(body: Text, lead: Text | None = None) -> None:
    """Print a line behind its lead; where a terminal is too narrow, its rest is indented below."""
    lead = lead or Text()
    if not terminal.stdout.is_terminal:
        lead.pad_right(INDENT - len(lead))
        terminal.stdout.print(lead + body, soft_wrap=True)
        return
    grid = Table.grid()
    grid.add_column(width=INDENT)
    grid.add_column(overflow="fold")
    grid.add_row(lead, body)
    terminal.stdout.print(grid)
