"""`tubeseek eval`."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tubeseek.app import connect
from tubeseek.cli import render
from tubeseek.cli.globals import settings_of
from tubeseek.messages import Operations, SearchAnswer, SearchRequest, Using

ANSWERED_VIDEOS = 10  # of each query; the first moments are among theirs


def eval_moments(
    context: typer.Context,
    judgements: Annotated[
        Path, typer.Argument(help='JSON lines: {"query", "video_id", "start", "end"}.')
    ],
    moments: Annotated[
        bool, typer.Option("--moments", help="Whether the right moment is found.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """Measure how well this library is searched, on queries whose answers are known."""
    from tubeseek.errors import ConfigError
    from tubeseek.evaluate import evaluate_moments, read_judgements
    from tubeseek.evaluate.moments import CUTOFFS

    if not moments:
        raise ConfigError("what to measure is missing: --moments")
    known = read_judgements(judgements)
    library = connect(settings_of(context), "tubeseek eval")
    try:
        scores = {
            using: evaluate_moments(
                known,
                partial(_search, library, using),
                lambda video_id: library.video(video_id).duration_seconds,
            )
            for using in Using
        }
    finally:
        library.close()
    if as_json:
        render.as_json({using.value: asdict(score) for using, score in scores.items()})
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("using", *(f"moment@{k}" for k in CUTOFFS), *(f"video@{k}" for k in CUTOFFS)):
        table.add_column(name)
    for using, score in scores.items():
        rates = [*score.moment_hit.values(), *score.video_hit.values()]
        cells = [f"{r.value:.2f} [{r.low:.2f}, {r.high:.2f}]" for r in rates]
        table.add_row(using.value, *cells)
    render.stdout.print(table, markup=False)
    bound = next(iter(scores.values())).whole_video_bound
    if bound is not None:
        render.note(f"{len(known)} queries; the best of whole-video search: moment@1 {bound:.2f}")


def _search(library: Operations, using: Using, query: str) -> SearchAnswer:
    return library.search(SearchRequest(text=query, limit=ANSWERED_VIDEOS, using=using))
