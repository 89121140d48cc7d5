"""Searches a library for topics, through the search of its users, and compares the results."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import numpy as np

from tubeseek.core.schemas import SearchAnswer
from tubeseek.evaluation.metrics import (
    CUTOFFS,
    Placement,
    Scores,
    first_ranks,
    ndcg_at_10,
    placement_in,
    recall_at,
    reciprocal_rank,
    score,
)
from tubeseek.evaluation.statistics import Difference, FloatArray, compare
from tubeseek.evaluation.topics import Topic


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One system's answers to some topics.

    Attributes:
        name: The name of the system in tables.
        topics: The queries, with their right answers.
        placements: The ranks of the right answers, one placement for each topic.
        depth: How many videos were requested; lower ranks count as not found.
        firsts: The video that came first for each topic; empty if none was found.
    """

    name: str
    topics: Sequence[Topic]
    placements: Sequence[Placement]
    depth: int
    firsts: Sequence[str] = field(default=())

    def scores(self, seed: int = 0) -> Scores:
        """Return the metrics over all topics."""
        return score(self.placements, seed)

    def scores_by(self, dimension: str, seed: int = 0) -> dict[str, Scores]:
        """Return the metrics of each group of a dimension, the largest group first."""
        members: defaultdict[str, list[Placement]] = defaultdict(list)
        for topic, placement in zip(self.topics, self.placements, strict=True):
            if dimension in topic.groups:
                members[topic.groups[dimension]].append(placement)
        named = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
        return {name: score(placements, seed) for name, placements in named}

    def dimensions(self) -> list[str]:
        """Return the dimensions by which at least one topic is grouped."""
        return sorted({dimension for topic in self.topics for dimension in topic.groups})


def ask(
    name: str, topics: Sequence[Topic], search: Callable[[str], SearchAnswer], depth: int
) -> Run:
    """Search for every topic and record the ranks of its right answers.

    Args:
        name: The name of the system.
        topics: The queries.
        search: The product's own search, which returns `depth` videos.
        depth: How many videos it returns.
    """
    returned = [_ids(search(topic.query)) for topic in topics]
    return Run(
        name,
        topics,
        [placement_in(ids, topic.gains) for ids, topic in zip(returned, topics, strict=True)],
        depth,
        [ids[0] if ids else "" for ids in returned],
    )


def _ids(answer: SearchAnswer) -> list[str]:
    """Return all videos of an answer, best first, each before its copies."""
    return [video_id for hit in answer.hits for video_id in (hit.video_id, *hit.copies)]


Metric = Callable[[Sequence[Placement]], FloatArray]

METRICS: Mapping[str, Metric] = MappingProxyType(
    {f"recall@{k}": partial(recall_at, cutoff=k) for k in CUTOFFS}
    | {"MRR": reciprocal_rank, "nDCG@10": ndcg_at_10}
)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A comparison of two systems.

    Attributes:
        a: The present system.
        b: The system that may replace it.
        differences: What b gains over a, by the name of the metric.
    """

    a: Run
    b: Run
    differences: Mapping[str, Difference]

    def by_change(self) -> list[int]:
        """Return the topics' numbers by their gain in reciprocal rank, the largest first."""
        change = reciprocal_rank(self.b.placements) - reciprocal_rank(self.a.placements)
        return [int(at) for at in np.argsort(-change, kind="stable")]


def compare_runs(a: Run, b: Run, seed: int = 0) -> Comparison:
    """Compare two runs query by query.

    Raises:
        ValueError: Their queries differ.
    """
    if [topic.query for topic in a.topics] != [topic.query for topic in b.topics]:
        raise ValueError("two systems can be compared on the same queries only")
    differences = {
        name: compare(metric(a.placements), metric(b.placements), seed=seed)
        for name, metric in METRICS.items()
    }
    return Comparison(a, b, differences)


def recall_curve(run: Run) -> FloatArray:
    """Return recall@k for k = 1 .. depth, of shape (depth,)."""
    ranks = first_ranks(run.placements)
    return np.array([(ranks <= k).mean() for k in range(1, run.depth + 1)])
