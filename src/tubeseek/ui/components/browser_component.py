"""Registers the parts of a page that are drawn in the browser, as components of Streamlit.

A component NAME is three files in `browser/`: NAME.html with its fixed elements, NAME.css, and
NAME.js with a default function that Streamlit calls for each new `data`. `shared.js` and
`shared.css` come before those of each component: there are links without reloading, kept scroll
positions and the life cycle. Register a component while a module is imported: the script of a page
would register it anew in each run.

Texts of other people, such as titles, reach the page as `textContent` only: `data` is never HTML.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import streamlit as st

FOLDER = Path(__file__).with_name("browser")
Mount: TypeAlias = Callable[..., Any]


def browser_component(name: str, *scripts: str) -> Mount:
    """Register a component and return what mounts it: `mount(key="ts-...", data={...})`.

    Args:
        name: The name of its files.
        scripts: The names of further scripts in `browser/`, which stand before its own.
    """

    def read(*parts: str) -> str:
        return "\n".join((FOLDER / part).read_text(encoding="utf-8") for part in parts)

    mount: Mount = st.components.v2.component(
        f"tubeseek_{name}",
        html=read(f"{name}.html"),
        css=read("shared.css", f"{name}.css"),
        js=read(*(f"{script}.js" for script in ("shared", *scripts, name))),
    )
    return mount
