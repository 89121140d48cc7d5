"""Defines a text of the app: one meaning in English and in Korean."""

from typing import Literal, NamedTuple, TypeAlias

Language: TypeAlias = Literal["en", "ko"]


class Text(NamedTuple):
    """One sentence in both languages; braces hold the places of values.

    >>> Text("{n} videos", "동영상 {n}개", "{n} video").written("en", n=1)
    '1 video'
    """

    en: str
    ko: str
    en_one: str = ""  # where English says it differently for n == 1

    def written(self, language: Language, **values: object) -> str:
        if language == "ko":
            return self.ko.format(**values)
        return (self.en_one if self.en_one and values.get("n") == 1 else self.en).format(**values)


def language_of(chosen: str, browser_locale: str | None) -> Language:
    """The language to write in: the chosen one, else that of the browser, else English.

    >>> language_of("", "ko-KR"), language_of("en", "ko-KR"), language_of("", "fr")
    ('ko', 'en', 'en')
    """
    wanted = chosen or (browser_locale or "")
    return "ko" if wanted.lower().startswith("ko") else "en"
