"""What a report says, before it becomes HTML or Markdown."""

from dataclasses import dataclass
from typing import TypeAlias

PIXELS_PER_CSS_PIXEL = 1.6


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of figures.

    Attributes:
        name: Of its file, without suffix.
        png: Its bytes.
        told: What it shows, for who cannot see it and for who wonders.
    """

    name: str
    png: bytes
    told: str

    @property
    def width(self) -> int:
        """How wide it is meant to be shown, in CSS pixels; it has more, for fine screens."""
        pixels = int.from_bytes(self.png[16:20], "big")  # of the header: RFC 2083, 4.1.1
        return round(pixels / PIXELS_PER_CSS_PIXEL)


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of text."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A video beside a query: why it stands there, and how it looks."""

    label: str
    title: str
    jpeg: bytes | None


@dataclass(frozen=True, slots=True)
class Example:
    """A query with the right video and what each system put first."""

    query: str
    told: str
    videos: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Examples:
    """Some queries."""

    rows: tuple[Example, ...]


Block: TypeAlias = str | Plot | Table | Examples  # a str is a paragraph


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    title: str
    told: str
    sections: tuple[Section, ...]

    def plots(self) -> list[Plot]:
        """All plots, in order."""
        return [b for section in self.sections for b in section.blocks if isinstance(b, Plot)]
