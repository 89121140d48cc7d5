"""Runs `tubeseek export` and `tubeseek model`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tubeseek.cli import render
from tubeseek.cli.options import Json, settings_of
from tubeseek.cli.terminal import stdout
from tubeseek.core.files import absolute_if_exists


def export(
    context: typer.Context,
    encoder: Annotated[
        str,
        typer.Argument(metavar="ENCODER|ADAPTER_DIR", help="An encoder, or an adapter's folder."),
    ],
    out: Annotated[Path, typer.Option(help="The folder to write.")],
    merge: Annotated[
        bool, typer.Option("--merge", help="Export a whole model, with the adapter in its weights.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export.")] = False,
    base_model: Annotated[
        str | None, typer.Option(help="The encoder's id on the hub, if it is a folder here.")
    ] = None,
    license_: Annotated[
        str | None,
        typer.Option("--license", help='The license on the card, such as "apache-2.0".'),
    ] = None,
    push: Annotated[
        str | None, typer.Option(metavar="REPO", help="Upload the export to the Hugging Face hub.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Make the repository private.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write an encoder or an adapter as a folder that transformers and PEFT load, with a card."""
    from tubeseek.core.errors import ConfigError
    from tubeseek.core.export_request import ExportRequest
    from tubeseek.library.open import export_encoder, push_export

    if private and not push:
        raise ConfigError("--private needs --push: give both, or leave --private out")
    made = export_encoder(
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
    url = push_export(made.folder, push, private=private) if push else None
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


def model(
    context: typer.Context,
    encoder: Annotated[
        str,
        typer.Argument(metavar="ENCODER|ADAPTER_DIR", help="An encoder, or an adapter's folder."),
    ],
    graph: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw its graph into a .svg, .dot, .png or .pdf file."),
    ] = None,
    layers: Annotated[
        int, typer.Option(min=0, help="How many blocks of each tower to draw; 0 draws all.")
    ] = 1,
    as_json: Json = False,
) -> None:
    """Show what an encoder is made of, and draw its graph."""
    from tubeseek.core.types import UNDETERMINED
    from tubeseek.library.open import describe_encoder

    description = describe_encoder(
        absolute_if_exists(encoder), settings_of(context), graph=graph, layers=layers or None
    )
    spec = description.spec
    facts = {
        "name": spec.name,
        "fingerprint": spec.fingerprint,
        "dim": spec.dim,
        "frames": spec.frames,
        "languages": list(spec.languages),
        "trained_with": description.trained_with,
    }
    if as_json:
        parts = [asdict(part) for part in description.parts]
        render.as_json(facts | {"parts": parts, "graph": str(graph) if graph else None})
        return
    for key, value in facts.items():
        text = " ".join(value) if isinstance(value, list) else value
        text = "not known" if text == UNDETERMINED else text
        render.say(f"{key.replace('_', ' '):13} {text}")
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("part")
    table.add_column("parameters", justify="right")
    table.add_column("learned besides", justify="right")
    for part in description.parts:
        table.add_row(part.name, f"{part.parameters:,}", f"{part.trainable:,}")
    stdout.print(table)
    if graph:
        render.say(f"graph: {graph}")
