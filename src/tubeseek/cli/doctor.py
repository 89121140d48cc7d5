"""Runs `tubeseek doctor`."""

from dataclasses import asdict
from typing import Annotated

import typer

from tubeseek.cli import render
from tubeseek.cli.options import Json, settings_of
from tubeseek.cli.terminal import safe, stdout


def doctor(
    context: typer.Context,
    repair: Annotated[
        bool,
        typer.Option(
            help="Make damaged or incomplete indexes again first, from what was fetched before."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show versions, weights, runtimes, disk space, and whether the library is whole."""
    from tubeseek.library.diagnosis import diagnose, repair_library

    settings = settings_of(context)
    if repair:
        render.run(repair_library(settings), quiet=context.obj.quiet)
    findings = diagnose(settings)
    if as_json:
        render.as_json({"findings": [asdict(finding) for finding in findings]})
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            mark = "[green]ok[/]" if finding.good else "[bold red]!![/]"
            line = f"{mark} {safe(finding.name.ljust(width))}  {safe(finding.text)}"
            stdout.print(line, soft_wrap=True, highlight=False)
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)
