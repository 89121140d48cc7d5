"""Runs a job on a library, shows its progress, and turns failures into an exit code."""

from contextlib import closing

import typer

from tubeseek.cli import render
from tubeseek.core.schemas import JobRequest
from tubeseek.core.settings import Settings
from tubeseek.library.open import connect

INTERRUPTED = 130  # as shells report a process that Ctrl-C ended


def run_job(
    context: typer.Context,
    settings: Settings,
    request: JobRequest,
    command: str,
    *,
    as_json: bool,
) -> dict[str, int]:
    """Run a job to its end, print its counts and return them.

    Raises:
        typer.Exit: Something failed (1), or Ctrl-C was pressed (130).
    """
    with closing(connect(settings, command)) as library:
        try:
            counts, failed = render.run(library.run(request), quiet=context.obj.quiet)
        except KeyboardInterrupt as interrupt:
            render.note("Stopped. Everything reported as done is kept; run the command again.")
            raise typer.Exit(INTERRUPTED) from interrupt
    if as_json:
        render.as_json({"verb": request.verb, "counts": counts, "failed": failed})
    else:
        render.say(render.summary(counts))
    if failed:
        raise typer.Exit(1)
    return counts
