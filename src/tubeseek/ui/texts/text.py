"""Defines a text of the app: one meaning in English and in Korean."""

from typing import Literal, NamedTuple, TypeAlias

Language: TypeAlias = Literal["en", "ko"]


class Text(NamedTuple):
    """A text in both languages, with the names of values in braces.

    >>> Text("{n} videos", "동영상 {n}개", "{n} video").written("en", n=1)
    '1 video'
    """

    en: str
    ko: str
    en_one: str = ""  # the English singular, for n == 1

    def written(self, language: Language, **values: object) -> str:
        """Return the text in a language, with its values."""
        if language == "ko":
            return self.ko.format(**values)
        return (self.en_one if self.en_one and values.get("n") == 1 else self.en).format(**values)


def language_of(chosen: str, browser_locale: str | None) -> Language:
    """Return the language to write in: the chosen one, else that of the browser, else English.

    >>> language_of("", "ko-KR"), language_of("en", "ko-KR"), language_of("", "fr")
    ('ko', 'en', 'en')
    """
    locale = chosen or (browser_locale or "")
    return "ko" if locale.lower().startswith("ko") else "en"
