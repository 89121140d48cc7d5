"""Renders measured figures as tables in a terminal and as JSON."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from tubeseek.cli import render
from tubeseek.cli.terminal import stdout, visible

if TYPE_CHECKING:
    from tubeseek.core.schemas import Scope
    from tubeseek.evaluation import Comparison, Estimate, MomentScores, Run, Scores, TuningResult

MAX_GROUPS = 15  # shown in a table; --json has all


def runs(measured: Sequence["Run"], by: Iterable[str], seed: int) -> None:
    """Print the scores of each system, then of each group in the dimensions of `by`."""
    table = render.plain_table("using", "queries", *_HEADERS)
    for run in measured:
        table.add_row(run.name, f"{len(run.topics):,}", *_cells(run.scores(seed), run.depth))
    stdout.print(table, markup=False)
    for dimension in by:
        for run in measured:
            _groups(run, dimension, seed)


def comparison(compared: "Comparison", by: Iterable[str], seed: int) -> None:
    """Print the scores of both systems and the gain of the second over the first."""
    runs([compared.a, compared.b], by, seed)
    table = render.plain_table("gain", "mean [95 %]", "p")
    for name, difference in compared.differences.items():
        gain = difference.gain
        interval = f"{gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
        table.add_row(name, interval, _p(difference.p_value))
    stdout.print(table, markup=False)


def moments(measured: Mapping["Scope", "MomentScores"]) -> None:
    """Print how often the right moment, and the right video, were among the first k."""
    first = next(iter(measured.values()))
    table = render.plain_table(
        "using",
        *(f"moment@{k}" for k in first.moment_hit),
        *(f"video@{k}" for k in first.video_hit),
    )
    for using, score in measured.items():
        rates = [*score.moment_hit.values(), *score.video_hit.values()]
        table.add_row(using.value, *(f"{r.value:.2f} [{r.low:.2f}, {r.high:.2f}]" for r in rates))
    stdout.print(table, markup=False)
    if first.whole_video_bound is not None:
        render.note(
            f"{first.queries} queries; the best that a search for whole videos could reach: "
            f"moment@1 {first.whole_video_bound:.2f}"
        )


def tuned(result: "TuningResult", measure: str) -> None:
    """Print what tuned weights gain, and the line of tubeseek.toml that sets them."""
    gain = result.difference.gain
    render.say(
        f"{measure} on queries that the weights were not tuned on: {result.after:.3f}, now "
        f"{result.before:.3f}; gain {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}], "
        f"p {_p(result.difference.p_value)}"
    )
    if result.worth_it:
        render.say(f"For tubeseek.toml:\n{toml_line(result.weights)}")
    else:
        render.say("The gain may be chance: leave the weights as they are.")
        render.note(f"The best weights over all queries would be: {toml_line(result.weights)}")


def toml_line(weights: Mapping[str, float]) -> str:
    """Return the weights as a line of tubeseek.toml.

    >>> toml_line({"starter": 1.0, "org/model": 0.5})
    'weights = { "starter" = 1.0, "org/model" = 0.5 }'
    """
    inside = ", ".join(f'"{name}" = {weight}' for name, weight in weights.items())
    return f"weights = {{ {inside} }}"


def as_facts(figures: object) -> Any:
    """Return dataclasses as values for JSON; an infinite rank becomes None.

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
    """Return the figures of a system, over all queries and by each dimension."""
    groups = {dimension: as_facts(run.scores_by(dimension, seed)) for dimension in run.dimensions()}
    return {"overall": as_facts(run.scores(seed)), "by": groups}


def comparison_facts(compared: "Comparison", seed: int) -> dict[str, Any]:
    """Return the figures of both systems and the gain of the second over the first."""
    return {
        "queries": len(compared.a.topics),
        "depth": compared.a.depth,
        "a": {"name": compared.a.name} | run_facts(compared.a, seed),
        "b": {"name": compared.b.name} | run_facts(compared.b, seed),
        "differences": as_facts(compared.differences),
    }


_HEADERS = ("recall@1", "recall@5", "recall@10", "median rank", "MRR", "nDCG@10")


def _groups(run: "Run", dimension: str, seed: int) -> None:
    scores_by_group = run.scores_by(dimension, seed)
    render.say("")
    if not scores_by_group:
        render.note(f"none of these queries has a {dimension}")
        return
    table = render.plain_table(f"{dimension}, {run.name}", "queries", *_HEADERS)
    for name, scores in list(scores_by_group.items())[:MAX_GROUPS]:
        table.add_row(visible(name), f"{scores.queries:,}", *_cells(scores, run.depth))
    stdout.print(table, markup=False)
    smaller = len(scores_by_group) - MAX_GROUPS
    if smaller > 0:
        render.note(f"{smaller} smaller groups are left out; --json has them all")


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
