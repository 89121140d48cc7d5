"""What several indexes need together: as many false alarms as promised, whatever their weights."""

import math

import numpy as np
import pytest

from tubeseek.core.types import Vectors
from tubeseek.search.evidence import JOINT_FALSE_ALARMS, UNSEEN
from tubeseek.search.joint_relevance import BackgroundEvidence, evidence_by_video, joint_excess
from tubeseek.search.relevance import RelevanceModel

DIM, VIDEOS = 32, 200
IDS = [f"v{number:03}" for number in range(VIDEOS)]


def drawn(count: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, DIM))
    directions: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return directions


class RandomIndex:
    """An index in which queries fit by chance only."""

    def __init__(self, seed: int) -> None:
        self.library, background = drawn(VIDEOS, seed), drawn(190, seed + 100)
        model = RelevanceModel.learn(background, self.library, VIDEOS)
        assert model is not None
        measured = model.background_evidence(background, VIDEOS)
        assert measured is not None
        queries = [f"query {number}" for number in range(190)]
        ids, evidence = evidence_by_video(measured[0], IDS)
        self.model = model
        self.background = BackgroundEvidence(queries, ids, evidence, measured[1], 1.0)

    def excess(self, query: Vectors) -> Vectors:
        """Return the evidence of each video less what is usual in this index, (videos,)."""
        cosines = self.library @ query
        scale = self.model.vector_scale(query, float(cosines.max()), judged=True)
        assert scale.usual is not None
        return np.array([scale.evidence(float(cosine)) - scale.usual for cosine in cosines])


@pytest.mark.parametrize("weights", [(1.0,), (1.0, 1.0), (1.0, 0.3), (2.0, 1.0, 1.0)])
def test_false_alarms_come_as_often_as_promised(weights: tuple[float, ...]) -> None:
    indexes = [RandomIndex(seed) for seed in range(len(weights))]
    pairs = list(zip(weights, indexes, strict=True))
    allowance = joint_excess(tuple((weight, index.background) for weight, index in pairs))
    alarms = []
    for number in range(300):
        totals = sum(
            w * index.excess(drawn(1, 1_000 * n + number + 7)[0])
            for n, (w, index) in enumerate(pairs)
        )
        alarms.append(np.max(totals) >= allowance)
    assert np.mean(alarms) == pytest.approx(JOINT_FALSE_ALARMS, abs=0.05)


def test_two_indexes_need_less_than_the_sum_of_both() -> None:
    first, second = RandomIndex(0).background, RandomIndex(1).background
    assert joint_excess(((1.0, first), (1.0, second))) < joint_excess(((1.0, first),))


def test_the_best_segment_of_each_video_counts() -> None:
    evidence = np.array([[1.0, 5.0, 2.0], [4.0, 3.0, 9.0]])
    ids, best = evidence_by_video(evidence, ["b", "a", "b"])
    assert list(ids) == ["a", "b"]
    assert best.tolist() == [[5.0, 2.0], [3.0, 9.0]]


def test_what_an_index_lacks_is_unseen_there() -> None:
    index = RandomIndex(0).background
    rows = len(index.queries)
    elsewhere = BackgroundEvidence(
        index.queries, np.array(["w"]), np.full((rows, 1), 50.0), np.full(rows, 1.0), 1.0
    )
    together = joint_excess(((1.0, index), (1.0, elsewhere)))
    # video w has 50 nats in one index and is unseen in the other, whose need differs by query
    usual = float(np.median(50.0 - 1.0 + UNSEEN - index.usual))
    assert together > usual


def test_too_few_shared_background_queries_change_nothing() -> None:
    index = RandomIndex(0).background
    others = BackgroundEvidence(
        [f"another {number}" for number in range(190)],
        index.video_ids,
        index.evidence,
        index.usual,
        1.0,
    )
    assert joint_excess(((1.0, index), (1.0, others))) is None
    assert joint_excess(()) is None
    assert math.isfinite(joint_excess(((1.0, index),)))
