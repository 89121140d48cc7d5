"""Runs the app on Streamlit Community Cloud or in a Docker Space: `streamlit run streamlit_app.py`.

Settings are TUBESEEK_* variables of the environment; Streamlit puts the secrets of the deployment
there too. Set TUBESEEK_TOKEN: whoever knows it may change the library. Without it nobody may.
"""

import atexit

from fastapi import FastAPI

from tubeseek.api.app import create_api
from tubeseek.core.settings import load_settings
from tubeseek.library.open import open_library
from tubeseek.ui.hosting import create_pages

settings = load_settings({})
library, _ = open_library(settings, "streamlit_app.py")
atexit.register(library.close)
served = create_api(
    library,
    loopback=False,
    token=settings.token.get_secret_value() if settings.token else None,
    platform=True,
    make_pages=create_pages,
)
# Streamlit recognises an app by this very assignment; it does not call functions to find one.
app = FastAPI(openapi_url=None, lifespan=served.router.lifespan_context)
app.mount("/", served)
