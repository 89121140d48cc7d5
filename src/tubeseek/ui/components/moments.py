"""Chooses the moments of a result that a page can play from."""

from collections.abc import Sequence

from tubeseek.core.schemas import Moment


def timed_moments(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Return the moments that have a time; a thumbnail or a title stands for the whole video."""
    return tuple(
        moment
        for moment in moments
        if moment.kind in ("still", "clip") or (moment.kind == "passage" and moment.end > 0)
    )
