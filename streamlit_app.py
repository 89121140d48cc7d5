"""Starts the app on Streamlit Community Cloud or in a Docker Space, with the server beside it.

Settings are TUBESEEK_* variables of the environment; Streamlit puts the secrets of the deployment
there too. Set TUBESEEK_TOKEN: whoever does not know it may search, and change nothing.
"""

import atexit

import streamlit as st

from tubeseek.api.server import start_server
from tubeseek.core.settings import load_settings
from tubeseek.library.open import live_server
from tubeseek.library.remote import RemoteLibrary
from tubeseek.ui.main import main


@st.cache_resource(show_spinner=False, validate=lambda url: RemoteLibrary(url).is_alive())
def server_url() -> str:
    """Return the address of the one server that all visitors share; a dead one is replaced."""
    settings = load_settings({})
    server = live_server(settings)
    if server is not None:
        return server.url
    process, url = start_server(settings)
    atexit.register(process.terminate)
    return url


main(server_url(), load_settings({}).library)
