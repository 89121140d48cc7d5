"""Defines a request to export an encoder or an adapter."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """An encoder or an adapter, and the form in which it is handed on.

    Attributes:
        encoder: Name, hub id or folder of an encoder, or the folder of an adapter.
        out: The folder to make.
        merge: Put the adapter into the weights, and export the whole model.
        force: Replace an export that is there.
        base_model: The encoder's id on the hub, if it is a folder here.
        license: The hub's identifier of a license, for the front matter of the card.
        repo: The repository on the hub that the card names.
    """

    encoder: str
    out: Path
    merge: bool = False
    force: bool = False
    base_model: str | None = None
    license: str | None = None
    repo: str | None = None
