"""Makes the app for the server that has the library open: both are in one process."""

from pathlib import Path

import streamlit as st
from starlette.routing import Route

from tubeseek.ui.app_library import AppLibrary
from tubeseek.ui.index_page import font, index_page

SCRIPT = Path(__file__).with_name("main.py")

# Streamlit runs the script by its path, in threads of its own, and passes nothing to it. There is
# one app in a process, so this is where the script finds what it shows.
_hosted: list[AppLibrary] = []


def create_pages(library: AppLibrary) -> st.App:
    """Return the app over a library; an ASGI app, to be mounted beside the API of the library."""
    host(library)
    return st.App(SCRIPT, routes=[Route("/", index_page), Route("/fonts/{name}", font)])


def host(library: AppLibrary) -> None:
    """Make a library the one that the app of this process shows."""
    _hosted[:] = [library]


def hosted_library() -> AppLibrary:
    """Return the library that the app of this process shows.

    Raises:
        LookupError: The script was not started by `create_pages`.
    """
    if not _hosted:
        raise LookupError("start the app with `tubeseek app`")
    return _hosted[0]
