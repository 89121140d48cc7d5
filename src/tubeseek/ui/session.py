"""What every part of a page is given: the library, the language, and where one is."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from tubeseek.client import RemoteLibrary
from tubeseek.ui.formats import plain_label
from tubeseek.ui.place import Place
from tubeseek.ui.texts import UNTITLED, Language, Text


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a page for one visitor."""

    library: RemoteLibrary
    language: Language
    place: Place

    def say(self, text: Text, **values: object) -> str:
        """A sentence of ours; for Markdown, pass other people's words through `plain_label`."""
        return text.written(self.language, **values)

    def go_button(self, label: str, place: Place, *, key: str, **look: Any) -> None:
        """A button that leads to another place.

        Args:
            label: Markdown; other people's words through `plain_label`.
            place: Where it leads.
            key: Unique on the page; also names it in the style sheet.
            look: What else `st.button` takes of its looks.
        """
        st.button(label, key=key, on_click=go, args=(place,), **look)

    def title(self, title: str) -> str:
        """The title of a video; some have none."""
        return title.strip() or self.say(UNTITLED)

    def title_label(self, title: str) -> str:
        """The title of a video as Markdown."""
        return plain_label(self.title(title))


def go(place: Place) -> None:
    """Leads to another place; for callbacks, which run before the page is drawn again."""
    st.query_params.from_dict(place.params())


def here() -> Place:
    """Where the address says one is."""
    params = st.query_params
    return Place.of({name: params.get_all(name) for name in params})
