"""Metrics against closed forms, and against ir_measures (trec_eval)."""

import itertools
import math

import ir_measures
import numpy as np
import pytest
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

from tubeseek.evaluation.metrics import (
    Placement,
    first_ranks,
    ndcg_at_10,
    placement_in,
    placements_of,
    recall_at,
    reciprocal_rank,
    score,
)
from tubeseek.evaluation.statistics import compare, estimate, estimate_mean, median

QUERIES, ITEMS = 40, 60


@pytest.fixture
def graded():
    """Similarities without ties, and some right answers of grades 1 to 3 for each query."""
    random = np.random.default_rng(5)
    similarities = random.normal(size=(QUERIES, ITEMS))
    relevance = random.integers(1, 4, size=(QUERIES, ITEMS)) * (
        random.random((QUERIES, ITEMS)) < 0.1
    )
    relevance[:, 0] = np.maximum(relevance[:, 0], 1)
    return similarities, relevance


@pytest.mark.parametrize(
    ("measure", "ours"),
    [
        *((Success @ k, lambda placements, k=k: recall_at(placements, k)) for k in (1, 5, 10)),
        (RR, reciprocal_rank),
        (nDCG @ 10, ndcg_at_10),
    ],
    ids=("success@1", "success@5", "success@10", "rr", "ndcg@10"),
)
def test_same_as_trec_eval_query_by_query(graded, measure, ours):
    similarities, relevance = graded
    qrels = [
        Qrel(str(q), str(i), int(relevance[q, i]))
        for q, i in zip(*relevance.nonzero(), strict=True)
    ]
    run = [
        ScoredDoc(str(q), str(i), float(similarities[q, i]))
        for q in range(QUERIES)
        for i in range(ITEMS)
    ]
    theirs = {m.query_id: m.value for m in ir_measures.iter_calc([measure], qrels, run)}
    values = ours(placements_of(similarities, relevance))
    assert values == pytest.approx([theirs[str(q)] for q in range(QUERIES)], abs=1e-6)


def test_pairs_are_the_diagonal():
    similarities = np.array([[0.9, 0.1, 0.2], [0.8, 0.5, 0.6], [0.1, 0.2, 0.3]])
    assert first_ranks(placements_of(similarities)).tolist() == [1, 3, 1]


def test_collapsed_embeddings_get_the_rank_of_chance():
    assert first_ranks(placements_of(np.ones((5, 5)))).tolist() == [3.0] * 5


def test_a_right_answer_not_returned_has_no_rank():
    placements = [placement_in(["b", "a", "b"], {"a": 1.0}), placement_in(["b"], {"a": 1.0})]
    assert first_ranks(placements).tolist() == [2, math.inf]
    assert reciprocal_rank(placements).tolist() == [0.5, 0.0]
    assert ndcg_at_10(placements).tolist() == pytest.approx([1 / math.log2(3), 0.0])
    assert placement_in([], {"a": 1.0, "b": 1.0}).ranks.tolist() == [math.inf] * 2
    assert placement_in(["b", "a"], {"a": 1.0, "b": 2.0}).gains.tolist() == [2.0, 1.0]


def test_the_scores_of_a_perfect_and_of_a_hopeless_system():
    perfect = score(placements_of(np.eye(12)))
    assert {k: e.value for k, e in perfect.recall.items()} == {1: 1, 5: 1, 10: 1}
    assert (perfect.median_rank.value, perfect.mrr.value, perfect.ndcg_at_10.value) == (1, 1, 1)
    hopeless = score([placement_in([], {"a": 1.0})] * 12)
    assert (hopeless.recall[10].high, hopeless.median_rank.value) == (0, math.inf)


def test_the_lower_median_is_a_rank():
    assert median(np.array([1.0, 2.0, 9.0, math.inf])) == 2.0
    assert median(np.array([[3.0, 1.0, 2.0], [5.0, 5.0, 4.0]])).tolist() == [2.0, 5.0]


def test_the_interval_is_that_of_the_normal_approximation_where_it_holds():
    values = (np.random.default_rng(1).random(2_000) < 0.3).astype(np.float64)
    share = values.mean()
    interval = estimate(values)
    deviation = math.sqrt(share * (1 - share) / len(values))
    assert interval.value == share
    assert interval.low == pytest.approx(share - 1.96 * deviation, abs=0.003)
    assert interval.high == pytest.approx(share + 1.96 * deviation, abs=0.003)
    assert estimate(values) == interval
    assert estimate(values, seed=1) != interval


def test_the_interval_holds_the_truth_as_often_as_it_promises():
    random = np.random.default_rng(2)
    intervals = [estimate(random.random(100), resamples=400) for _ in range(400)]
    share = np.mean([interval.low <= 0.5 <= interval.high for interval in intervals])
    assert 0.91 <= share <= 0.98


def test_the_test_agrees_with_all_sign_flips():
    random = np.random.default_rng(3)
    a, b = random.random(12), random.random(12) + 0.1
    difference = b - a
    signs = np.array(np.meshgrid(*[[-1, 1]] * 12)).reshape(12, -1)  # all 4,096
    exact = np.mean(np.abs(difference @ signs) >= abs(difference.sum()) - 1e-9)
    assert compare(a, b).p_value == pytest.approx(exact, abs=0.015)


def test_the_same_system_twice_is_no_difference():
    values = np.random.default_rng(4).random(50)
    same = compare(values, values)
    assert same.p_value == 1.0
    assert (same.gain.value, same.gain.low, same.gain.high) == (0, 0, 0)
    better = compare(values, values + 0.2)
    assert better.p_value < 0.001
    assert better.gain.value == pytest.approx(0.2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: placements_of(np.ones((2, 3))),
        lambda: placements_of(np.full((2, 2), np.nan)),
        lambda: placements_of(np.ones((1, 2)), np.zeros((1, 2))),
        lambda: Placement(np.array([0.0]), np.array([1.0])),
        lambda: Placement(np.array([1.0]), np.array([0.0])),
        lambda: score([]),
        lambda: compare(np.ones(2), np.ones(3)),
    ],
    ids=["shapes", "not finite", "no answer", "rank 0", "gain 0", "no query", "other queries"],
)
def test_what_cannot_be_measured_is_refused(call):
    with pytest.raises(ValueError):  # noqa: PT011 - the type says enough
        call()


def test_equal_similarities_count_as_the_mean_over_all_orders():
    """Of the first right answer, and of all of them: by trying every order."""
    random = np.random.default_rng(6)
    for _ in range(20):
        similarities = random.integers(0, 3, 6).astype(np.float64)
        relevance = (random.random(6) < 0.5).astype(np.float64)
        relevance[0] = 1
        ranks = []
        for order in itertools.permutations(range(6)):
            ranked = sorted(order, key=lambda column: -similarities[column])  # a stable sort
            ranks.append([rank for rank, at in enumerate(ranked, start=1) if relevance[at]])
        mean_ranks = placements_of(similarities[None], relevance[None])[0].ranks
        np.testing.assert_allclose(mean_ranks, np.mean(ranks, axis=0))


def test_right_answers_that_are_equal_to_one_another_lose_nothing():
    placed = placements_of(np.array([[0.9, 0.9, 0.1]]), np.array([[1, 1, 0]]))
    assert placed[0].ranks.tolist() == [1, 2]
    assert ndcg_at_10(placed).tolist() == [1.0]
    graded = placements_of(np.array([[0.9, 0.9, 0.1]]), np.array([[3, 1, 0]]))[0]
    assert graded.gains.tolist() == [1, 3]


def test_groups_are_drawn_whole_and_weigh_by_their_size():
    """One of 1 and one of 3: the draws are both alike, or one of each."""
    interval = estimate_mean(np.array([1.0, 0, 0, 0]), np.array([0, 1, 1, 1]))
    assert (interval.value, interval.low, interval.high) == (0.25, 0.0, 1.0)
    values = np.random.default_rng(7).random(80)
    assert estimate_mean(values, np.arange(80)).low == pytest.approx(estimate(values).low)


def test_the_test_flips_the_signs_of_groups_together():
    random = np.random.default_rng(8)
    a, groups = random.random(30), np.repeat(np.arange(10), 3)
    b = a + np.repeat(random.normal(0.15, 0.2, 10), 3)
    sums = np.bincount(groups, b - a)
    signs = np.array(np.meshgrid(*[[-1, 1]] * 10)).reshape(10, -1)
    exact = np.mean(np.abs(sums @ signs) >= abs(sums.sum()) - 1e-9)
    assert compare(a, b, groups=groups).p_value == pytest.approx(exact, abs=0.015)
    assert compare(a, b).p_value < exact / 2  # as if the three were three
