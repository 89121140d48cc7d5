"""A report as Markdown, with its plots as files beside it."""

import re

from tubeseek.evaluate.report.document import Block, Document, Example, Examples, Plot, Table

PLOTS = "plots"  # the folder of the plots, beside the file


def to_markdown(document: Document) -> str:
    """The whole file; its plots are `plots/NAME.png`."""
    parts = [f"# {_plain(document.title)}", _plain(document.told)]
    for section in document.sections:
        parts.append(f"## {_plain(section.title)}")
        parts += map(_block, section.blocks)
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    match block:
        case Plot():
            return f"![{_plain(block.told)}]({PLOTS}/{block.name}.png)\n\n*{_plain(block.told)}*"
        case Table():
            return _table(block.headers, block.rows)
        case Examples():
            return _examples(block.rows)
        case str():
            return _plain(block)


def _table(headers: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    lines = [headers, tuple("---" for _ in headers), *rows]
    return "\n".join("| " + " | ".join(map(_plain, cells)) + " |" for cells in lines)


def _examples(rows: tuple[Example, ...]) -> str:
    if not rows:
        return "None."
    labels = tuple(video.label for video in rows[0].videos)
    table = tuple((row.query, row.told, *(video.title for video in row.videos)) for row in rows)
    return _table(("query", "change", *labels), table)


def _plain(text: str) -> str:
    """Titles are other people's words: nothing in them may become markup."""
    return re.sub(r"([\\`*_\[\]<>|#$])", r"\\\1", " ".join(text.split()))
