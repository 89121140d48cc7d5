"""Asks the indexes of a search plan and turns their hits into evidence that can be added up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tubeseek.catalog import Catalog
from tubeseek.core.bm25 import terms
from tubeseek.core.filters import Filter
from tubeseek.core.index import Index
from tubeseek.core.types import Hit, Vector
from tubeseek.search.evidence import (
    EXACT_TITLE,
    STRONG,
    UNSEEN,
    VectorScale,
    WordScale,
    chance_of_words,
    nats_of,
)
from tubeseek.search.fusion import Answer, group_by_video
from tubeseek.search.joint_relevance import joint_excess
from tubeseek.search.passages import matching_passages
from tubeseek.search.plan import SearchPlan, WeightedIndex, WeightedPassages
from tubeseek.search.query.vectors import QueryVector
from tubeseek.search.word_weights import weigh_query

SEGMENTS_PER_VIDEO = 4  # fetched at first: a video has several segments that are alike


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the indexes say about a query.

    Attributes:
        answers: One of each index that was asked.
        needed: What a video needs to fit, in nats.
        judged: Whether that is known; otherwise `needed` is 0 and scores only order the videos.
    """

    answers: Sequence[Answer]
    needed: float
    judged: bool


def gather_evidence(
    plan: SearchPlan,
    indexes: Sequence[WeightedIndex],
    passages: WeightedPassages | None,
    catalog: Catalog,
    videos: int,
) -> Evidence:
    """Ask every index of a plan.

    Args:
        plan: What each index is searched for.
        indexes: Those of vectors, in the order of the plan.
        passages: The index of words; None where it is off.
        catalog: Knows how many videos and passages there are.
        videos: How many videos each index names, if it has so many.
    """
    answers: list[Answer] = []
    scales: list[tuple[WeightedIndex, VectorScale]] = []
    for weighted, query in zip(indexes, plan.vectors, strict=True):
        if query is None:
            continue
        nearest = _nearest(weighted.index, query.vector, videos, plan.phrase_filter.where)
        hits = plan.phrase_filter.keep(nearest)
        if not hits:  # it says nothing about any video
            continue
        scale = _vector_scale(weighted, query, hits)
        scales.append((weighted, scale))
        scored = [replace(h, score=weighted.weight * scale.evidence(h.score)) for h in hits]
        answers.append(Answer(scored, weighted.weight * UNSEEN))
    judged = bool(plan.main_sentence) and all(scale.needed is not None for _, scale in scales)
    needed = _needed(scales)
    if passages is not None and passages.weight > 0 and plan.words:
        worded, passages_indexed = catalog.indexed_words.counts()
        weights = weigh_query(plan.words, passages.store, passages_indexed)
        typical = _sum_of_needs(scales) / len(scales) if scales else None
        words = WordScale(sum(weights.values()), chance_of_words(worded), typical)
        needed = needed if scales else passages.weight * words.needed_alone
        hits = matching_passages(passages.store, plan.words, weights, plan.phrase_filter, videos)
        scored = [
            replace(hit, score=passages.weight * nats)
            for hit, nats in _passage_evidence(hits, plan, words, needed)
        ]
        answers.append(Answer(scored))
    judged = judged and bool(answers)
    return Evidence(answers, needed if judged else 0.0, judged)


def _needed(scales: Sequence[tuple[WeightedIndex, VectorScale]]) -> float:
    """Return what a video needs to fit, in nats, by what all indexes say together."""
    parts = tuple((w.weight, w.background) for w, _ in scales if w.background is not None)
    excess = joint_excess(parts) if len(parts) == len(scales) else None
    if excess is None:
        return _sum_of_needs(scales)
    return sum(weighted.weight * (scale.usual or 0.0) for weighted, scale in scales) + excess


def _sum_of_needs(scales: Sequence[tuple[WeightedIndex, VectorScale]]) -> float:
    return sum(weighted.weight * (scale.needed or 0.0) for weighted, scale in scales)


def _vector_scale(weighted: WeightedIndex, query: QueryVector, hits: Sequence[Hit]) -> VectorScale:
    if weighted.relevance is None:
        return VectorScale(mean=0.0, spread=1.0)
    judged = query.sentence is not None
    return weighted.relevance.vector_scale(query.vector, hits[0].score, judged=judged)


def _passage_evidence(
    hits: Sequence[Hit], plan: SearchPlan, scale: WordScale, needed: float
) -> Iterator[tuple[Hit, float]]:
    """Yield each passage with its evidence in nats, best first."""
    has_phrase = plan.phrase_filter.counted_ids is not None
    enough = needed + nats_of(STRONG)
    query_terms = terms(plan.words)
    weighed = []
    for hit in hits:
        nats = scale.evidence(hit.score)
        if has_phrase:  # it holds the exact words, however few they are of the whole query
            nats = max(nats, enough)
        if hit.segment.track == "title" and terms(hit.text) == query_terms:
            nats = max(nats, enough) + EXACT_TITLE
        weighed.append((hit, nats))
    yield from sorted(weighed, key=lambda pair: -pair[1])


def _nearest(index: Index, vector: Vector, videos: int, where: Filter) -> list[Hit]:
    """Return the nearest segments, as many as it takes to have so many videos among them."""
    segments = videos * SEGMENTS_PER_VIDEO
    while True:
        hits = index.search(vector, segments, where)
        if len(hits) < segments or len(group_by_video(hits)) >= videos:
            return hits
        segments *= 4
