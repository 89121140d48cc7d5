"""Where the vectors are: a folder on this machine, or a Qdrant server by its URL."""

from urllib.parse import urlsplit

from tubeseek.errors import ConfigError


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
