"""Proves to each other that a client and a server belong to the same library and the same user.

The id in the catalogue tells one library from another: a server proves that it knows the id before
a client sends it anything. The secret, a file that only its owner can read, proves that a request
comes from the user who runs the server. An address proves neither: the port of a server that is
gone can be taken by another, and through a proxy everybody comes from this machine.
"""

import hmac
import os
import secrets
from contextlib import closing
from pathlib import Path

from tubeseek.core.errors import CatalogError
from tubeseek.core.files import replacing

CATALOG_NAME = "catalog.sqlite"
SECRET_NAME = "server.secret"  # noqa: S105  the name of a file
OTHERS = 0o077  # the permissions of everybody but the owner of a file


def library_id(folder: Path) -> str | None:
    """Return the id of the library in a folder, or None where there is none that can be read."""
    import sqlite3  # a client without a library does without it

    try:
        path = (folder / CATALOG_NAME).absolute().as_uri()
        with closing(sqlite3.connect(f"{path}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT id FROM library").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def proof_of(key: str, message: str) -> str:
    """Return the HMAC-SHA256 of a message, in hexadecimal: who sends it knows the key."""
    return hmac.digest(key.encode(), message.encode(), "sha256").hex()


def read_secret(folder: Path) -> str:
    """Return the secret of a library; empty where there is none that this user may read."""
    try:
        return (folder / SECRET_NAME).read_text()
    except (OSError, ValueError):
        return ""


def make_secret(folder: Path) -> str:
    """Return the secret of a library, a new one where others could have read or written the old.

    Raises:
        CatalogError: The file cannot be written.
    """
    path = folder / SECRET_NAME
    try:
        secret = read_secret(folder)
        if not secret or not _is_private(path):
            secret = secrets.token_hex(32)
            with replacing(path, durable=True) as unfinished:
                unfinished.touch(mode=0o600)
                unfinished.write_text(secret)
    except OSError as error:
        raise CatalogError(
            f"{path}: {error.strerror or error}; a server writes there the secret by which it "
            "knows commands of the same user, so make the folder writable"
        ) from error
    return secret


def _is_private(path: Path) -> bool:
    if os.name == "nt":
        return True  # files of a user's folders are the user's own
    facts = path.stat()
    return facts.st_uid == os.getuid() and not facts.st_mode & OTHERS
