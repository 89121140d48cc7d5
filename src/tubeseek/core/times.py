"""Formats times, and chooses the seconds at which players start. Pure functions."""

import math

SEEK_STEP_SECONDS = 0.01  # what links and addresses keep of a time


def clock(seconds: float) -> str:
    """Return seconds as a player shows them.

    >>> clock(7), clock(754.9), clock(3723)
    ('0:07', '12:34', '1:02:03')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def clock_range(start: float, end: float) -> str:
    """Return the times of a stretch as a player shows them; one time if both look the same.

    >>> clock_range(3.7, 6.2), clock_range(3.2, 3.9)
    ('0:03–0:06', '0:03')
    """
    first, last = clock(start), clock(end)
    return first if first == last else f"{first}–{last}"


def seconds_text(seconds: float) -> str:
    """Return seconds as an address holds them: hundredths, without zeros that tell nothing.

    >>> seconds_text(3.71), seconds_text(12345.0), seconds_text(0.5)
    ('3.71', '12345', '0.5')
    """
    return f"{seconds:.2f}".rstrip("0").rstrip(".")


def seek_after(start: float) -> float:
    """Return a time just after `start`, so that a player shows the frame that begins there.

    Players count in units of their own. Asked for the exact time of a frame, they may round it down
    and show the frame before, which belongs to another shot. The beginning of a video has no frame
    before it, and stays.

    >>> seek_after(0.0), seek_after(3.7), seek_after(11 / 3)
    (0.0, 3.71, 3.68)
    """
    if start <= 0:
        return 0.0
    # the ten-thousandth is for floats: 3.7 is 370.00000000000006 hundredths
    steps = math.ceil(start / SEEK_STEP_SECONDS - 1e-4) + 1
    return round(steps * SEEK_STEP_SECONDS, 2)


def whole_second(start: float, seek: float, end: float) -> int:
    """Return the whole second inside [start, end) that is nearest to `seek`, later if possible.

    Links to YouTube take whole seconds only. Rounded down, one would begin in the shot before.

    Args:
        start: Where the stretch begins.
        seek: Where a player that takes fractions starts, inside the stretch.
        end: Where it ends, exclusive.

    Returns:
        `seek` rounded up if that is before `end`, else rounded down: in a stretch without a whole
        second the player starts at most a second too early.

    >>> whole_second(3.7, 3.71, 8.0), whole_second(3.0, 7.5, 7.9), whole_second(3.2, 3.3, 3.9)
    (4, 7, 3)
    """
    later = math.ceil(seek - SEEK_STEP_SECONDS)  # the whole second itself is not before the shot
    return later if start <= later < end else math.floor(seek)
