"""Prepares a published set for measuring: `tubeseek prepare`."""

from pathlib import Path
from typing import Annotated

import typer

from tubeseek.cli import render


def prepare(
    published: Annotated[
        str, typer.Argument(metavar="SET", help="The set: msrvtt, msvd, karpathy or xm3600.")
    ],
    annotations: Annotated[Path, typer.Argument(help="The annotation file of the set.")],
    media: Annotated[Path, typer.Option(help="Take its pictures or videos from this folder.")],
    out: Annotated[Path, typer.Option(help="Make this dataset folder.")],
    split: Annotated[
        str, typer.Option(help="Take this split of karpathy: test, val or train.")
    ] = "test",
    names: Annotated[
        Path | None,
        typer.Option(help="Take the videos of msvd that this file lists."),
    ] = None,
    language: Annotated[
        str,
        typer.Option(
            help="Take the captions of xm3600 in this language, such as ko. The default is all."
        ),
    ] = "",
) -> None:
    """Make a dataset folder and judgements of a published set.

    `tubeseek add` takes the folder, and `tubeseek eval` the judgements.
    """
    from tubeseek.core.errors import InputError
    from tubeseek.evaluation.published_annotations import Choice
    from tubeseek.evaluation.published_sets import JUDGEMENTS, lay_out, read_published

    selected = None
    if names is not None:
        try:
            selected = set(names.read_text(encoding="utf-8").split())
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{names} cannot be read ({error}); give a list of names") from error
    damaged: list[str] = []
    items = read_published(published, annotations, Choice(split, selected, language), damaged)
    if damaged:
        render.note(
            f"{len(damaged):,} rows of {annotations} are damaged and left out, such as: "
            f"{damaged[0]}. Get the file again."
        )
    laid = lay_out(items, media, out)
    render.say(f"{laid.items:,} pictures or videos and {laid.captions:,} judgements in {out}")
    render.note(
        f"Next: `tubeseek --library NEW add {out}`, `index`, then `eval {out / JUDGEMENTS} "
        "--using pictures`."
    )
    if laid.missing:
        render.note(
            f"{len(laid.missing):,} of {len(items):,} are missing in {media}, such as "
            f"{laid.missing[0]}: measures on the rest cannot be compared with published ones."
        )
        raise typer.Exit(1)
