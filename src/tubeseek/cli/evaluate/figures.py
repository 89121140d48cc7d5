"""How measured figures look: as tables in a terminal, and as JSON."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table

from tubeseek.cli import render

if TYPE_CHECKING:
    from tubeseek.core.schemas import Using
    from tubeseek.evaluation import Comparison, Estimate, MomentScores, Run, Scores, TuningResult

MOST_GROUPS = 15  # of a table; --json has all


def runs(measured: Sequence["Run"], by: Iterable[str], seed: int) -> None:
    """A row for each system, then for each group of the dimensions that were asked for."""
    table = _table("asked", "queries", *_HEADERS)
    for run in measured:
        table.add_row(run.name, f"{len(run.topics):,}", *_cells(run.scores(seed), run.depth))
    render.stdout.print(table, markup=False)
    for dimension in by:
        for run in measured:
            _groups(run, dimension, seed)


def comparison(found: "Comparison", by: Iterable[str], seed: int) -> None:
    """Both systems, also by some dimensions, and what the second has over the first."""
    runs([found.a, found.b], by, seed)
    table = _table("gain", "mean [95 %]", "p")
    for name, difference in found.differences.items():
        gain = difference.gain
        told = f"{gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
        table.add_row(name, told, _p(difference.p_value))
    render.stdout.print(table, markup=False)


def moments(measured: Mapping["Using", "MomentScores"]) -> None:
    """Whether the right moment, and the right video, were among the first."""
    first = next(iter(measured.values()))
    table = _table(
        "asked",
        *(f"moment@{k}" for k in first.moment_hit),
        *(f"video@{k}" for k in first.video_hit),
    )
    for using, score in measured.items():
        rates = [*score.moment_hit.values(), *score.video_hit.values()]
        table.add_row(using.value, *(f"{r.value:.2f} [{r.low:.2f}, {r.high:.2f}]" for r in rates))
    render.stdout.print(table, markup=False)
    if first.whole_video_bound is not None:
        render.note(
            f"{first.queries} queries; the best of whole-video search: "
            f"moment@1 {first.whole_video_bound:.2f}"
        )


def tuned(found: "TuningResult", measure: str) -> None:
    """What tuning gains, and the line that sets it."""
    gain = found.difference.gain
    render.say(
        f"{measure} on queries that were not chosen by: {found.after:.3f} against "
        f"{found.before:.3f} now, gain {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}], "
        f"p {_p(found.difference.p_value)}"
    )
    if found.worth_it:
        render.say(f"For tubeseek.toml:\n{toml_line(found.weights)}")
    else:
        render.say("That is within chance: leave the weights as they are.")
        render.note(f"The best over all of these queries would be: {toml_line(found.weights)}")


def toml_line(weights: Mapping[str, float]) -> str:
    """The weights as a line of tubeseek.toml.

    >>> toml_line({"starter": 1.0, "org/model": 0.5})
    'weights = { "starter" = 1.0, "org/model" = 0.5 }'
    """
    inside = ", ".join(f'"{name}" = {weight}' for name, weight in weights.items())
    return f"weights = {{ {inside} }}"


def as_facts(figures: object) -> Any:
    """Dataclasses as JSON has it; an infinite rank is null.

    >>> as_facts({1: (math.inf, 2.0)})
    {'1': [None, 2.0]}
    """
    if is_dataclass(figures) and not isinstance(figures, type):
        return as_facts(asdict(figures))
    if isinstance(figures, Mapping):
        return {str(name): as_facts(value) for name, value in figures.items()}
    if isinstance(figures, list | tuple):
        return [as_facts(value) for value in figures]
    return None if isinstance(figures, float) and not math.isfinite(figures) else figures


def run_facts(run: "Run", seed: int) -> dict[str, Any]:
    """One system's figures, over all queries and by each dimension."""
    groups = {dimension: as_facts(run.scores_by(dimension, seed)) for dimension in run.dimensions()}
    return {"overall": as_facts(run.scores(seed)), "by": groups}


def comparison_facts(found: "Comparison", seed: int) -> dict[str, Any]:
    """Both systems' figures and what the second has over the first."""
    return {
        "queries": len(found.a.topics),
        "depth": found.a.depth,
        "a": {"name": found.a.name} | run_facts(found.a, seed),
        "b": {"name": found.b.name} | run_facts(found.b, seed),
        "differences": as_facts(found.differences),
    }


_HEADERS = ("recall@1", "recall@5", "recall@10", "median rank", "MRR", "nDCG@10")


def _groups(run: "Run", dimension: str, seed: int) -> None:
    found = run.scores_by(dimension, seed)
    render.say("")
    if not found:
        render.note(f"none of these queries has a {dimension}")
        return
    table = _table(f"{dimension}, {run.name}", "queries", *_HEADERS)
    for name, scores in list(found.items())[:MOST_GROUPS]:
        table.add_row(name, f"{scores.queries:,}", *_cells(scores, run.depth))
    render.stdout.print(table, markup=False)
    if len(found) > MOST_GROUPS:
        render.note(f"{len(found) - MOST_GROUPS} smaller ones are left out; --json has them all")


def _cells(scores: "Scores", depth: int) -> list[str]:
    shares = [*scores.recall.values(), scores.mrr, scores.ndcg_at_10]
    cells = [f"{s.value:.3f} [{s.low:.3f}, {s.high:.3f}]" for s in shares]
    cells.insert(len(scores.recall), _rank_cell(scores.median_rank, depth))
    return cells


def _rank_cell(rank: "Estimate", depth: int) -> str:
    value, low, high = (
        f"{r:g}" if math.isfinite(r) else f">{depth}" for r in (rank.value, rank.low, rank.high)
    )
    return f"{value} [{low}, {high}]"


def _p(value: float) -> str:
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def _table(*headers: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for header in headers:
        table.add_column(header)
    return table
