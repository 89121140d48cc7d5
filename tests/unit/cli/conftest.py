"""Terminals of any width to show hits on."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from tubeseek.cli import results, terminal
from tubeseek.core.schemas import SearchAnswer


@pytest.fixture
def shown_on(monkeypatch) -> Callable[..., str]:
    """Return what is printed of an answer on a terminal; without a width, into a pipe."""

    def show(answer: SearchAnswer, width: int | None = None, **environment: str) -> str:
        file = io.StringIO()
        console = Console(
            file=file,
            width=width or terminal.PIPE_WIDTH,
            force_terminal=width is not None,
            color_system="truecolor" if width else None,
            _environ={"TERM": "xterm", **environment},
        )
        monkeypatch.setattr(terminal, "stdout", console)
        results.show_hits(answer)
        return file.getvalue()

    return show
