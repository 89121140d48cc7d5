"""Defines what `tubeseek doctor` reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was examined. `good` is False where the user should do something."""

    name: str
    text: str
    good: bool = True
