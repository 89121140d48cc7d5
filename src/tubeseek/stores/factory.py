"""Chooses where the vectors are kept: in the library's folder, or on a Qdrant server."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from tubeseek.core.errors import ConfigError
from tubeseek.core.settings import Settings

if TYPE_CHECKING:
    from tubeseek.core.protocols import PassageStore, VectorStore
    from tubeseek.core.types import EncoderSpec


class Stores(Protocol):
    """The place that keeps all indexes of a library."""

    @property
    def name(self) -> str:
        """What `tubeseek status` calls it."""
        ...

    @property
    def shared(self) -> bool:
        """Whether several processes may use it at once."""
        ...

    def open_store(self, spec: "EncoderSpec") -> "VectorStore":
        """Open the vectors of one encoder."""
        ...

    def drop_store(self, spec: "EncoderSpec") -> None:
        """Delete the vectors of one encoder; their store must not be open."""
        ...

    def open_words(self) -> "PassageStore":
        """Open the index of words."""
        ...


def choose_stores(settings: Settings) -> Stores:
    """Return the stores that the settings name. Nothing is opened or contacted.

    Raises:
        ConfigError: The store's URL is not that of a Qdrant server, or has a password in it.
    """
    if not settings.store:
        return _FolderStores(settings.library / "indexes")
    key = settings.qdrant_api_key
    return _ServerStores(server_url(settings.store), key.get_secret_value() if key else None)


def server_url(url: str) -> str:
    """Check the URL of a Qdrant server.

    >>> server_url("https://qdrant.example.org:6333/")
    'https://qdrant.example.org:6333'

    Raises:
        ConfigError: It is no http(s) URL, lacks a host, or has a user, password or query in it.
    """
    shown = _without_password(url)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"--store {shown!r} is not a URL: {error}; {_EXAMPLE}") from error
    if "@" in parts.netloc:
        raise ConfigError(
            f"leave user and password out of --store {shown!r}; "
            "give the server's API key in TUBESEEK_QDRANT_API_KEY"
        )
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise ConfigError(f"--store {shown!r} is not the URL of a Qdrant server; {_EXAMPLE}")
    return url.rstrip("/")


_EXAMPLE = (
    "give one such as http://localhost:6333, "
    "or leave --store out to keep the vectors in the library's folder"
)


def _without_password(url: str) -> str:
    """Return the URL without user and password."""
    scheme, separator, rest = url.rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


@dataclass(frozen=True, slots=True)
class _FolderStores:
    """Qdrant Edge, with one folder for each index; one process may open it."""

    folder: Path
    name = "Qdrant Edge, in the library"
    shared = False

    def open_store(self, spec: "EncoderSpec") -> "VectorStore":
        from tubeseek.stores.edge.store import EdgeStore

        return EdgeStore(self.folder / spec.key, spec)

    def drop_store(self, spec: "EncoderSpec") -> None:
        from tubeseek.stores.edge.folder import remove

        remove(self.folder / spec.key)

    def open_words(self) -> "PassageStore":
        from tubeseek.core.bm25 import BM25_SPEC
        from tubeseek.stores.edge.passages import EdgePassages

        return EdgePassages(self.folder / BM25_SPEC.key)


@dataclass(frozen=True, slots=True)
class _ServerStores:
    """A Qdrant server, with one collection for each index."""

    url: str
    api_key: str | None
    shared = True

    @property
    def name(self) -> str:
        return self.url

    def open_store(self, spec: "EncoderSpec") -> "VectorStore":
        from tubeseek.stores.server.store import ServerStore

        return ServerStore(self.url, spec, api_key=self.api_key)

    def drop_store(self, spec: "EncoderSpec") -> None:
        from tubeseek.stores.server.store import drop_collection

        drop_collection(self.url, spec, self.api_key)

    def open_words(self) -> "PassageStore":
        from tubeseek.stores.server.passages import ServerPassages

        return ServerPassages(self.url, api_key=self.api_key)
