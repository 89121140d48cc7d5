"""Titles as one would say them: what decorates and what repeats the channel's name is left out.

What is done, in this order:

1. control characters go, white space becomes single spaces (`passages.plain`);
2. emoji and other symbols that are drawn rather than read go (`♥ ★ ▶ 🔥`); units stay (`℃`);
3. letters in fancy dress become plain ones (`𝗕𝗲𝘀𝘁 ｆｕｌｌ` -> `Best full`), jamo stay (`ㅋㅋ`);
4. hashtags lose their sign, for they often say what is seen (`#파스타`), and go if they only court
   the site (`#shorts`); `#5` stays;
5. what is repeated for emphasis is said less often (`!!! ㅋㅋㅋㅋ ~~` -> `! ㅋㅋ ~`), and brackets
   that hold nothing any more go;
6. the channel's name goes from the beginning and the end, where a separator or brackets set it
   apart, with the number of an episode or "official" beside it. For "쯔양 tzuyang" each of the two
   is a name, for "The Show with Someone" also "The Show". A title that is nothing but the name of
   its channel stays.

Left alone on purpose: capitals (encoders fold them), names of series, "Official Video", words in
brackets, languages. Captions and questions go through 1 to 3 only.
"""

import re
import unicodedata
from collections.abc import Collection

from tubeseek.core.passages import plain

MAX_TITLE_CHARACTERS = 1_000  # YouTube allows 100; what is longer is damage

# Among the "other symbols" of Unicode, those that are read: degrees, numero, letters and words in
# circles and squares, East Asian units.
_READ_SYMBOLS = re.compile("[°№℃℉\u2460-\u24ff\u3200-\u33ff]")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JOINERS_OF_EMOJI = dict.fromkeys(map(ord, "\u200d\ufe0e\ufe0f\u20e3"))  # to be deleted
_JAMO = re.compile("([\u3130-\u318f]+)")  # as typed alone: ㅋㅋ; NFKC would make them unreadable

_COURTING = re.compile(
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
# What separates, with nothing before or behind it; the minus of -20 °C separates nothing.
_EDGES = re.compile(r"^[\s|│┃¦‖–—:·•_/,~-]*[\s|│┃¦‖]|[\s|│┃¦‖][\s|│┃¦‖–—:·•_/,~-]*$")


def clean_title(title: str, channel: str = "") -> str:
    """What a title says of its video; empty where it says nothing in letters or digits.

    Args:
        title: As the uploader wrote it.
        channel: The name of the uploader, as the site shows it.

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
    text = _HASH.sub(" ", _COURTING.sub(" ", text))
    text = _EMPHASIS.sub(lambda run: "".join(dict.fromkeys(run.group().replace(" ", ""))), text)
    text = _LAUGHTER.sub(r"\1\1", _DOTS.sub(r"\1", text))
    text = _trimmed(plain(_EMPTY_BRACKETS.sub(" ", text)))
    if channel:
        text = _without_channel(text, clean_caption(channel))
    return text if _key(text) else ""


def clean_caption(text: str) -> str:
    """A sentence without what is drawn rather than read.

    >>> clean_caption("A ｂｒｏｗｎ dog \\n\\t sits .❤️")
    'A brown dog sits .'
    """
    joined = plain(text).translate(_JOINERS_OF_EMOJI)
    read = "".join(" " if _is_drawn(character) else character for character in joined)
    parts = _JAMO.split(read)  # every second one is jamo
    parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
    return plain("".join(parts))


def _is_drawn(character: str) -> bool:
    if ord(character) in _SKIN_TONES:
        return True
    # The box-drawing lines that separate the parts of titles stay until the channel is found.
    return (
        unicodedata.category(character) == "So"
        and character not in "│┃"
        and not _READ_SYMBOLS.match(character)
    )


def _trimmed(text: str) -> str:
    return _EDGES.sub("", text)


def _without_channel(text: str, channel: str) -> str:
    names = _names(channel)
    while (shorter := _one_less(text, names)) != text:
        text = shorter
    return text


def _one_less(text: str, names: Collection[str]) -> str:
    """The text without one mention of the channel at its edges."""
    for pattern in (_BRACKETED_TAIL, _BRACKETED_HEAD):
        found = pattern.match(text)
        if found and _is_name(found["name"], names) and _key(found["rest"]):
            return _trimmed(found["rest"])
    separators = list(_SEPARATOR.finditer(text))
    if not separators:
        return text
    first, last = separators[0], separators[-1]
    if _is_name(text[last.end() :], names) and _key(text[: last.start()]):
        return _trimmed(text[: last.start()])
    if _is_name(text[: first.start()], names) and _key(text[first.end() :]):
        return _trimmed(text[first.end() :])
    return text


def _names(channel: str) -> set[str]:
    """What a channel may be called in its titles, as keys.

    >>> sorted(_names("쯔양tzuyang")), sorted(_names("The Show with A. Host"))
    (['tzuyang', '쯔양', '쯔양tzuyang'], ['theshow', 'theshowwithahost'])
    """
    names = {channel, _HOST.split(channel)[0]}
    korean, latin = _KOREAN.findall(channel), _LATIN.findall(channel)
    if korean and latin:
        names |= {" ".join(korean), " ".join(latin)}
    return {key for name in names if len(key := _key(name)) > 1}


def _is_name(part: str, names: Collection[str]) -> bool:
    """Whether a part of a title is one of the names, but for what may stand beside a name."""
    key = _key(part)
    rests = [key.removeprefix(name) for name in names if key.startswith(name)]
    rests += [key.removesuffix(name) for name in names if key.endswith(name)]
    return any(_BESIDE_NAME.fullmatch(rest) for rest in rests)


def _key(text: str) -> str:
    """Letters and digits only, folded."""
    return "".join(character for character in text.casefold() if character.isalnum())
