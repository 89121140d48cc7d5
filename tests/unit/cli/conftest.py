"""Terminals of any width to show hits and videos on."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from tubeseek.cli import results, terminal
from tubeseek.core.schemas import SearchAnswer


@pytest.fixture
def screen(monkeypatch) -> Callable[..., io.StringIO]:
    """Make stdout a terminal, or a pipe without a width; return what is written to it."""

    def make(width: int | None = None, **environment: str) -> io.StringIO:
        file = io.StringIO()
        console = Console(
            file=file,
            width=width or terminal.PIPE_WIDTH,
            force_terminal=width is not None,
            color_system="truecolor" if width else None,
            _environ={"TERM": "xterm", **environment},
        )
        monkeypatch.setattr(terminal, "stdout", console)
        return file

    return make


@pytest.fixture
def shown_on(screen) -> Callable[..., str]:
    """Return what is printed of an answer on a terminal; without a width, into a pipe."""

    def show(answer: SearchAnswer, width: int | None = None, **environment: str) -> str:
        file = screen(width, **environment)
        results.show_hits(answer)
        return file.getvalue()

    return show
