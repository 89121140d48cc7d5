"""A report as one HTML file: nothing is loaded from anywhere, pictures included."""

from base64 import b64encode
from html import escape
from pathlib import Path

from tubeseek.core.errors import InputError
from tubeseek.evaluation.report.document import Block, Document, Example, Examples, Plot, Table

REPORT_FILE = "report.html"
PLOTS_FOLDER = "plots"  # beside the report
STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK KR", "Malgun Gothic", sans-serif;
  color: #1c1c1c; background: #fff; max-width: 66rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; }
h2 { font-size: 1.2rem; margin-top: 2.4rem; border-bottom: 1px solid #ddd; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .84rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid #eee;
  white-space: nowrap; }
td:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 6rem; }
th { color: #666; font-weight: 600; }
figure { margin: 1rem 0; }
figure img { max-width: 100%; height: auto; }
figcaption, .told { color: #555; font-size: .92rem; }
.example { margin: 1.2rem 0; padding-bottom: 1rem; border-bottom: 1px solid #eee; }
.query { font-weight: 600; overflow-wrap: anywhere; }
.videos { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: .5rem; }
.video { width: 13rem; font-size: .85rem; overflow-wrap: anywhere; }
.video img, .video .blank { width: 100%; aspect-ratio: 16/9; object-fit: cover;
  background: #eee; border-radius: 4px; display: block; }
.label { color: #666; }
"""


def to_html(document: Document) -> str:
    """The whole file."""
    sections = "\n".join(
        f"<section><h2>{escape(section.title)}</h2>\n"
        + "\n".join(map(_block, section.blocks))
        + "</section>"
        for section in document.sections
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>{STYLE}</style></head>\n<body>\n"
        f'<h1>{escape(document.title)}</h1>\n<p class="told">{escape(document.told)}</p>\n'
        f"{sections}\n</body></html>\n"
    )


def _block(block: Block) -> str:
    match block:
        case Plot():
            return (
                f'<figure><img class="plot" id="{escape(block.name)}" alt="{escape(block.told)}" '
                f'width="{block.width}" '
                f'src="{_inline(block.png, "png")}"><figcaption>{escape(block.told)}</figcaption>'
                "</figure>"
            )
        case Table():
            return _table(block)
        case Examples():
            return "\n".join(map(_example, block.rows))
        case str():
            return f"<p>{escape(block)}</p>"


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.headers)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return f'<div class="wide"><table><tr>{head}</tr>\n{rows}</table></div>'


def _example(example: Example) -> str:
    videos = []
    for video in example.videos:
        picture = '<div class="blank"></div>'
        if video.jpeg is not None:
            picture = f'<img alt="" src="{_inline(video.jpeg, "jpeg")}">'
        videos.append(
            f'<div class="video">{picture}<div class="label">{escape(video.label)}</div>'
            f"{escape(video.title)}</div>"
        )
    return (
        f'<div class="example"><div class="query">{escape(example.query)}</div>'
        f'<div class="told">{escape(example.told)}</div>'
        f'<div class="videos">{"".join(videos)}</div></div>'
    )


def _inline(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{b64encode(data).decode('ascii')}"


def write_report(document: Document, folder: Path) -> Path:
    """Writes `report.html`, and its plots as files beside it. Returns the HTML file.

    Raises:
        InputError: The folder cannot be written.
    """
    try:
        (folder / PLOTS_FOLDER).mkdir(parents=True, exist_ok=True)
        for plot in document.plots():
            (folder / PLOTS_FOLDER / f"{plot.name}.png").write_bytes(plot.png)
        (folder / REPORT_FILE).write_text(to_html(document), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"the report cannot be written to {folder} ({error}); give another folder"
        ) from error
    return folder / REPORT_FILE
