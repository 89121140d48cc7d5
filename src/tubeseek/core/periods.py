"""Reads lengths of time as people write them: 6h, 30d."""

import re

from tubeseek.core.errors import InputError

_UNIT_SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_PERIOD = re.compile(r"(\d+(?:\.\d+)?)\s*([mhdw])", re.IGNORECASE)
LEAST_SECONDS = 60.0


def parse_period(text: str) -> float:
    """Return a period in seconds: a number with m, h, d or w; a number alone means days.

    >>> parse_period("6h"), parse_period("30d"), parse_period("30")
    (21600.0, 2592000.0, 2592000.0)

    Raises:
        InputError: It is no such period, or shorter than a minute.
    """
    match = _PERIOD.fullmatch(text.strip() + ("d" if text.strip().isdecimal() else ""))
    seconds = float(match[1]) * _UNIT_SECONDS[match[2].lower()] if match else 0.0
    if not LEAST_SECONDS <= seconds < 10**10:
        raise InputError(f"{text!r} is no period of a minute or more; give one such as 6h or 30d")
    return seconds
