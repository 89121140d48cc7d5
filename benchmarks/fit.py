"""How often "nothing fits" is said rightly and wrongly: false alarms, hits kept, ROC and AUC.

    tubeseek --library DEMO/library demo DEMO   # or any library that holds the demo's videos
    python benchmarks/fit.py DEMO/library --roc roc.csv

Asks queries that the demo's videos answer and queries about other domains (fit.json), with the
encoder that is active in the library. `first` and `second` were looked at while the method and its
level were chosen, `held out` was written afterwards. At the end the levels are held against random
directions, where what a level promises can be known.
"""

import argparse
import csv
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tubeseek.catalog import Catalog
from tubeseek.core.index import Index
from tubeseek.core.schemas import SearchRequest, Using
from tubeseek.core.schemas.search import Fit
from tubeseek.core.settings import Settings
from tubeseek.core.types import Vectors
from tubeseek.encoders.factory import open_encoder
from tubeseek.library.library import Library
from tubeseek.library.open import CATALOG_NAME, open_library
from tubeseek.search.calibration import Calibrations, background_queries
from tubeseek.search.relevance import FALSE_ALARMS, RelevanceModel
from tubeseek.stores.factory import choose_stores

LEVELS = (Fit.WEAK, Fit.STRONG)
KINDS = ("present", "absent")
BACKGROUND, QUERIES, DRAWS = 190, 200, 5  # random directions, and how often they are drawn
Scores: TypeAlias = NDArray[np.floating[Any]]
Sets: TypeAlias = dict[str, dict[str, list[str]]]


def main() -> None:
    parser = argparse.ArgumentParser(description="How well 'nothing fits' is judged.")
    parser.add_argument("library", type=Path)
    parser.add_argument("--roc", type=Path, help="where to write the curve as CSV")
    options = parser.parse_args()
    sets: Sets = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    settings = Settings(library=options.library)
    library, _ = open_library(settings, "benchmarks/fit.py")
    try:
        _ask_product(library, sets)
    finally:
        library.close()
    _look_inside(settings, sets, options.roc)
    _hold_to_promise()


def _ask_product(library: Library, sets: Sets) -> None:
    print("| queries | searches | kept | kept, strong | false alarms | false alarms, strong |")
    print("|---|---|---|---|---|---|")
    for name, queries in sets.items():
        for using in (Using.PICTURES, Using.ALL):
            kept, false = (
                [_best(library, text, using) for text in queries[kind]] for kind in KINDS
            )
            shares = [_reach(fits, least) for fits in (kept, false) for least in LEVELS]
            print(f"| {name} | {using} | " + " | ".join(f"{x:.0%}" for x in shares) + " |")


def _look_inside(settings: Settings, sets: Sets, roc: Path | None) -> None:
    catalog = Catalog(settings.library / CATALOG_NAME)
    active = catalog.indexes.active_indexes()
    if not active:
        raise SystemExit("the library has no index")
    row = active[0]
    index = Index(open_encoder(row.encoder, settings), choose_stores(settings).open_store(row.spec))
    judge = Calibrations(catalog, settings.library / "background").model(index)
    if judge is None:
        raise SystemExit("the library is too small to judge by")
    ids = catalog.indexes.videos(row.key).ids()
    vectors = index.store.read_videos(ids).vectors
    milliseconds = []
    for _ in range(50):
        started = time.perf_counter()
        judge.grade(vectors[0], list(index.vectors_by_video(ids[:10]).values()))
        milliseconds.append(1_000 * (time.perf_counter() - started))
    print(f"\nten videos judged in {np.median(milliseconds):.1f} ms")
    rows = _compare(sets, judge, vectors, index.text_vectors)
    if roc:
        with roc.open("w", newline="") as file:
            csv.writer(file).writerows([("level", "false alarms", "kept"), *rows])
    index.store.close()
    catalog.close()


def _best(library: Library, text: str, using: Using) -> Fit:
    hits = library.search(SearchRequest(text=text, using=using)).hits
    fits = [hit.fit for hit in hits if hit.fit is not None]
    return max(fits, key=lambda fit: fit.rank, default=Fit.NONE)


def _reach(fits: list[Fit], least: Fit) -> float:
    return sum(fit.reaches(least) for fit in fits) / len(fits)


def _compare(
    sets: Sets, judge: RelevanceModel, vectors: Vectors, encode: Callable[[Sequence[str]], Vectors]
) -> list[tuple[float, float, float]]:
    """Prints the AUC of several ways to judge by pictures; returns the ROC of the one chosen."""
    usual = encode(background_queries()) @ vectors.T
    nearest = np.sort(usual, axis=0)[-10:].mean(axis=0)
    ways: dict[str, Callable[[Scores], Scores]] = {
        "the cosine itself": lambda s: s.max(1),
        "against the query's own scores: (best - mean) / std": lambda s: (
            (s.max(1) - s.mean(1)) / s.std(1)
        ),
        "the same with median and MAD": lambda s: (
            (s.max(1) - np.median(s, 1))
            / np.median(np.abs(s - np.median(s, 1, keepdims=True)), axis=1)
        ),
        "against background queries, nearest ten (CSLS)": lambda s: (s - nearest).max(1),
        "against background queries: (s - mean) / std (used)": lambda s: (
            (s - usual.mean(0)) / usual.std(0)
        ).max(1),
    }
    pairs = {
        name: [encode(queries[kind]) @ vectors.T for kind in KINDS]
        for name, queries in sets.items()
    }
    pairs["all"] = [np.concatenate([p[i] for p in pairs.values()]) for i in (0, 1)]
    print("\n| AUC, pictures alone | " + " | ".join(pairs) + " |")
    print("|---" * (1 + len(pairs)) + "|")
    for way, score in ways.items():
        aucs = [_auc(score(present), score(absent)) for present, absent in pairs.values()]
        print(f"| {way} | " + " | ".join(f"{auc:.3f}" for auc in aucs) + " |")
    chances = [
        np.array([judge.false_alarm(v, vectors) for q in sets.values() for v in encode(q[kind])])
        for kind in KINDS
    ]
    levels = np.unique(np.concatenate([[0.0], *chances, [1.0]]))
    rows = [
        (float(level), float(np.mean(chances[1] <= level)), float(np.mean(chances[0] <= level)))
        for level in levels
    ]
    print("\n| level | false alarms | kept |\n|---|---|---|")
    for level in (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        false, kept = (float(np.mean(c <= level)) for c in chances[::-1])
        print(f"| {level} | {false:.0%} | {kept:.0%} |")
    return rows


def _hold_to_promise() -> None:
    """Prints how many of random queries fit one of random segments, where none means any."""
    names = [f"{level}: {most:g} promised" for level, most in FALSE_ALARMS]
    print(f"\n| random directions, {QUERIES} queries, {DRAWS} draws | {' | '.join(names)} |")
    print("|---|---|---|")
    for dim in (32, 256):
        for segments in (40, 300, 2_000):
            chances = []
            for seed in range(DRAWS):
                random = np.random.default_rng(seed)
                drawn = random.standard_normal((BACKGROUND + segments + QUERIES, dim))
                drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
                background, library, queries = np.split(
                    drawn.astype(np.float32), (BACKGROUND, BACKGROUND + segments)
                )
                judge = RelevanceModel.learn(background, library, segments)
                if judge is None:
                    raise SystemExit(f"{segments} segments are too few to judge by")
                chances += [judge.false_alarm(query, library) for query in queries]
            shares = [float(np.mean(np.array(chances) <= most)) for _, most in FALSE_ALARMS]
            cells = " | ".join(f"{share:.1%}" for share in shares)
            print(f"| {segments:,} segments, {dim} dimensions | {cells} |")


def _auc(present: Scores, absent: Scores) -> float:
    """The chance that a query with an answer scores above one without; half for a tie."""
    above = (present[:, None] > absent).mean() + (present[:, None] == absent).mean() / 2
    return float(above)


if __name__ == "__main__":
    main()
