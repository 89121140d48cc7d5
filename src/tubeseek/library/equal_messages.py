"""Shows the first of many equal messages of a job with a count, and lists all of them in a file."""

import re
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from tubeseek.core.errors import TubeseekError
from tubeseek.core.events import Event, EventKind

MOST_SHOWN = 3  # of equal messages
_MOST_GROUPS = 10_000  # that are counted; messages of further ones are all shown
_KEPT_FILES = 20
_NAMES = re.compile(
    r"""'[^']*'|"[^"]*"            # what is quoted
    |(?:\w+:/)?/[^\n]*?\.\w{2,5}(?=[\s:,;#)]|$)   # a path, which may hold spaces
    |\S*[\d/\\_@=|]\S*             # a number, an address, an id""",
    re.VERBOSE,
)


def fold_equal(
    events: Generator[Event, None, None], folder: Path, verb: str
) -> Generator[Event, None, None]:
    """Pass on events, but of equal failures and notices only the first `MOST_SHOWN`.

    One event for each group then says, at the end, how many more there were and which file lists
    all messages of the job. Its `times` counts them.

    Args:
        events: The events of a job; closed at the end.
        folder: Where such files go; made when the first is written.
        verb: Begins the name of the file.
    """
    counts: Counter[tuple[EventKind, str, str]] = Counter()
    last: dict[tuple[EventKind, str, str], str] = {}
    with closing(events), _MessageFile(folder, verb) as file:
        try:
            for event in events:
                if event.kind not in (EventKind.FAILED, EventKind.NOTICE):
                    yield event
                    continue
                file.write(event.message)
                group = (event.kind, event.stage, event.group or _form(event))
                if group not in counts and len(counts) >= _MOST_GROUPS:
                    yield event
                    continue
                counts[group] += 1
                if counts[group] <= MOST_SHOWN:
                    last[group] = event.message
                    yield event
        except TubeseekError:
            yield from _summaries(counts, last, file)
            raise
        yield from _summaries(counts, last, file)


def _summaries(
    counts: Counter[tuple[EventKind, str, str]],
    last: dict[tuple[EventKind, str, str], str],
    file: "_MessageFile",
) -> Iterator[Event]:
    for (kind, stage, group), number in counts.items():
        if number > MOST_SHOWN:
            file.is_needed = True
            where = f"; {file.path} lists all messages" if file.path else ""
            example = last[kind, stage, group]
            message = f"{number - MOST_SHOWN:,} more such as: {example:.60}...{where}"
            yield Event(kind, stage, message, times=number - MOST_SHOWN)


def _form(event: Event) -> str:
    """Return a message without the names and numbers in it, by which equal ones are told."""
    text = event.message
    if event.video_id:
        text = text.replace(event.video_id, "")
    return _NAMES.sub("", text)


class _MessageFile:
    """A file of one message a line, which is removed again where every message was shown."""

    def __init__(self, folder: Path, verb: str) -> None:
        self._folder = folder
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        self.path: Path | None = folder / f"{verb}-{stamp}.txt"
        self.is_needed = False
        self._file: TextIO | None = None

    def write(self, message: str) -> None:
        if self.path is None:
            return
        try:
            if self._file is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("w", encoding="utf-8", errors="backslashreplace")
            self._file.write(" ".join(message.splitlines()) + "\n")
        except OSError:  # a full disk, or a library that is only read: the messages are shown
            self.path = None

    def __enter__(self) -> "_MessageFile":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            if self.path is not None and not self.is_needed:
                self.path.unlink()
            for old in sorted(self._folder.glob("*.txt"), key=lambda p: p.name[-26:])[
                :-_KEPT_FILES
            ]:
                old.unlink()
