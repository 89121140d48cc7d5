"""`tubeseek export` and `tubeseek model`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tubeseek.cli import render
from tubeseek.cli.options import settings_of
from tubeseek.core.files import absolute_if_exists


def export(
    context: typer.Context,
    encoder: Annotated[
        str,
        typer.Argument(metavar="ENCODER|ADAPTER_DIR", help="An adapter's folder, or an encoder."),
    ],
    out: Annotated[Path, typer.Option(help="The folder to make.")],
    merge: Annotated[
        bool, typer.Option("--merge", help="A whole model, with the adapter in its weights.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an export that is there.")
    ] = False,
    base_model: Annotated[
        str | None, typer.Option(help="What the hub knows the encoder as, if it is a folder here.")
    ] = None,
    license_: Annotated[
        str | None, typer.Option("--license", help='For the card, as in "apache-2.0".')
    ] = None,
    push: Annotated[
        str | None, typer.Option(metavar="REPO", help="Then upload it to the Hugging Face hub.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Make the repository private.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """Write an encoder or an adapter as a folder that transformers and PEFT load, with a card."""
    from tubeseek.core.errors import ConfigError

    if private and not push:
        raise ConfigError("--private is about what --push uploads: give both")
    if push:
        from tubeseek.encoders.export.push import check_push

        check_push(push)
    from tubeseek.encoders.export.export import ExportRequest
    from tubeseek.encoders.export.export import export as make

    made = make(
        ExportRequest(
            absolute_if_exists(encoder),
            out,
            merge,
            force,
            base_model=base_model,
            license=license_,
            repo=push,
        )
    )
    for notice in made.notices:
        render.note(notice)
    url = _push(made.folder, push, private=private) if push else None
    if as_json:
        render.as_json(
            {
                "folder": str(made.folder),
                "form": made.form.value,
                "files": list(made.files),
                "url": url,
                "notices": list(made.notices),
            }
        )
        return
    render.say(f"{made.form.value}: {', '.join(made.files)} in {made.folder}")
    if url:
        render.say(url)
    elif not context.obj.quiet:
        render.note(f"Next: read {made.folder / 'README.md'}; --push NAME/MODEL uploads it.")


def _push(folder: Path, repo: str, *, private: bool) -> str:
    from tubeseek.encoders.export.push import push

    return push(folder, repo, private=private)


def model(
    context: typer.Context,
    encoder: Annotated[
        str,
        typer.Argument(metavar="ENCODER|ADAPTER_DIR", help="An encoder, or an adapter's folder."),
    ],
    graph: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw its graph: .svg, .dot, .png or .pdf."),
    ] = None,
    layers: Annotated[
        int, typer.Option(min=0, help="Blocks of each tower that are drawn; 0: all.")
    ] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """Say what an encoder is made of, and draw its graph."""
    if graph:
        from tubeseek.encoders.export.drawing import check_drawing

        check_drawing(graph)
    from tubeseek.core.types import UNDETERMINED
    from tubeseek.encoders.export.architecture import describe
    from tubeseek.encoders.export.subject import open_subject
    from tubeseek.encoders.factory import open_encoder

    subject = open_subject(absolute_if_exists(encoder))
    spec = open_encoder(subject.name, settings_of(context)).spec
    parts = describe(subject)
    if graph:
        from tubeseek.encoders.export.drawing import draw
        from tubeseek.encoders.export.graph import graph_source

        draw(graph_source(subject, layers or None), graph)
    facts = {
        "name": spec.name,
        "fingerprint": spec.fingerprint,
        "dim": spec.dim,
        "frames": spec.frames,
        "languages": list(spec.languages),
        "trained_with": "heads" if subject.is_starter else "LoRA",
    }
    if as_json:
        told = [asdict(part) for part in parts]
        render.as_json(facts | {"parts": told, "graph": str(graph) if graph else None})
        return
    for key, value in facts.items():
        shown = " ".join(value) if isinstance(value, list) else value
        shown = "not known" if shown == UNDETERMINED else shown
        render.say(f"{key.replace('_', ' '):13} {shown}")
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("part")
    table.add_column("parameters", justify="right")
    table.add_column("learned besides", justify="right")
    for part in parts:
        table.add_row(part.name, f"{part.parameters:,}", f"{part.trainable:,}")
    render.stdout.print(table)
    if graph:
        render.say(f"graph: {graph}")
