"""Completes ids, channels, categories and encoders from the catalogue of the library.

The shell calls this at each press of the tab key, so whatever goes wrong yields no completions.
"""

from collections.abc import Callable, Iterable

import typer

from tubeseek.core.encoder_names import ENCODER_NAMES
from tubeseek.core.errors import TubeseekError
from tubeseek.core.schemas import Status
from tubeseek.core.settings import Settings, load_settings
from tubeseek.library.identity import CATALOG_NAME

MAX_IDS = 200  # the latest; a shell cannot show more in a useful way
Completions = list[tuple[str, str]]  # what is typed, and what is shown beside it


def complete_ids(context: typer.Context, incomplete: str) -> Completions:
    """Return the ids of the latest videos, with their titles."""

    def read(settings: Settings) -> Completions:
        from tubeseek.library.open import read_catalog

        with read_catalog(settings) as catalog:
            videos = catalog.list_videos(catalog.counts()["videos"])
            ids = [(video.id, video.title) for video, _ in videos]
        return [item for item in ids if item[0].startswith(incomplete)][:MAX_IDS]

    return _read(context, read)


def complete_channels(context: typer.Context, incomplete: str) -> Completions:
    """Return the channels of the library."""
    return _names(context, incomplete, lambda status: status.channels)


def complete_categories(context: typer.Context, incomplete: str) -> Completions:
    """Return the categories of the library."""
    return _names(context, incomplete, lambda status: status.categories)


def complete_encoders(context: typer.Context, incomplete: str) -> Completions:
    """Return the encoders by name, and those that the library has an index of."""
    names = [(name, "") for name in ENCODER_NAMES if name.startswith(incomplete)]
    own = _names(context, incomplete, lambda status: (row.encoder for row in status.indexes))
    return list(dict.fromkeys([*names, *own]))


def _names(
    context: typer.Context, incomplete: str, choose: Callable[[Status], Iterable[str]]
) -> Completions:
    def read(settings: Settings) -> Completions:
        from tubeseek.library import answers
        from tubeseek.library.open import read_catalog

        with read_catalog(settings) as catalog:
            names = choose(answers.status(catalog, "", ""))
        return [(name, "") for name in names if name.startswith(incomplete)]

    return _read(context, read)


def _read(context: typer.Context, read: Callable[[Settings], Completions]) -> Completions:
    try:
        options = context.find_root().params
        settings = load_settings({"library": options.get("library"), "store": options.get("store")})
        if not (settings.library / CATALOG_NAME).is_file():
            return []
        return read(settings)
    except TubeseekError:
        return []
