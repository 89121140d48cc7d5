"""Writes text to the terminal: the two consoles, and what strangers' text may do to them.

Titles, channels, file names and errors come from places that nobody checked. A control character
in them could move the cursor, rewrite the line or set the clipboard, and a bidi override could show
a link backwards. Whatever is printed goes through `visible`, `safe` or `json_text`.
"""

import json
import logging
import re
from typing import Any

from rich.console import Console
from rich.markup import escape

PIPE_WIDTH = 160  # characters of a table that no terminal limits
REPLACEMENT = "\ufffd"

# C0 with DEL, C1, separators of lines and paragraphs, bidi embeddings, overrides and isolates.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # NUL and lone surrogates, which UTF-8 lacks

stdout = Console(soft_wrap=False)
if not stdout.is_terminal:
    stdout = Console(width=PIPE_WIDTH)
stderr = Console(stderr=True)


def visible(text: str, *, lines: bool = False) -> str:
    r"""Return a text that shows its control characters instead of obeying them.

    Args:
        text: Anything.
        lines: Whether line breaks are kept, for messages of several lines.

    >>> print(visible("a cat\x1b[2J \u202egpj.exe\n"))
    a cat\x1b[2J \u202egpj.exe\x0a
    """
    kept = "\n" if lines else ""
    shown = _NO_TEXT.sub(REPLACEMENT, text)
    return _UNSAFE.sub(lambda match: match[0] if match[0] in kept else _escape(match[0]), shown)


def safe(text: str, *, lines: bool = False) -> str:
    r"""Return a text in which neither the terminal nor rich finds anything to obey.

    >>> safe("[bold]cat\x07")
    '\\[bold]cat\\x07'
    """
    return escape(visible(text, lines=lines))


def json_text(value: Any, indent: int | None = 2) -> str:
    r"""Return a value as JSON that is safe to print; parsed, it has its control characters again.

    NUL and lone surrogates, which are no text, become U+FFFD.

    >>> print(json_text({"title": "고양이 \u202e\x9b"}, indent=None))
    {"title": "고양이 \u202e\u009b"}
    """
    text = json.dumps(_as_text(value), ensure_ascii=False, indent=indent)
    # Outside of strings JSON has no unsafe characters but line breaks, and inside none of these.
    return _UNSAFE.sub(
        lambda match: match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}", text
    )


class SafeFormatter(logging.Formatter):
    """Formats log lines so that the terminal obeys nothing in them."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, or the lines of a traceback."""
        return visible(super().format(record), lines=True)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _as_text(value: Any) -> Any:
    if isinstance(value, str):
        return _NO_TEXT.sub(REPLACEMENT, value)
    if isinstance(value, dict):
        return {_as_text(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(item) for item in value]
    return value
