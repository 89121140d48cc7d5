"""Answers with the page that loads the app, in the visitor's language from its first byte."""

from functools import cache
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from tubeseek.ui.texts.text import Language, language_of

FOLDER = Path(__file__).parent
STYLE = FOLDER / "style.css"
FONTS = ("Pretendard-Regular.subset.woff2", "Pretendard-SemiBold.subset.woff2")
KEPT = {"Cache-Control": "public, max-age=604800"}


def index_page(request: Request) -> HTMLResponse:
    """Return Streamlit's page with our language, title and style.

    The style stands in the page because Streamlit would draw its first frame without it, and then
    everything would move.
    """
    locale = request.headers.get("accept-language", "").partition(",")[0]
    language = language_of(request.query_params.get("lang", ""), locale)
    return HTMLResponse(_html(language), headers={"Cache-Control": "no-cache"})


def font(request: Request) -> Response:
    """Return a file of the typeface."""
    name = request.path_params["name"]
    if name not in FONTS:
        return Response(status_code=404)
    return FileResponse(FOLDER / "fonts" / name, media_type="font/woff2", headers=KEPT)


@cache
def _html(language: Language) -> str:
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    page = page.replace('<html lang="en"', f'<html lang="{language}"', 1)
    style = f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
    fonts = "".join(
        f'<link rel="preload" as="font" type="font/woff2" href="./fonts/{name}" crossorigin>'
        for name in FONTS
    )
    return page.replace("<title>Streamlit</title>", f"<title>tubeseek</title>{fonts}{style}", 1)
