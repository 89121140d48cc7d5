"""Holds what every part of a page needs: the library, the language and the place in the app."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from tubeseek.core.passages import plain
from tubeseek.ui import texts
from tubeseek.ui.address import Place
from tubeseek.ui.app_library import AppLibrary
from tubeseek.ui.formats import plain_label
from tubeseek.ui.texts.text import Language, Text


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a page for one visitor."""

    library: AppLibrary
    language: Language
    place: Place

    def say(self, text: Text, **values: object) -> str:
        """Return a text in the visitor's language.

        Where the result is Markdown, pass values that other people wrote through `plain_label`.
        """
        return text.written(self.language, **values)

    def go_button(self, label: str, place: Place, *, key: str, **options: Any) -> None:
        """Draw a button that leads to another place.

        Args:
            label: Markdown; what other people wrote through `plain_label`.
            place: Where it leads.
            key: Unique on the page; the style sheet knows the button by it.
            options: Passed on to `st.button`.
        """
        st.button(label, key=key, on_click=go, args=(place,), **options)

    def title(self, title: str) -> str:
        """Return the title of a video without control characters, or a stand-in for none."""
        return plain(title) or self.say(texts.video.UNTITLED)

    def title_label(self, title: str) -> str:
        """Return the title of a video as Markdown."""
        return plain_label(self.title(title))


def go(place: Place) -> None:
    """Change the address to another place; for callbacks, which run before the next drawing."""
    st.query_params.from_dict(place.params())


def current_place() -> Place:
    """Return the place that the address names."""
    params = st.query_params
    return Place.of({name: params.get_all(name) for name in params})
