"""The tables of a report."""

import math
from collections.abc import Sequence

from tubeseek.evaluate.asking import Run
from tubeseek.evaluate.comparison import Comparison
from tubeseek.evaluate.geometry import Pairs, alignment, picture_to_text, uniformity
from tubeseek.evaluate.intervals import Estimate
from tubeseek.evaluate.metrics import Scores, score
from tubeseek.evaluate.report.document import Table

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
