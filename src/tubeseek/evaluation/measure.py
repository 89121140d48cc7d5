"""Measures a library through its public operations, in this process or in a server."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from tubeseek.core.errors import InputError
from tubeseek.core.schemas import (
    Operations,
    Scope,
    SearchAnswer,
    SearchRequest,
    Status,
    VideoFacts,
)
from tubeseek.core.schemas.search import WORDS_INDEX
from tubeseek.evaluation.metrics import reciprocal_rank
from tubeseek.evaluation.moments import MomentScores, evaluate_moments, rank_of_moment
from tubeseek.evaluation.run import Comparison, Run, ask, compare_runs
from tubeseek.evaluation.statistics import FloatArray
from tubeseek.evaluation.topics import Judgement, Topic
from tubeseek.evaluation.tuning import TuningResult, Weights, tune

T = TypeVar("T")

ANSWERED_VIDEOS = 10  # for each query that looks for a moment; they have the first moments
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class EvaluationTarget:
    """A library to measure, and how it is searched.

    Attributes:
        library: The library, in this process or in a server.
        depth: How many videos each query requests; lower ranks count as not found.
        seed: The seed of sampling, intervals and tests.
        on_query: Called after each query.
    """

    library: Operations
    depth: int = 100
    seed: int = 0
    on_query: Callable[[], None] = lambda: None

    def videos(self) -> list[VideoFacts]:
        """Return every video of the library.

        Raises:
            InputError: There is none.
        """
        videos: list[VideoFacts] = []
        while page := self.library.list(_PAGE, len(videos)).videos:
            videos += page
        if not videos:
            raise InputError("this library is empty; `tubeseek add` and `tubeseek index` fill it")
        return videos

    def run(self, name: str, topics: Sequence[Topic], request: SearchRequest) -> Run:
        """Search for all topics, in the indexes and with the weights of `request`."""
        return ask(name, topics, self._search(request, self.depth), self.depth)

    def compare(
        self, topics: Sequence[Topic], encoders: tuple[str, str], using: Scope
    ) -> Comparison:
        """Compare the indexes of two encoders on the same queries."""
        a, b = (
            self.run(name, topics, SearchRequest(encoder=encoder, using=using))
            for name, encoder in zip(short_names(encoders), encoders, strict=True)
        )
        return compare_runs(a, b, self.seed)

    def moments(self, judgements: Sequence[Judgement], request: SearchRequest) -> MomentScores:
        """Measure whether the right moments are found."""
        return evaluate_moments(
            judgements,
            self._search(request, ANSWERED_VIDEOS),
            lambda video_id: self.library.video(video_id).duration_seconds,
        )

    def tune(self, topics: Sequence[Topic], current: Weights) -> TuningResult:
        """Return the weights of the fusion that rank right videos highest (MRR)."""

        def values(weights: Weights) -> FloatArray:
            run = self.run("", topics, SearchRequest(weights=dict(weights)))
            return reciprocal_rank(run.placements)

        indexes = self.indexes()
        return tune(indexes, values, _full(current, indexes), seed=self.seed)

    def tune_moments(self, judgements: Sequence[Judgement], current: Weights) -> TuningResult:
        """Return the weights of the fusion that rank right moments highest."""

        def values(weights: Weights) -> FloatArray:
            search = self._search(SearchRequest(weights=dict(weights)), ANSWERED_VIDEOS)
            return 1.0 / np.array([rank_of_moment(item, search(item.query)) for item in judgements])

        indexes = self.indexes()
        return tune(indexes, values, _full(current, indexes), seed=self.seed)

    def indexes(self) -> list[str]:
        """Return the names of the indexes that searches use, as weights refer to them."""
        status = self.library.status()
        names = [index.encoder for index in status.indexes if index.active]
        return [*names, WORDS_INDEX] if status.words.passages else names

    def _search(self, request: SearchRequest, depth: int) -> Callable[[str], SearchAnswer]:
        def search(query: str) -> SearchAnswer:
            # Titles are often written as "artist - song", which would subtract the song.
            changes = {"text": query, "literal": True, "limit": depth}
            facts = {**request.model_dump(), **changes}
            answer = self.library.search(SearchRequest.model_validate(facts))
            self.on_query()
            return answer

        return search


def sampled(items: Sequence[T], most: int | None, seed: int) -> list[T]:
    """Return at most `most` items, drawn at random, in their order."""
    if most is None or most >= len(items):
        return list(items)
    kept = np.random.default_rng(seed).permutation(len(items))[:most]
    return [items[at] for at in sorted(kept)]


def short_names(encoders: Sequence[str]) -> list[str]:
    """Return encoders as tables name them: a folder by its last name, unless two share it.

    >>> short_names(["starter+adapter:/runs/birds", "/models/clip-ours"])
    ['starter+adapter:birds', 'clip-ours']
    >>> short_names(["/a/clip", "/b/clip"])
    ['/a/clip', '/b/clip']
    """
    short = [":".join(_last_name(part) for part in name.split(":")) for name in encoders]
    return short if len(set(short)) == len(set(encoders)) else list(encoders)


def _last_name(path: str) -> str:
    return Path(path).name if Path(path).is_absolute() else path


def unindexed(status: Status, encoders: Collection[str] = ()) -> int:
    """Return how many videos an index that is searched lacks, and so cannot find.

    Args:
        status: The status of the library.
        encoders: The indexes that are searched, as in `SearchRequest.encoder`; none: the active
            ones.
    """
    pending = (
        index.pending
        for index in status.indexes
        if (not {index.encoder, index.name}.isdisjoint(encoders) if encoders else index.active)
    )
    return max(pending, default=0)


def _full(weights: Weights, indexes: Sequence[str]) -> dict[str, float]:
    return {name: weights.get(name, 1.0) for name in indexes}
