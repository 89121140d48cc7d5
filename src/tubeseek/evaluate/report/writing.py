"""Writes a report into a folder."""

from pathlib import Path

from tubeseek.errors import InputError
from tubeseek.evaluate.report.document import Document
from tubeseek.evaluate.report.html import to_html
from tubeseek.evaluate.report.markdown import PLOTS, to_markdown

HTML, MARKDOWN = "report.html", "report.md"


def write_report(document: Document, folder: Path) -> Path:
    """Writes `report.html`, `report.md` and its plots. Returns the HTML file.

    Raises:
        InputError: The folder cannot be written.
    """
    try:
        (folder / PLOTS).mkdir(parents=True, exist_ok=True)
        for plot in document.plots():
            (folder / PLOTS / f"{plot.name}.png").write_bytes(plot.png)
        (folder / MARKDOWN).write_text(to_markdown(document), encoding="utf-8")
        (folder / HTML).write_text(to_html(document), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"the report cannot be written to {folder} ({error}); give another folder"
        ) from error
    return folder / HTML
