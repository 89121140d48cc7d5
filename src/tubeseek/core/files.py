"""Names files in full, and writes files and folders that appear whole or not at all.

A file is written beside its place, under a hidden name that ends in `.part` and that no other
writer uses, and renamed when it is complete. A reader sees the old file or the new one; of two
writers at once the last one wins. An exception removes the unfinished file. What a killed process
leaves is removed by `remove_unfinished`, where the caller knows that nobody else writes.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

UNFINISHED_SUFFIX = ".part"
UNFINISHED = re.compile(r"\..+\.[0-9a-f]{8}\.part")


def write_atomically(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Replace a file by one with this content.

    Args:
        path: The file, in a folder that exists.
        data: All of its content.
        durable: As for `replacing`.

    Raises:
        OSError: The file cannot be written; the old one is as it was.
    """
    with replacing(path, durable=durable) as unfinished:
        unfinished.write_bytes(data)


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """Yield a path to write to; the file there replaces `path` when the block ends well.

    For what writes a file itself. It cannot tell the format from the suffix, which is `.part`: so
    nobody who lists the folder by suffix meets half a file.

    Args:
        path: The file, in a folder that exists.
        durable: Whether the content is on the disk before the rename, so that a power cut leaves
            the old file or the new one, too. The rename itself is only after `sync(path.parent)`.

    Raises:
        OSError: The file cannot be written; the old one is as it was.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED_SUFFIX}")
    try:
        yield unfinished
        if durable:
            sync(unfinished)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder, which takes the name `path` when the block ends well.

    If there is a folder of that name by then, another process was quicker and its folder stays.

    Args:
        path: A folder that does not exist yet, in one that does.

    Raises:
        OSError: The folder cannot be written.
    """
    with TemporaryDirectory(
        dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED_SUFFIX
    ) as name:
        unfinished = Path(name) / path.name  # not `name` itself, which only its owner may read
        unfinished.mkdir()
        yield unfinished
        try:
            unfinished.rename(path)
        except OSError:
            if not path.is_dir():
                raise


def remove_unfinished(folder: Path) -> None:
    """Remove the unfinished files that killed processes left in a folder, which need not exist.

    Only for a caller that knows that nobody else writes there now.
    """
    for path in folder.glob(f".*{UNFINISHED_SUFFIX}"):
        if UNFINISHED.fullmatch(path.name) and path.is_file():
            path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Bring a file, or the entries of a folder, onto the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def absolute_if_exists(name: str) -> str:
    """Return the full path of a name that exists here, `~` expanded; any other name as it is.

    A server, or a later run, works in another folder and needs the full path.
    """
    path = os.path.expanduser(name)  # noqa: PTH111  pathlib stumbles over long names
    return os.path.abspath(path) if os.path.exists(path) else name  # noqa: PTH100, PTH110
