"""Finds the scripts of a query that an encoder cannot read. Pure functions."""

import unicodedata

from tubeseek.core.types import MULTILINGUAL, UNDETERMINED, EncoderSpec

# ISO 639-1 code -> the scripts it is written in, as Unicode character names begin.
SCRIPTS = {
    "ar": ("ARABIC",),
    "el": ("GREEK",),
    "he": ("HEBREW",),
    "hi": ("DEVANAGARI",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "ko": ("HANGUL", "CJK"),
    "ru": ("CYRILLIC",),
    "th": ("THAI",),
    "uk": ("CYRILLIC",),
    "zh": ("CJK",),
}
LATIN = ("LATIN",)
KNOWN_SCRIPTS = {script for scripts in SCRIPTS.values() for script in scripts} | set(LATIN)


def unreadable_scripts(text: str, spec: EncoderSpec) -> list[str]:
    """Return the scripts of `text` in which no language of the encoder is written, as "Hangul".

    >>> clip = EncoderSpec("clip", "", 512, 1, ("en",))
    >>> unreadable_scripts("고양이 piano 2", clip)
    ['Hangul']
    >>> unreadable_scripts("고양이", EncoderSpec("starter", "", 512, 1, ("en", "ko")))
    []
    """
    if {MULTILINGUAL, UNDETERMINED} & set(spec.languages):
        return []
    readable = {s for language in spec.languages for s in SCRIPTS.get(language, LATIN)}
    scripts = dict.fromkeys(script for c in text if (script := _script(c)))
    return [script.capitalize() for script in scripts if script not in readable]


def _script(character: str) -> str | None:
    if not character.isalpha():
        return None
    first = unicodedata.name(character, "").split(" ")[0].split("-")[0]
    return first if first in KNOWN_SCRIPTS else None
