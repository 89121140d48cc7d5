"""A library of painted pictures, measured through its own search: who is right is known."""

import pytest

from tests.helpers.api_server import serving
from tests.helpers.painted_library import ODD_IDS, VIDEOS, open_painted, paint_dataset
from tubeseek.api.app import create_api
from tubeseek.core.errors import InputError
from tubeseek.core.schemas import AddRequest, IndexRequest, Scope, SearchRequest
from tubeseek.evaluation import EvaluationTarget, Judgement
from tubeseek.evaluation.measure import sampled, unindexed
from tubeseek.evaluation.topics import Topic, topics_of_judgements, topics_of_titles, with_places
from tubeseek.library.remote import RemoteLibrary


@pytest.fixture(scope="module")
def painted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("painted")
    library = open_painted(folder)
    locator = str(paint_dataset(folder / "paint", VIDEOS))
    list(library.run(AddRequest(locators=(locator,))))
    assert unindexed(library.status()) == 0  # no index, nothing lacks
    list(library.run(IndexRequest()))
    yield library
    library.close()


def test_titles_are_found_by_pictures(painted):
    queries = []
    measuring = EvaluationTarget(painted, depth=20, on_query=lambda: queries.append(1))
    videos = measuring.videos()
    topics = with_places(topics_of_titles(videos), videos)
    # All black ones have the same title.
    assert {len(topic.gains) for topic in topics} == {1, len(ODD_IDS)}
    run = measuring.run("pictures", topics, SearchRequest(using=Scope.PICTURES))
    scores = run.scores()
    assert len(queries) == scores.queries == len(topics) == 5
    assert scores.recall[1].value == scores.mrr.value == scores.ndcg_at_10.value == 1
    by_channel = run.scores_by("channel")
    assert {name: scores.queries for name, scores in by_channel.items()} == {"Cold": 3, "Warm": 2}
    assert set(run.scores_by("category")) == {"Paint"}


def test_a_server_is_measured_alike(painted):
    topics = topics_of_titles(EvaluationTarget(painted).videos())
    request = SearchRequest(using=Scope.PICTURES)
    with serving(create_api(painted, loopback=True)) as url:
        there = EvaluationTarget(RemoteLibrary(url), depth=20).run("x", topics, request)
    here = EvaluationTarget(painted, depth=20).run("x", topics, request)
    assert [placement.ranks.tolist() for placement in there.placements] == [
        placement.ranks.tolist() for placement in here.placements
    ]


def test_wrong_judgements_are_not_met(painted):
    wrong = topics_of_judgements([Judgement("green", "v-red"), Judgement("red", "v-red")])
    run = EvaluationTarget(painted, depth=20).run("x", wrong, SearchRequest(using=Scope.PICTURES))
    assert run.scores().recall[1].value == 0.5
    assert run.firsts == ["v-green", "v-red"]


def test_an_index_compared_with_itself_gains_nothing(painted):
    measuring = EvaluationTarget(painted, depth=20)
    topics = topics_of_titles(measuring.videos())
    comparison = measuring.compare(topics, ("palette", "palette"), Scope.PICTURES)
    assert {difference.p_value for difference in comparison.differences.values()} == {1.0}
    assert {difference.gain.value for difference in comparison.differences.values()} == {0.0}


def test_tuning_takes_the_index_that_knows(painted):
    """Two titles hold as much of each query; which colour is meant, the pictures know."""
    topics = topics_of_judgements(
        [
            Judgement(f"all in blue {colour} {colour} {number}", f"v-{colour}")
            for number in range(4)
            for colour in ("red", "green", "yellow")
        ]
    )
    measuring = EvaluationTarget(painted, depth=20)
    result = measuring.tune(topics, {"words": 1.0, "palette": 0.0})
    assert result.weights["palette"] > 0
    assert (result.before, result.after, result.difference.gain.value) == (0.5, 1, 0.5)
    assert result.worth_it


def test_the_names_of_indexes_are_those_that_weights_take(painted):
    assert EvaluationTarget(painted).indexes() == ["palette", "words"]


def test_an_empty_library_says_how_to_fill_it(tmp_path):
    library = open_painted(tmp_path)
    with pytest.raises(InputError):
        EvaluationTarget(library).videos()
    library.close()


def test_a_sample_is_drawn_once_and_for_all():
    assert sampled("abcdefgh", 3, 1) == sampled("abcdefgh", 3, 1)
    assert len(set(sampled("abcdefgh", 3, 1))) == 3
    assert sampled("abc", None, 1) == sampled("abc", 9, 1) == ["a", "b", "c"]


@pytest.mark.parametrize("query", ["red - blue", '"red', "2:red -blue", "cat.jpg red"])
def test_titles_are_not_parsed_as_queries(painted, query):
    """Titles are full of dashes and quotes: they are asked as they stand, none is an error."""
    run = EvaluationTarget(painted, depth=20).run(
        "x", [Topic(query, {"v-red": 1})], SearchRequest()
    )
    assert run.firsts[0]


def test_an_index_chosen_by_name_may_lack_videos(painted):
    status = painted.status()
    (index,) = status.indexes
    names = {"encoder": "palette+adapter:/films/mine", "name": "palette+mine"}
    adapted = index.model_copy(update={**names, "active": False, "pending": 3})
    status = status.model_copy(update={"indexes": (index, adapted)})
    assert unindexed(status) == unindexed(status, ["palette"]) == 0
    assert unindexed(status, ["palette", "palette+mine"]) == 3
    assert unindexed(status, ["palette+adapter:/films/mine"]) == 3
