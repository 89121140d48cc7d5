"""What every store of passages promises. The store in memory is the oracle for the others; BM25 as
written out here checks the oracle itself."""

import math
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from qdrant_client import QdrantClient

from tests.helpers.memory_passages import MemoryPassages
from tubeseek.core.errors import EncoderMismatchError, StoreError, StoreLockedError
from tubeseek.core.filters import Filter, matches
from tubeseek.core.protocols import PassageStore
from tubeseek.core.types import Passage, Segment, SegmentKind, Video
from tubeseek.stores.edge.folder import read_card, write_card
from tubeseek.stores.edge.passages import EdgePassages
from tubeseek.stores.server.passages import COLLECTION, ServerPassages

QDRANT_URL = os.environ.get("QDRANT_URL", "")
VIDEOS = {
    f"v{i}": Video(
        f"v{i}",
        "",
        f"Video {i}",
        channel="Pets" if i % 2 else "",
        published=date(2024, 1, 1 + i),
        duration_seconds=60.0 * i,
        views=i,
    )
    for i in range(5)
}
VOCABULARY = ["고양이", "고양이가", "고양이를", "강아지", "산책하는", "책을"]
VOCABULARY += ["dog", "dogs", "runs", "2024", "猫カフェ", "naïve"]


def _live(after: ExitStack) -> ServerPassages:
    """A collection of its own on the real server, dropped afterwards."""
    name = f"{COLLECTION}-test-{uuid4().hex}"
    key = os.environ.get("QDRANT_API_KEY")
    client = QdrantClient(url=QDRANT_URL, api_key=key, check_compatibility=False)
    after.callback(client.close)
    after.callback(client.delete_collection, name)
    return ServerPassages(QDRANT_URL, api_key=key, collection=name)


@pytest.fixture(scope="module", params=["memory", "edge", "server"] + ["live"] * bool(QDRANT_URL))
def made_store(request, tmp_path_factory) -> Iterator[PassageStore]:
    with ExitStack() as after:
        made: PassageStore = {
            "memory": MemoryPassages,
            "edge": lambda: EdgePassages(tmp_path_factory.mktemp("store") / "words"),
            "server": lambda: ServerPassages("local", client=QdrantClient(":memory:")),
            "live": lambda: _live(after),
        }[request.param]()
        after.callback(made.close)
        yield made


@pytest.fixture
def store(made_store: PassageStore) -> PassageStore:
    """A store from which everything was removed: what was there must not weigh in any score."""
    for video_id in VIDEOS:
        made_store.remove_video(video_id)
    assert made_store.count() == 0
    return made_store


def passage(video_id: str, start: float, text: str, track: str = "caption") -> Passage:
    return Passage(Segment(video_id, SegmentKind.PASSAGE, start, start + 30, track), text)


def random_passages(n: int, seed: int) -> list[Passage]:
    """Passage i belongs to video i modulo 5; some have no words."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    return [
        passage(f"v{i % 5}", i * 30.0, " ".join(draw.choices(VOCABULARY, k=draw.randint(0, 12))))
        for i in range(n)
    ]


def titles(*texts: str) -> list[Passage]:
    return [passage(f"v{i}", 0, text, "title") for i, text in enumerate(texts)]


def matching_ids(store: PassageStore, text: str, where: Filter | None = None) -> set[str]:
    return {hit.segment.video_id for hit in store.search(text, 100, where)}


def scores(store: PassageStore, text: str, where: Filter | None = None) -> dict[Segment, float]:
    return {hit.segment: hit.score for hit in store.search(text, 1000, where)}


def test_scores_are_those_of_bm25(store: PassageStore):
    store.add(titles("dog dog runs", "dog 2024", "cat", "..."), VIDEOS)
    # Three texts with words, two of which hold "dog"; lengths 3 and 2, average taken as 64.
    idf = math.log((3 - 2 + 0.5) / (2 + 0.5) + 1)
    twice = 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 64))
    once = 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / 64))
    hits = store.search("dog", 10)
    assert [hit.segment.video_id for hit in hits] == ["v0", "v1"]
    assert [hit.score for hit in hits] == pytest.approx([idf * twice, idf * once], rel=1e-5)
    assert hits[0].text == "dog dog runs"


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_the_exact_store(store: PassageStore, seed: int):
    exact = MemoryPassages()
    for either in (store, exact):
        either.add(random_passages(80, seed), VIDEOS)
        either.add(random_passages(40, seed + 10), VIDEOS)  # replaces half
        either.remove_video("v3")
        either.commit()
    for query in ("고양이", "dog 고양이가 2024", "책", "산책 naive", "猫"):
        for where in (None, Filter(min_views=2), Filter(channels=("Pets",)), Filter(video_ids=())):
            assert scores(store, query, where) == pytest.approx(
                scores(exact, query, where), rel=1e-4
            )
        ranked = [hit.score for hit in store.search(query, 7)]
        assert ranked == pytest.approx([hit.score for hit in exact.search(query, 7)], rel=1e-4)
        assert ranked == sorted(ranked, reverse=True)


def test_terms_may_count_by_other_weights_than_their_idf(store: PassageStore):
    store.add(titles("dog dog runs", "dog 2024", "cat", "..."), VIDEOS)
    once = 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / 64))
    in_three = 2.2 / (1 + 1.2 * (0.25 + 0.75 * 3 / 64))
    twice = 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 64))
    hits = store.search("dog runs", 10, weights={"dog": 0.5, "run": 7.0, "zebra": 3.0})
    assert {hit.segment.video_id: hit.score for hit in hits} == pytest.approx(
        {"v0": 0.5 * twice + 7.0 * in_three, "v1": 0.5 * once}, rel=1e-5
    )
    assert store.search("dog", 10, weights={"zebra": 3.0}) == []


def test_frequencies_follow_what_is_added_and_removed(store: PassageStore):
    store.add(titles("dog dog runs", "dog 2024", "cat", "..."), VIDEOS)

    def idf(texts: int, holding: int) -> float:
        return math.log((texts - holding + 0.5) / (holding + 0.5) + 1)

    for _ in range(2):  # the second time from what the store remembers
        frequencies = store.inverse_document_frequencies(["dog", "cat", "zebra"])
        assert frequencies == pytest.approx({"dog": idf(3, 2), "cat": idf(3, 1)}, rel=1e-5)
    store.remove_video("v1")
    left = store.inverse_document_frequencies(["dog", "2024"])
    assert left == pytest.approx({"dog": idf(2, 1)}, rel=1e-5)
    store.add([passage("v3", 0, "dog")], VIDEOS)
    grown = store.inverse_document_frequencies(["dog"])
    assert grown == pytest.approx({"dog": idf(3, 2)}, rel=1e-5)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("고양이", "고양이가 피아노를 친다"),
        ("고양이는", "우리 집 고양이"),
        ("먹방", "라면 먹방을 했다"),
        ("요리하다", "쉽게 요리하는 법"),
        ("책을", "책 읽기"),
        ("굽다", "고기 굽는 법"),
        ("dog", "Two DOGS run"),
        ("ｖｌｏｇ", "VLOG"),
        ("café", "the cafes of Paris"),
    ],
)
def test_no_ending_hides_a_word(store: PassageStore, query: str, text: str):
    store.add(titles("전혀 다른 이야기", text, "something else"), VIDEOS)
    assert matching_ids(store, query) == {"v1"}


@pytest.mark.parametrize("query", ["", "  ", "?!", "zebra", "한라산", "운동하다"])
def test_finds_nothing_without_a_common_word(store: PassageStore, query: str):
    store.add(titles("고양이가 잔다", "쉽게 요리하다", "a dog"), VIDEOS)
    assert store.search(query, 10) == []


def test_an_empty_store_finds_nothing(store: PassageStore):
    store.add([], {})
    store.commit()
    assert store.search("dog", 10) == []
    assert store.count() == 0


@pytest.mark.parametrize(("limit", "number"), [(-1, 0), (0, 0), (2, 2), (9, 3)])
def test_finds_up_to_the_limit(store: PassageStore, limit: int, number: int):
    store.add(titles("dog", "a dog", "the dog"), VIDEOS)
    assert len(store.search("dog", limit)) == number


def test_adding_twice_changes_nothing(store: PassageStore):
    store.add(random_passages(20, 1), VIDEOS)
    before = scores(store, "고양이 dog")
    store.add(random_passages(20, 1), VIDEOS)
    assert store.count() == 20
    assert scores(store, "고양이 dog") == pytest.approx(before)


def test_adding_again_replaces_the_words(store: PassageStore):
    store.add([passage("v0", 0, "dog")], VIDEOS)
    store.add([passage("v0", 0, "고양이")], VIDEOS)
    assert matching_ids(store, "dog") == set()
    assert [hit.text for hit in store.search("고양이", 5)] == ["고양이"]


def test_reads_a_video_back_by_time_and_track(store: PassageStore):
    passages = [
        passage("v1", 30, "later"),
        passage("v1", 0, "Words", "title"),
        passage("v1", 0, "first said", "caption"),
        passage("v1", 0, "", "description"),
    ]
    store.add([*passages, passage("v2", 0, "another")], VIDEOS)
    order = [2, 3, 1, 0]
    assert store.read_video("v1") == [passages[i] for i in order]
    assert store.read_video("nobody") == []


def test_reads_a_video_of_many_passages(store: PassageStore):
    many = [passage("v1", i, f"word {i}") for i in range(600)]
    store.add(many, VIDEOS)
    assert store.read_video("v1") == many


def test_a_filter_means_what_it_means_for_videos(store: PassageStore):
    store.add(titles(*["dog"] * 5), VIDEOS)
    for where in (
        Filter(min_views=3),
        Filter(channels=("Pets",)),
        Filter(not_video_ids=("v1", "v2")),
        Filter(after=date(2024, 1, 3), before=date(2024, 1, 5)),
        Filter(min_duration_seconds=60, max_duration_seconds=180),
    ):
        assert matching_ids(store, "dog", where) == {
            v.id for v in VIDEOS.values() if matches(where, v)
        }


def test_moments_are_kept_by_where_they_begin(store: PassageStore):
    captions = [passage("v1", start, "dog") for start in (0, 30, 60)]
    store.add([*captions, *titles("dog", "dog"), passage("v2", 0, "dog", "description")], VIDEOS)

    def starts(where: Filter) -> list[float]:
        return sorted(hit.segment.start for hit in store.search("dog", 100, where))

    assert starts(Filter(moments_from_seconds=0)) == [0, 30, 60]
    assert starts(Filter(moments_from_seconds=30)) == [30, 60]
    assert starts(Filter(moments_until_seconds=30)) == [0]
    assert starts(Filter(moments_from_seconds=1, moments_until_seconds=60, min_views=1)) == [30]
    assert starts(Filter(moments_from_seconds=1, min_views=2)) == []


def test_a_changed_video_is_filtered_anew_and_keeps_its_words(store: PassageStore):
    store.add(titles("dog", "dog", "dog"), VIDEOS)
    store.update_video(replace(VIDEOS["v2"], views=None, channel="New"))
    store.update_video(Video("nobody", "", "", views=99))
    assert matching_ids(store, "dog", Filter(min_views=1)) == {"v1"}
    assert matching_ids(store, "dog", Filter(channels=("New",))) == {"v2"}
    assert store.count() == 3


def test_forgets_a_removed_video(store: PassageStore):
    store.add(titles("dog", "dog", "cat"), VIDEOS)
    store.remove_video("v0")
    store.remove_video("nobody")
    assert matching_ids(store, "dog cat") == store.video_ids() == {"v1", "v2"}
    assert store.count() == 2


def test_refuses_a_passage_whose_video_is_not_given(store: PassageStore):
    with pytest.raises(ValueError, match="v1"):
        store.add(titles("dog", "cat"), {"v0": VIDEOS["v0"]})
    assert store.count() == 0


def test_the_embedded_store_survives_reopening_and_packing(tmp_path: Path):
    folder = tmp_path / "고양이 videos" / "words"
    passages = random_passages(60, 4)
    store = EdgePassages(folder, build_from=50)
    store.add(passages, VIDEOS)
    before = scores(store, "고양이 dog")
    store.commit()
    packed = read_card(folder)
    assert packed is not None
    assert (packed.generation, packed.loose) == (2, 0)
    assert scores(store, "고양이 dog") == pytest.approx(before)
    store.remove_video("v1")
    store.add([passage("v0", 9000, "책을 읽다")], VIDEOS)
    store.close()
    store.close()  # twice is harmless
    store = EdgePassages(folder)
    exact = MemoryPassages()
    exact.add([*passages, passage("v0", 9000, "책을 읽다")], VIDEOS)
    exact.remove_video("v1")
    for query in ("고양이 dog", "책"):
        assert scores(store, query) == pytest.approx(scores(exact, query), rel=1e-4)
    assert sorted(p.name for p in folder.glob("shard-*")) == ["shard-2"]
    store.close()
    with pytest.raises(StoreError):
        store.search("dog", 1)


def test_the_embedded_store_has_one_owner(tmp_path: Path):
    first = EdgePassages(tmp_path / "words")
    with pytest.raises(StoreLockedError):
        EdgePassages(tmp_path / "words")
    program = (
        "import sys; from pathlib import Path;"
        "from tubeseek.stores.edge.passages import EdgePassages;"
        "EdgePassages(Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "words")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "StoreLockedError" in run.stderr
    first.add(titles("dog"), VIDEOS)  # the first is none the worse for it
    assert matching_ids(first, "dog") == {"v0"}
    first.close()


def test_words_cut_in_another_way_are_refused(tmp_path: Path):
    EdgePassages(tmp_path).close()
    card = read_card(tmp_path)
    assert card is not None
    write_card(tmp_path, replace(card, spec=replace(card.spec, fingerprint="older")))
    with pytest.raises(EncoderMismatchError, match="older"):
        EdgePassages(tmp_path)
