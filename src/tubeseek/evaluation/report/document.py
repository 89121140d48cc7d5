"""Defines the parts of a report, and makes its tables."""

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
    """A plot.

    Attributes:
        name: The name of its file, without suffix.
        png: The bytes of the file.
        caption: What it shows; also its alternative text.
    """

    name: str
    png: bytes
    caption: str

    @property
    def width(self) -> int:
        """The width on the page in CSS pixels; the file has more pixels, for fine screens."""
        pixels = int.from_bytes(self.png[16:20], "big")  # of the header: RFC 2083, 4.1.1
        return round(pixels / PIXELS_PER_CSS_PIXEL)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ExampleVideo:
    """A video below a query: why it is shown (`label`), its title and its picture."""

    label: str
    title: str
    jpeg: bytes | None


@dataclass(frozen=True, slots=True)
class Example:
    """A query, the ranks of its right video (`note`), and the videos that are shown with it."""

    query: str
    note: str
    videos: tuple[ExampleVideo, ...]


@dataclass(frozen=True, slots=True)
class Examples:
    """Queries worth looking at."""

    rows: tuple[Example, ...]


Block: TypeAlias = str | Plot | Table | Examples  # a str is a paragraph


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is below it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `note` says where its queries come from."""

    title: str
    note: str
    sections: tuple[Section, ...]

    def plots(self) -> list[Plot]:
        """Return all plots, in order."""
        blocks = (block for section in self.sections for block in section.blocks)
        return [block for block in blocks if isinstance(block, Plot)]


HEADERS = ("recall@1", "recall@5", "recall@10", "median rank", "MRR", "nDCG@10")


def figures(runs: Sequence[Run], seed: int) -> Table:
    """Make the table of metrics, a row for each system."""
    rows = [(run.name, *_cells(run.scores(seed), run.depth)) for run in runs]
    return Table(("system", *HEADERS), tuple(rows))


def gains(comparison: Comparison) -> Table:
    """Make the table of what the second system gains over the first."""
    rows = []
    for name, difference in comparison.differences.items():
        gain = difference.gain
        verdict = "beyond chance" if gain.low > 0 or gain.high < 0 else "within chance"
        interval = f"{gain.low:+.3f} to {gain.high:+.3f}"
        rows.append((name, f"{gain.value:+.3f}", interval, _p(difference.p_value), verdict))
    return Table(("metric", "gain", "95 % interval", "p", "the interval says"), tuple(rows))


def pictures_to_texts(named: Sequence[tuple[str, Pairs]], seed: int) -> Table:
    """Make the table of metrics for pictures as queries over all texts."""
    rows = []
    for name, pairs in named:
        placements = picture_to_text(pairs)
        rows.append((name, *_cells(score(placements, seed), len(pairs.ids))))
    return Table(("system", *HEADERS), tuple(rows))


def geometry(named: Sequence[tuple[str, Pairs]]) -> Table:
    """Make the table of alignment and uniformity, a row for each system."""
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
    estimates = (*scores.recall.values(), scores.mrr, scores.ndcg_at_10)
    cells = [_cell(estimate) for estimate in estimates]
    rank = scores.median_rank
    low, value, high = (_rank(bound, depth) for bound in (rank.low, rank.value, rank.high))
    cells.insert(len(scores.recall), f"{value} [{low}, {high}]")
    return cells


def _cell(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def _rank(rank: float, depth: int) -> str:
    return f"{rank:g}" if math.isfinite(rank) else f">{depth}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
