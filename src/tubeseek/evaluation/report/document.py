"""What a report says, before it becomes HTML."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tubeseek.evaluation.geometry import Pairs, alignment, picture_to_text, uniformity
from tubeseek.evaluation.metrics import Scores, score
from tubeseek.evaluation.run import Comparison, Run
from tubeseek.evaluation.statistics import Estimate

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
class ExampleVideo:
    """A video beside a query: why it stands there, and how it looks."""

    label: str
    title: str
    jpeg: bytes | None


@dataclass(frozen=True, slots=True)
class Example:
    """A query with the right video and what each system put first."""

    query: str
    told: str
    videos: tuple[ExampleVideo, ...]


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


HEADERS = ("recall@1", "recall@5", "recall@10", "median rank", "MRR", "nDCG@10")


def figures(runs: Sequence[Run], seed: int) -> Table:
    """A row for each system."""
    rows = [(run.name, *_cells(run.scores(seed), run.depth)) for run in runs]
    return Table(("system", *HEADERS), tuple(rows))


def gains(comparison: Comparison) -> Table:
    """What the second system has over the first."""
    rows = []
    for name, difference in comparison.differences.items():
        gain = difference.gain
        told = "beyond chance" if gain.low > 0 or gain.high < 0 else "within chance"
        interval = f"{gain.low:+.3f} to {gain.high:+.3f}"
        rows.append((name, f"{gain.value:+.3f}", interval, _p(difference.p_value), told))
    return Table(("metric", "gain", "95 % interval", "p", "the interval says"), tuple(rows))


def pictures_to_texts(named: Sequence[tuple[str, Pairs]], seed: int) -> Table:
    """The other direction: each picture asked of all texts."""
    rows = []
    for name, pairs in named:
        placements = picture_to_text(pairs)
        rows.append((name, *_cells(score(placements, seed), len(pairs.ids))))
    return Table(("system", *HEADERS), tuple(rows))


def geometry(named: Sequence[tuple[str, Pairs]]) -> Table:
    """Alignment and uniformity of each system."""
    rows = [
        (
            name,
            f"{alignment(pairs):.3f}",
            f"{uniformity(pairs.pictures[pairs.videos()]):.3f}",
            f"{uniformity(pairs.texts):.3f}",
        )
        for name, pairs in named
    ]
    headers = ("system", "alignment", "uniformity of pictures", "uniformity of texts")
    return Table(headers, tuple(rows))


def _cells(scores: Scores, depth: int) -> list[str]:
    cells = [_cell(one) for one in (*scores.recall.values(), scores.mrr, scores.ndcg_at_10)]
    rank = scores.median_rank
    low, value, high = (_rank(one, depth) for one in (rank.low, rank.value, rank.high))
    cells.insert(len(scores.recall), f"{value} [{low}, {high}]")
    return cells


def _cell(one: Estimate) -> str:
    return f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"


def _rank(rank: float, depth: int) -> str:
    return f"{rank:g}" if math.isfinite(rank) else f">{depth}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
