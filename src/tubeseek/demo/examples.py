"""The queries that the demo answers, to show what searching by meaning is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A query and the stamp that it describes."""

    query: str
    stamp: str  # its name in the collection; the plan says which video shows it


# Picked from some eighty that were tried because the search puts the right video first
# for each: they show what it can do, not how often it succeeds.
EXAMPLES = (
    Example("an animal with black and white stripes", "animals/mammals/equines/zebra"),
    Example("하늘을 나는 비행기", "vehicles/flight/planes/747"),
    Example("an instrument played with a bow", "hobbies/music/string/violin"),
    Example("빨간 과일", "food/fruit/Strawberry2"),
    Example("a truck that puts out fires", "vehicles/emergency/firetruck"),
    Example("줄무늬 호랑이", "animals/mammals/cats/tiger"),
)
