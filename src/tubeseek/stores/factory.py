"""Where the vectors are: a folder on this machine, or a Qdrant server by its URL."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tubeseek.core.errors import ConfigError
from tubeseek.core.settings import Settings

if TYPE_CHECKING:
    from pydantic import SecretStr

    from tubeseek.core.protocols import PassageStore, VectorStore
    from tubeseek.core.types import EncoderSpec


def server_url(locator: str) -> str | None:
    """The URL of the Qdrant server that `locator` names, or None if it names a folder.

    >>> server_url("https://qdrant.example.org:6333/")
    'https://qdrant.example.org:6333'
    >>> server_url("~/videos/vectors") is None
    True

    Raises:
        ConfigError: It looks like a URL, but not of a server that can be asked.
    """
    if "://" not in locator:
        return None
    try:
        parts = urlsplit(locator)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"the store {_shown(locator)!r} is not a URL: {error}") from error
    if "@" in parts.netloc:
        raise ConfigError(
            f"leave names and passwords out of the store's URL {_shown(locator)!r}; "
            "the API key belongs in the environment"
        )
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise ConfigError(
            f"the store {_shown(locator)!r} is neither a folder nor the URL of a Qdrant server, "
            "such as http://localhost:6333"
        )
    return locator.rstrip("/")


def _shown(locator: str) -> str:
    """The locator without what stands before an @, which may be a password."""
    scheme, _, rest = locator.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def open_store(spec: "EncoderSpec", settings: Settings) -> "VectorStore":
    """The store that the settings name, for vectors of one encoder."""
    if settings.store:
        from tubeseek.stores.server.store import ServerStore

        return ServerStore(settings.store, spec, api_key=plain(settings.qdrant_api_key))
    from tubeseek.stores.edge.store import EdgeStore

    return EdgeStore(settings.library / "indexes" / spec.key, spec)


def drop_store(spec: "EncoderSpec", settings: Settings) -> None:
    """Deletes the vectors of one encoder; their store must not be open."""
    if settings.store:
        from tubeseek.stores.server.store import drop_collection

        drop_collection(settings.store, spec, plain(settings.qdrant_api_key))
        return
    from tubeseek.stores.edge.folder import remove

    remove(settings.library / "indexes" / spec.key)


def open_words(settings: Settings) -> "PassageStore":
    """The store of words that the settings name. Another way to make terms is another index."""
    from tubeseek.core.bm25 import BM25_SPEC

    if settings.store:
        from tubeseek.stores.server.passages import ServerPassages

        return ServerPassages(settings.store, api_key=plain(settings.qdrant_api_key))
    from tubeseek.stores.edge.passages import EdgePassages

    return EdgePassages(settings.library / "indexes" / BM25_SPEC.key)


def plain(secret: "SecretStr | None") -> str | None:
    """A key as those who must send it want it."""
    return secret.get_secret_value() if secret else None
