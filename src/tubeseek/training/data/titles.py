"""Cleans titles and captions: removes decoration and the name of the channel.

The steps, in this order:

1. control characters are removed, white space becomes single spaces (`passages.plain`);
2. emoji and other drawn symbols are removed (`♥ ★ ▶ 🔥`); units stay (`℃`);
3. styled letters become plain ones (`𝗕𝗲𝘀𝘁 ｆｕｌｌ` -> `Best full`), jamo stay (`ㅋㅋ`);
4. hashtags lose their sign, because they often name what the video shows (`#파스타`); those that
   only promote the video are removed (`#shorts`); `#5` stays;
5. repetition for emphasis is shortened (`!!! ㅋㅋㅋㅋ ~~` -> `! ㅋㅋ ~`), and empty brackets are
   removed;
6. the name of the channel is removed from the beginning and the end where a separator or brackets
   set it apart, together with the number of an episode or "official" beside it. For "쯔양 tzuyang"
   each of the two is a name, for "The Show with Someone" also "The Show". A title that is nothing
   but the name of its channel stays.

Capitals (encoders fold them), names of series, "Official Video", words in brackets and languages
are left alone. Captions and questions go through steps 1 to 3 only.
"""

import re
import unicodedata
from collections.abc import Collection

from tubeseek.core.passages import plain

MAX_TITLE_CHARACTERS = 1_000  # YouTube allows 100; anything longer is damaged

# The "other symbols" of Unicode that are read as words: degrees, numero, letters and words in
# circles and squares, East Asian units.
_READ_SYMBOLS = re.compile("[°№℃℉\u2460-\u24ff\u3200-\u33ff]")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JOINERS_OF_EMOJI = dict.fromkeys(map(ord, "\u200d\ufe0e\ufe0f\u20e3"))  # to be deleted
_JAMO = re.compile("([\u3130-\u318f]+)")  # typed alone: ㅋㅋ; NFKC would make them unreadable

_PROMOTION = re.compile(
    r"#(?:youtube|yt)?_?(?:shorts?|쇼츠|숏츠|숏폼|viral|trending|trend|fyp|foryou(?:page)?|reels?"
    r"|subscribe|구독|좋아요|알고리즘|추천|인기|급상승|떡상)(?=$|[\s#])",
    re.IGNORECASE,
)
_HASH = re.compile(r"#+(?=[^\s\d#])|(?<=\S)#+(?=\s|$)")
_EMPHASIS = re.compile(r"[!?~](?:\s*[!?~])+")
_DOTS = re.compile(r"([.,*=_^♡-])\1{2,}")
_LAUGHTER = re.compile("([ㄱ-ㅣ])\\1{2,}")
_EMPTY_BRACKETS = re.compile(r"[(\[{<【「『《〈]\s*[)\]}>】」』》〉]")

_BESIDE_NAME = re.compile(
    r"(?:\d|official|channel|youtube|tv|the|by|episode|ep|season|series|vol|no|공식|채널|유튜브|제|화|회|편)*"
)
_HOST = re.compile(r"\s(?:with|by|from|ft\.?|feat\.?)\s", re.IGNORECASE)
_KOREAN, _LATIN = re.compile("[가-힣]+"), re.compile(r"[A-Za-z][A-Za-z\d]*")

_SEPARATORS = r"\s*[|│┃¦‖]+\s*|\s*(?<![ㄱ-ㅣ])ㅣ(?![ㄱ-ㅣ])\s*|\s+(?:[-–—~:·•_]+|//?)\s+|\s*:\s+"
_SEPARATOR = re.compile(_SEPARATORS)
_BRACKETED_TAIL = re.compile(
    r"^(?P<rest>.+?)\s*[(\[【「『<](?P<name>[^()\[\]【】「」『』<>]+)[)\]】」』>]$"
)
_BRACKETED_HEAD = re.compile(
    r"^[(\[【「『<](?P<name>[^()\[\]【】「」『』<>]+)[)\]】」』>]\s*(?P<rest>.+)$"
)
# Separators with nothing before or after them; the minus of -20 °C is not one.
_EDGES = re.compile(r"^[\s|│┃¦‖–—:·•_/,~-]*[\s|│┃¦‖]|[\s|│┃¦‖][\s|│┃¦‖–—:·•_/,~-]*$")


def clean_title(title: str, channel: str = "") -> str:
    """Return a title without decoration and channel; empty if it has no letters or digits.

    Args:
        title: As the uploader wrote it.
        channel: The name of the channel, as the site shows it.

    >>> clean_title("🔥 Ron's WILD Puzzle!!!! 😂😂 | Parks and Recreation", "Parks and Recreation")
    "Ron's WILD Puzzle!"
    >>> clean_title("How Tattoo Removal Works - Smarter Every Day 123", "SmarterEveryDay")
    'How Tattoo Removal Works'
    >>> clean_title("[E채널] 🍚EP.71 ※과식주의※ 냉삼대전! │ 토밥좋아", "E채널")
    'EP.71 ※과식주의※ 냉삼대전! │ 토밥좋아'
    >>> clean_title("당근을 흔들어 주세요🥕ㅣ당근김밥ㅣ할명수 ep.117", "할명수")
    '당근을 흔들어 주세요 ㅣ당근김밥'
    >>> clean_title("아 배고파 ㅋㅋㅋㅋㅋ #파스타 #shorts")
    '아 배고파 ㅋㅋ 파스타'
    >>> clean_title("Try Not To Laugh Challenge #5"), clean_title("💕💕")
    ('Try Not To Laugh Challenge #5', '')
    """
    text = clean_caption(title[:MAX_TITLE_CHARACTERS])
    text = _HASH.sub(" ", _PROMOTION.sub(" ", text))
    text = _EMPHASIS.sub(lambda run: "".join(dict.fromkeys(run.group().replace(" ", ""))), text)
    text = _LAUGHTER.sub(r"\1\1", _DOTS.sub(r"\1", text))
    text = _trim(plain(_EMPTY_BRACKETS.sub(" ", text)))
    if channel:
        text = _without_channel(text, clean_caption(channel))
    return text if _key(text) else ""


def clean_caption(text: str) -> str:
    """Return a caption in plain letters, without emoji and other drawn symbols.

    >>> clean_caption("A ｂｒｏｗｎ dog \\n\\t sits .❤️")
    'A brown dog sits .'
    """
    joined = plain(text).translate(_JOINERS_OF_EMOJI)
    readable = "".join(" " if _is_drawn(character) else character for character in joined)
    parts = _JAMO.split(readable)  # every second one is jamo
    parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
    return plain("".join(parts))


def _is_drawn(character: str) -> bool:
    if ord(character) in _SKIN_TONES:
        return True
    # Box-drawing lines that separate parts of titles stay until the channel is removed.
    return (
        unicodedata.category(character) == "So"
        and character not in "│┃"
        and not _READ_SYMBOLS.match(character)
    )


def _trim(text: str) -> str:
    return _EDGES.sub("", text)


def _without_channel(text: str, channel: str) -> str:
    names = _names(channel)
    while (shorter := _without_one_name(text, names)) != text:
        text = shorter
    return text


def _without_one_name(text: str, names: Collection[str]) -> str:
    """Remove one mention of the channel at the beginning or the end."""
    for pattern in (_BRACKETED_TAIL, _BRACKETED_HEAD):
        match = pattern.match(text)
        if match and _is_name(match["name"], names) and _key(match["rest"]):
            return _trim(match["rest"])
    separators = list(_SEPARATOR.finditer(text))
    if not separators:
        return text
    first, last = separators[0], separators[-1]
    if _is_name(text[last.end() :], names) and _key(text[: last.start()]):
        return _trim(text[: last.start()])
    if _is_name(text[: first.start()], names) and _key(text[first.end() :]):
        return _trim(text[first.end() :])
    return text


def _names(channel: str) -> set[str]:
    """Return the names that titles may use for a channel, as keys.

    >>> sorted(_names("쯔양tzuyang")), sorted(_names("The Show with A. Host"))
    (['tzuyang', '쯔양', '쯔양tzuyang'], ['theshow', 'theshowwithahost'])
    """
    names = {channel, _HOST.split(channel)[0]}
    korean, latin = _KOREAN.findall(channel), _LATIN.findall(channel)
    if korean and latin:
        names |= {" ".join(korean), " ".join(latin)}
    return {key for name in names if len(key := _key(name)) > 1}


def _is_name(part: str, names: Collection[str]) -> bool:
    """Return whether a part of a title is a name, alone or with what may stand beside it."""
    key = _key(part)
    rests = [key.removeprefix(name) for name in names if key.startswith(name)]
    rests += [key.removesuffix(name) for name in names if key.endswith(name)]
    return any(_BESIDE_NAME.fullmatch(rest) for rest in rests)


def _key(text: str) -> str:
    """Return only the letters and digits, in lower case."""
    return "".join(character for character in text.casefold() if character.isalnum())
