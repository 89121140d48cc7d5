"""How often "nothing fits" is right and wrong: hits kept, false alarms, AUC, and the order of fits.

    tubeseek --library DEMO/library demo DEMO   # or any library that holds the demo's videos
    python -m benchmarks.fit DEMO/library
    tubeseek --library LIBRARY add ../shared/data/youtube_thumbnails
    tubeseek --library LIBRARY index --encoder starter
    python -m benchmarks.fit LIBRARY --queries benchmarks/fit_thumbnails.json

Asks the library, through the product's search, queries that its videos answer and queries about
other domains. Of the demo's sets (`fit.json`) `first` and `second` were looked at while the method
and its constants were chosen, `held out` was written afterwards. At the end what an index of
vectors alone promises is checked with random directions, where it can be known.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.schemas import Scope, SearchRequest
from tubeseek.core.schemas.search import Fit
from tubeseek.core.settings import load_settings
from tubeseek.library.library import Library
from tubeseek.library.open import open_library
from tubeseek.search.evidence import FALSE_ALARMS
from tubeseek.search.relevance import RelevanceModel

LEVELS = (Fit.WEAK, Fit.STRONG)
FIRST = 10  # videos of each answer
BACKGROUND, QUERIES, DRAWS = 190, 200, 5  # random directions, and how often they are drawn
Scores: TypeAlias = NDArray[np.floating[Any]]
Sets: TypeAlias = dict[str, dict[str, list[str]]]


class Best(NamedTuple):
    """The best hit of a query, and whether a later one has a better fit than an earlier one."""

    score: float  # nats
    fit: Fit
    contradicts: bool


def main() -> None:
    parser = argparse.ArgumentParser(description="How well 'nothing fits' is judged.")
    parser.add_argument("library", type=Path)
    parser.add_argument("--queries", type=Path, default=Path(__file__).with_suffix(".json"))
    arguments = parser.parse_args()
    sets: Sets = json.loads(arguments.queries.read_text(encoding="utf-8"))
    library, _ = open_library(load_settings({"library": arguments.library}), "benchmarks/fit.py")
    try:
        _search_product(library, sets)
    finally:
        library.close()
    _check_promise()


def _search_product(library: Library, sets: Sets) -> None:
    print(
        "| queries | search | kept | kept, strong | false alarms | strong | AUC | contradictions |"
    )
    print("|---|---|---|---|---|---|---|---|")
    totals: dict[Scope, tuple[list[Best], list[Best]]] = {using: ([], []) for using in Scope}
    for name, queries in sets.items():
        for using, (all_present, all_absent) in totals.items():
            present = [_best(library, text, using) for text in queries["present"]]
            absent = [_best(library, text, using) for text in queries["absent"]]
            all_present += present
            all_absent += absent
            _print_row(name, using, present, absent)
    if len(sets) > 1:
        for using, (present, absent) in totals.items():
            _print_row("together", using, present, absent)


def _print_row(name: str, using: Scope, present: Sequence[Best], absent: Sequence[Best]) -> None:
    shares = [
        sum(best.fit.reaches(level) for best in bests) / len(bests)
        for bests in (present, absent)
        for level in LEVELS
    ]
    auc = _auc(*(np.array([best.score for best in bests]) for bests in (present, absent)))
    contradictions = sum(best.contradicts for best in (*present, *absent))
    cells = [*(f"{share:.0%}" for share in shares), f"{auc:.3f}", str(contradictions)]
    print(f"| {name} | {using} | {' | '.join(cells)} |")


def _best(library: Library, text: str, using: Scope) -> Best:
    hits = library.search(SearchRequest(text=text, using=using, limit=FIRST)).hits
    ranks = [hit.fit.rank for hit in hits if hit.fit is not None]
    if not hits or hits[0].fit is None:
        return Best(-np.inf, Fit.NONE, contradicts=False)
    return Best(hits[0].score, hits[0].fit, contradicts=ranks != sorted(ranks, reverse=True))


def _check_promise() -> None:
    """Print how many of random queries fit one of random segments, where none means any."""
    print(
        f"\n| random directions, {QUERIES} queries, {DRAWS} draws | {FALSE_ALARMS:.0%} promised |"
    )
    print("|---|---|")
    for dim in (32, 256):
        for segments in (40, 300, 2_000):
            share = np.mean([_false_alarms(dim, segments, seed) for seed in range(DRAWS)])
            print(f"| {segments:,} segments, {dim} dimensions | {share:.1%} |")


def _false_alarms(dim: int, segments: int, seed: int) -> float:
    """Return the share of random queries whose best hit has the evidence that is needed."""
    drawn = np.random.default_rng(seed).standard_normal((BACKGROUND + segments + QUERIES, dim))
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    background, library, queries = np.split(
        drawn.astype(np.float32), (BACKGROUND, BACKGROUND + segments)
    )
    model = RelevanceModel.learn(background, library, segments)
    if model is None:
        raise SystemExit(f"{segments} segments are too few to judge by")
    alarms = 0
    for query in queries:
        best = float((library @ query).max())
        scale = model.vector_scale(query, best, judged=True)
        alarms += scale.needed is not None and scale.evidence(best) >= scale.needed
    return alarms / len(queries)


def _auc(present: Scores, absent: Scores) -> float:
    """The chance that a query with an answer scores above one without; half for a tie."""
    above = (present[:, None] > absent).mean() + (present[:, None] == absent).mean() / 2
    return float(above)


if __name__ == "__main__":
    main()
