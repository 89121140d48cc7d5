"""Renders a report as one HTML file, from the template beside this module."""

from base64 import b64encode
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from tubeseek.core.errors import InputError
from tubeseek.evaluation.report.document import Document, Plot, Table

REPORT_FILE = "report.html"
PLOTS_FOLDER = "plots"  # beside the report
TEMPLATE = "report.html.jinja"


def to_html(document: Document) -> str:
    """Return the whole file. Texts are escaped, and pictures are inlined."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["base64"] = lambda data: b64encode(data).decode("ascii")
    environment.tests["plot"] = lambda block: isinstance(block, Plot)
    environment.tests["table"] = lambda block: isinstance(block, Table)
    source = resources.files("tubeseek.evaluation.report").joinpath(TEMPLATE).read_text("utf-8")
    return environment.from_string(source).render(document=document)


def write_report(document: Document, folder: Path) -> Path:
    """Write `report.html`, and its plots as files beside it; return the HTML file.

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
