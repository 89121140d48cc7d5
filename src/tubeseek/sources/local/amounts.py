"""Parses numbers and times as people and web pages write them: "1.8M views", "20:44"."""

import re
from datetime import date, datetime
from decimal import Decimal

_FACTORS = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "b": 10**9,
    "천": 10**3,
    "만": 10**4,
    "억": 10**8,
}
_COUNT = re.compile(
    r"(?:조회수\s*)?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,19})(?P<part>\.[0-9]{1,9})?\s*"
    r"(?P<unit>[kmb]|천|만|억)?\s*(?:views?|회)?",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]{1,9})?E\+[0-9]{1,2}")  # as Excel shortens large numbers
_CLOCK = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,4}):([0-5]?[0-9](?:\.[0-9]{1,9})?)")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_ISO_DURATION = re.compile(
    r"P(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,4})H)?(?:([0-9]{1,5})M)?(?:([0-9]{1,7}(?:\.[0-9]{1,9})?)S)?)?"
)
_KOREAN_DURATION = re.compile(
    r"(?:([0-9]{1,4})\s*시간)?\s*(?:([0-9]{1,5})\s*분)?\s*(?:([0-9]{1,7}(?:\.[0-9]{1,9})?)\s*초)?"
)
_KOREAN_DATE = re.compile(  # also with "오전 9:00" behind it
    r"([0-9]{4})\s*[-./년]\s*([0-9]{1,2})\s*[-./월]\s*([0-9]{1,2})\s*[.일]?(?:\s.*)?"
)
_ENGLISH_DATE = re.compile(r"[A-Z][a-z]{2} [0-9]{1,2}, [0-9]{4}")  # of YouTube Studio
_TRENDING_DATE = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{2})")  # of Kaggle: YY.DD.MM
_LARGEST_COUNT = 2**63 - 1  # what an SQLite integer holds
_HOURS_NO_VIDEO_HAS = 24


def parse_count(text: str) -> int | None:
    """Return the number in a text, or None if it has none.

    >>> parse_count("1.8M views"), parse_count("12,345"), parse_count("조회수 3.2만회")
    (1800000, 12345, 32000)
    >>> parse_count("No views"), parse_count("many") is None
    (0, True)
    """
    text = text.strip()
    if text.casefold() in ("no views", "조회수 없음"):
        return 0
    match = _COUNT.fullmatch(text)
    if not match:
        count = int(Decimal(text)) if _SCIENTIFIC.fullmatch(text) else _LARGEST_COUNT + 1
        return count if count <= _LARGEST_COUNT else None
    number = Decimal(match["number"].replace(",", "") + (match["part"] or ""))
    count = int(number * _FACTORS[(match["unit"] or "").lower()])
    return count if count <= _LARGEST_COUNT else None


def parse_duration(text: str) -> float | None:
    """Return the seconds in "M:SS", "H:MM:SS", plain seconds, ISO 8601 or Korean, or None.

    "24:12:00" is 24 minutes and 12 seconds, not a day: spreadsheets read the 24:12 of a web page as
    hours and minutes and write it back like that from 24 hours on, and no video is that long.

    >>> parse_duration("20:44"), parse_duration("1:02:03"), parse_duration("24:12:00")
    (1244.0, 3723.0, 1452.0)
    >>> parse_duration("95.5"), parse_duration("PT1H2M3S"), parse_duration("20분 44초")
    (95.5, 3723.0, 1244.0)
    """
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = int(clock[1] or 0), int(clock[2]), float(clock[3])
        if hours >= _HOURS_NO_VIDEO_HAS and seconds == 0:
            hours, minutes, seconds = 0, hours, float(minutes)
        return hours * 3600 + minutes * 60 + seconds
    if (iso := _ISO_DURATION.fullmatch(text)) and any(iso.groups()):
        days, hours, minutes = (int(part or 0) for part in iso.groups()[:3])
        return days * 86_400 + hours * 3600 + minutes * 60 + float(iso[4] or 0)
    if (korean := _KOREAN_DURATION.fullmatch(text)) and any(korean.groups()):
        hours, minutes = int(korean[1] or 0), int(korean[2] or 0)
        return hours * 3600 + minutes * 60 + float(korean[3] or 0)
    return None


def parse_date(text: str) -> date | None:
    """Return the day that a text names, or None.

    Forms whose day and month could be taken for each other ("4/2/2023") are not read.

    >>> parse_date("20230402") == parse_date("2023-04-02T18:49:47Z") == date(2023, 4, 2)
    True
    >>> parse_date("2023. 4. 2.") == parse_date("2023년 4월 2일") == parse_date("Apr 2, 2023")
    True
    >>> parse_date("2 years ago") is None
    True
    """
    text = text.strip()
    try:
        if korean := _KOREAN_DATE.fullmatch(text):
            return date(*map(int, korean.groups()))
        if _ENGLISH_DATE.fullmatch(text):
            return datetime.strptime(text, "%b %d, %Y").date()  # noqa: DTZ007  a day has no zone
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def parse_trending_date(text: str) -> str:
    """Return a day in a form that sorts: of "17.14.11" (YY.DD.MM) or an ISO date; "" of others.

    >>> parse_trending_date("17.14.11"), parse_trending_date("2020-08-12T00:00:00Z")
    ('2017-11-14', '2020-08-12')
    """
    if match := _TRENDING_DATE.fullmatch(text.strip()):
        return f"20{match[1]}-{match[3]}-{match[2]}"
    day = parse_date(text)
    return day.isoformat() if day else ""
