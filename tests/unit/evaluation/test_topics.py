"""What is asked: judgements, titles, TREC files; and where the right answers stand."""

import math

import pytest

from tubeseek.core.errors import InputError
from tubeseek.core.schemas import SearchAnswer, SearchHit, VideoFacts
from tubeseek.evaluation import Judgement, read_judgements
from tubeseek.evaluation.metrics import first_ranks, placement_in
from tubeseek.evaluation.run import Run, ask, compare_runs, recall_curve
from tubeseek.evaluation.topics import (
    Topic,
    read_trec,
    topics_of_judgements,
    topics_of_titles,
    with_places,
    without,
)


def facts(video_id, title, **more):
    return VideoFacts(id=video_id, url="https://example.org", title=title, **more)


def answering(**ids):
    """A search that returns these ids for these queries."""

    def search(query):
        hits = [
            SearchHit(rank=rank, video_id=video_id, url="", title="", channel="", score=0)
            for rank, video_id in enumerate(ids[query], start=1)
        ]
        return SearchAnswer(query=query, encoder="", hits=tuple(hits))

    return search


def run(name, ranks, depth=10):
    topics = [Topic(f"q{at}", {"right": 1.0}) for at in range(len(ranks))]
    lists = [["wrong"] * (rank - 1) + ["right"] if rank else [] for rank in ranks]
    return Run(name, topics, [placement_in(ids, {"right": 1.0}) for ids in lists], depth)


def test_judgements_of_one_query_are_its_right_answers():
    topics = topics_of_judgements(
        [Judgement("a fox", "v1"), Judgement("a fox", "v2"), Judgement("a fox", "v3", group="ko")]
    )
    assert [dict(topic.gains) for topic in topics] == [{"v1": 1.0, "v2": 1.0}, {"v3": 1.0}]
    assert topics[1].groups == {"group": "ko"}


def test_a_title_of_several_videos_is_one_query():
    topics = topics_of_titles(
        [
            facts("a", "A  Fox"),
            facts("b", "a fox"),
            facts("c", "Gone", gone=True),
            facts("d", "d"),  # its id stands in for a title
            facts("e", "여우"),
        ]
    )
    assert [(topic.query, set(topic.gains)) for topic in topics] == [
        ("A Fox", {"a", "b"}),
        ("여우", {"e"}),
    ]


def test_places_come_from_the_right_video():
    videos = [facts("a", "A fox", category="Animals", channel="Zoo"), facts("b", "B")]
    placed = with_places([Topic("x", {"a": 1}, {"group": "en"}), Topic("y", {"b": 1})], videos)
    assert placed[0].groups == {"category": "Animals", "channel": "Zoo", "group": "en"}
    assert placed[1].groups == {}
    with pytest.raises(InputError, match="'c'"):
        with_places([Topic("x", {"c": 1})], videos)


def test_videos_that_were_trained_on_are_no_queries():
    topics = [Topic("x", {"a": 1}), Topic("y", {"b": 1, "c": 1}), Topic("z", {"d": 1})]
    assert [topic.query for topic in without(topics, {"a", "c"})] == ["z"]


def test_trec_files(tmp_path):
    topics, qrels = tmp_path / "topics.tsv", tmp_path / "qrels.txt"
    topics.write_text("1\ta fox\n2\t여우\n\n3\tnobody judged\n", encoding="utf-8")
    qrels.write_text("1 0 v1 2\n1 0 v2 0\n1 0 v3 1\n2 0 v2 1\n")
    judged = read_trec(qrels, topics)
    assert [(topic.query, dict(topic.gains)) for topic in judged] == [
        ("a fox", {"v1": 2.0, "v3": 1.0}),
        ("여우", {"v2": 1.0}),
    ]


@pytest.mark.parametrize(
    ("topics", "qrels", "place"),
    [
        ("1 no tab\n", "1 0 v 1\n", "topics.tsv, line 1"),
        ("1\ta\n", "1 v 1\n", "qrels.txt, line 1"),
        ("1\ta\n", "1 0 v much\n", "qrels.txt, line 1"),
        ("1\ta\n", "1 0 v 1\n2 0 v 1\n", "line 2: topic '2'"),
        ("1\ta\n", "1 0 v 0\n", "qrels.txt"),
    ],
)
def test_trec_files_that_are_damaged_say_where(tmp_path, topics, qrels, place):
    (tmp_path / "topics.tsv").write_text(topics)
    (tmp_path / "qrels.txt").write_text(qrels)
    with pytest.raises(InputError, match=place):
        read_trec(tmp_path / "qrels.txt", tmp_path / "topics.tsv")
    with pytest.raises(InputError):
        read_trec(tmp_path / "qrels.txt", tmp_path / "absent.tsv")


def test_asking_notes_where_right_answers_stand():
    topics = [
        Topic("one", {"b": 1}, {"category": "x"}),
        Topic("two", {"b": 1, "c": 1}, {"category": "y"}),
        Topic("none", {"b": 1}, {"category": "y"}),
    ]
    run = ask("s", topics, answering(one=["a", "b"], two=["c", "a", "b"], none=[]), 3)
    assert first_ranks(run.placements).tolist() == [2, 1, math.inf]
    assert run.firsts == ["a", "c", ""]
    assert run.scores().recall[1].value == pytest.approx(1 / 3)
    by_category = run.scores_by("category")
    assert [(name, scores.queries) for name, scores in by_category.items()] == [("y", 2), ("x", 1)]
    assert by_category["y"].mrr.value == pytest.approx(0.5)
    assert run.dimensions() == ["category"]


def test_two_systems_are_compared_query_by_query():
    a, b = run("a", [1, 4, 0] * 10), run("b", [1, 2, 5] * 10)
    comparison = compare_runs(a, b)
    assert comparison.differences["recall@5"].gain.value == pytest.approx(1 / 3)
    assert comparison.differences["recall@1"].gain.value == 0
    assert comparison.differences["recall@1"].p_value == 1
    assert comparison.differences["MRR"].gain.value == pytest.approx((1 / 4 + 1 / 5) / 3)
    assert comparison.by_change()[0] == 1  # from rank 4 to rank 2
    assert comparison.by_change()[-1] % 3 == 0  # rank 1 in both
    assert recall_curve(a).tolist() == pytest.approx([1 / 3] * 3 + [2 / 3] * 7)
    with pytest.raises(ValueError):  # noqa: PT011 - the type says enough
        compare_runs(a, run("b", [1]))


@pytest.mark.parametrize(
    "line",
    [
        '{"query": 5, "video_id": "a"}',
        '{"query": "a", "video_id": 5}',
        '{"query": "a", "video_id": "b", "group": 7}',
    ],
)
def test_a_judgement_of_another_type_is_named_by_its_line(tmp_path, line):
    path = tmp_path / "judged.jsonl"
    path.write_text('{"query": "a", "video_id": "b"}\n' + line)
    with pytest.raises(InputError, match="line 2"):
        read_judgements(path)


def test_what_ends_a_line_elsewhere_may_stand_in_a_query(tmp_path):
    path = tmp_path / "judged.jsonl"
    path.write_bytes('\ufeff{"query": "a\u2028b\u0085c", "video_id": "v"}\r\n'.encode())
    assert read_judgements(path) == [Judgement("a\u2028b\u0085c", "v")]


@pytest.mark.parametrize("grade", ["nan", "inf"])
def test_a_grade_is_a_number(tmp_path, grade):
    (tmp_path / "topics").write_text("1\ta fox\n")
    (tmp_path / "qrels").write_text(f"1 0 v {grade}\n")
    with pytest.raises(InputError, match="line 1"):
        read_trec(tmp_path / "qrels", tmp_path / "topics")
