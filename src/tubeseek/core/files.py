"""Names files in full, and writes them so that a reader sees the old or the new one, never half."""

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Readers see the old file or the new one, whole, whatever happens."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def absolute_if_exists(name: str) -> str:
    """Return the full path of a name that exists here, `~` expanded; any other name as it is.

    A server, or a later run, works in another folder and needs the full path.
    """
    path = os.path.expanduser(name)  # noqa: PTH111  pathlib stumbles over long names
    return os.path.abspath(path) if os.path.exists(path) else name  # noqa: PTH100, PTH110
