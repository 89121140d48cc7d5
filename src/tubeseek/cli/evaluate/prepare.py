"""`tubeseek prepare`."""

from pathlib import Path
from typing import Annotated

import typer

from tubeseek.cli import render


def prepare(
    published: Annotated[
        str, typer.Argument(metavar="SET", help="msrvtt, msvd, karpathy or xm3600.")
    ],
    annotations: Annotated[Path, typer.Argument(help="The set's annotation file.")],
    media: Annotated[Path, typer.Option(help="The folder of its pictures or videos.")],
    out: Annotated[Path, typer.Option(help="The dataset folder to make.")],
    split: Annotated[str, typer.Option(help="Of karpathy: test, val or train.")] = "test",
    names: Annotated[
        Path | None, typer.Option(help="Of msvd: the list of its split, test_list.txt.")
    ] = None,
    language: Annotated[str, typer.Option(help='Of xm3600, as in "ko"; by default all.')] = "",
) -> None:
    """Make a dataset folder with judgements of a published set, to be added and measured."""
    from tubeseek.core.errors import InputError
    from tubeseek.evaluation.published_sets import JUDGEMENTS, Choice, lay_out, read_published

    wanted = None
    if names is not None:
        try:
            wanted = set(names.read_text(encoding="utf-8").split())
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{names} cannot be read ({error}); give a list of names") from error
    items = read_published(published, annotations, Choice(split, wanted, language))
    laid = lay_out(items, media, out)
    render.say(f"{laid.items:,} pictures or videos and {laid.captions:,} judgements in {out}")
    render.note(
        f"Next: `tubeseek --library NEW add {out}`, `index`, then `eval {out / JUDGEMENTS} "
        "--using pictures`."
    )
    if laid.missing:
        render.note(
            f"{len(laid.missing):,} of {len(items):,} are not in {media}, such as "
            f"{laid.missing[0]}: figures over the rest cannot be compared with published ones."
        )
        raise typer.Exit(1)
