"""Find a YouTube video, and the moment in it, by describing what is seen or said.

`open_library` is the Python API (docs/python.md). Importing this package imports nothing else.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os

    from tubeseek.library.python_api import VideoLibrary

__version__ = "0.1.0"
__all__ = ["__version__", "open_library"]


def open_library(
    folder: "str | os.PathLike[str] | None" = None, *, store: str | None = None, **settings: Any
) -> "VideoLibrary":
    """Open a video library; use it in a `with` block, or call its `close` at the end.

    Args:
        folder: The library folder, made if it does not exist; None for the one of the settings.
        store: The URL of a Qdrant server that holds the vectors; None for the library folder.
        settings: Any other setting by its name, such as `device="cuda"` (docs/usage.md). Settings
            left out come from the environment and `tubeseek.toml`, as for the command line.

    Raises:
        ConfigError: A setting is unknown or out of range.
        StoreLockedError: Another process, which is no server, uses the library.
        CatalogError: The folder cannot be opened.
    """
    from importlib import import_module  # keeps this package out of the layers below it

    python_api = import_module("tubeseek.library.python_api")
    library: VideoLibrary = python_api.VideoLibrary.open(
        {"library": folder, "store": store} | settings
    )
    return library
