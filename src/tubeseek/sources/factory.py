"""Which source a locator means."""

import os
from pathlib import Path

from tubeseek.core.errors import InputError


def source_kind(locator: str) -> tuple[str, str]:
    """The locator in its normal form, and the kind of source that reads it.

    What exists on this machine is meant as a path, whatever else it looks like.

    Raises:
        InputError: No source reads it.
    """
    # os.path.exists takes anything, pathlib stumbles over a query of more than 255 characters
    if locator.startswith("file:") or os.path.exists(os.path.expanduser(locator)):  # noqa: PTH110, PTH111
        from tubeseek.sources.local.dataset import is_dataset
        from tubeseek.sources.local.files import local_path

        path = Path(os.path.normpath(local_path(locator)))
        return str(path), "dataset" if is_dataset(path) else "folder"
    from tubeseek.sources.youtube.locators import normalise

    url = normalise(locator)
    if url is None:
        raise InputError(
            f"{locator!r} is neither a file or folder here nor anything on YouTube; give a channel "
            "URL, @handle, playlist, video id, 'ytsearch20:words' or an existing folder"
        )
    return url, "youtube"
