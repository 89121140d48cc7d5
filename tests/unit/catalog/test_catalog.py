"""The catalogue keeps what is recorded, knows what is pending, and refuses what it cannot read."""

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tubeseek.catalog import Catalog, ListingChange, SourceRow
from tubeseek.catalog.schema import MIGRATIONS
from tubeseek.core.errors import CatalogError
from tubeseek.core.types import EncoderSpec, Media, Video

PLACE = SourceRow("place", "folder", None)
SPEC = EncoderSpec("palette", "v1", dim=8, frames=1)


def video(number: int, **facts: object) -> Video:
    return replace(
        Video(f"v{number}", f"https://site/v{number}", f"Title {number}", picture=f"p{number}"),
        **facts,
    )


@pytest.fixture
def catalog(tmp_path: Path):
    made = Catalog(tmp_path / "library" / "catalog.sqlite")
    yield made
    made.close()


def list_all(catalog: Catalog, *videos: Video) -> list[ListingChange]:
    listing = catalog.add_source(PLACE)
    changes = [catalog.record_listed(v, PLACE.locator, listing) for v in videos]
    catalog.finish_listing(PLACE.locator, listing)
    return changes


def pending(catalog: Catalog, key: str, *, retry_final: bool = False) -> list[str]:
    return catalog.indexes.videos(key).pending_ids(retry_final)


def test_tells_new_from_changed_from_same(catalog: Catalog) -> None:
    assert list_all(catalog, video(1), video(2)) == [ListingChange.NEW, ListingChange.NEW]
    retitled, repainted = video(1, title="Another"), video(2, picture="another")
    assert list_all(catalog, video(1), video(2)) == [ListingChange.SAME, ListingChange.SAME]
    assert list_all(catalog, retitled, repainted) == [ListingChange.CHANGED, ListingChange.CHANGED]
    assert catalog.videos(["v1"])["v1"].title == "Another"


def test_a_listing_that_says_less_forgets_nothing(catalog: Catalog) -> None:
    list_all(catalog, video(1, description="long", views=5, tags=("a",)))
    list_all(catalog, video(1, views=0))
    stored = catalog.videos(["v1"])["v1"]
    assert (stored.description, stored.views, stored.tags) == ("long", 0, ("a",))


def test_marks_what_is_gone_and_takes_it_back(catalog: Catalog) -> None:
    list_all(catalog, video(1), video(2))
    list_all(catalog, video(2))
    assert {v.id: gone for v, gone in catalog.list_videos(9)} == {"v1": 1, "v2": 0}
    assert list_all(catalog, video(1), video(2)) == [ListingChange.CHANGED, ListingChange.SAME]
    assert catalog.counts() == {"videos": 2, "gone": 0}


def list_twice_confirmed(catalog: Catalog, *listings: list[Video] | None) -> list[str]:
    """List some videos after the other, None for a listing that is killed; return what is gone."""
    gone: list[str] = []
    for videos in listings:
        listing = catalog.add_source(PLACE)
        for each in videos or [video(3)]:
            catalog.record_listed(each, PLACE.locator, listing)
        if videos is not None:
            gone += catalog.finish_listing(PLACE.locator, listing, confirm=True)
    return gone


def test_a_confirmed_listing_needs_another_complete_one_before_it(catalog: Catalog) -> None:
    both, rest = [video(1), video(2), video(3)], [video(2), video(3)]
    assert list_twice_confirmed(catalog, both, rest) == []
    assert list_twice_confirmed(catalog, rest) == ["v1"]


def test_a_listing_that_was_killed_confirms_nothing(catalog: Catalog) -> None:
    both, rest = [video(1), video(2), video(3)], [video(2), video(3)]
    assert list_twice_confirmed(catalog, both, None, rest, None) == []
    assert list_twice_confirmed(catalog, both, None, rest) == []
    assert catalog.counts()["gone"] == 0


def test_a_place_that_lists_nothing_any_more_is_confirmed_too(catalog: Catalog) -> None:
    list_twice_confirmed(catalog, [video(1)])
    gone = [
        catalog.finish_listing(PLACE.locator, catalog.add_source(PLACE), confirm=True)
        for _ in range(2)
    ]
    assert gone == [[], ["v1"]]


def test_a_library_of_before_counts_its_listings_on(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    db = sqlite3.connect(path, isolation_level=None)
    for migration in MIGRATIONS[:4]:
        for statement in migration:
            db.execute(statement)
    db.execute("PRAGMA user_version = 4")
    db.execute("INSERT INTO sources VALUES ('place', 'folder', NULL, 'then', 'then')")
    record = "INSERT INTO videos VALUES (?1, 't', '', '', ?2, 'c', 'then', NULL, '')"
    db.executemany(record, [("v1", '{"id": "v1"}'), ("v2", '{"id": "v2"}')])
    db.executemany("INSERT INTO origins VALUES (?, 'place', ?)", [("v1", 7), ("v2", 6)])
    db.close()
    catalog = Catalog(path)
    assert catalog.sources() == [PLACE]
    assert list_twice_confirmed(catalog, [video(2)]) == []
    assert list_twice_confirmed(catalog, [video(2)]) == ["v1"]
    catalog.close()


def test_a_video_that_another_place_still_lists_is_not_gone(catalog: Catalog) -> None:
    list_all(catalog, video(1))
    other = SourceRow("other", "folder", None)
    catalog.record_listed(video(1), "other", catalog.add_source(other))
    catalog.finish_listing(PLACE.locator, catalog.add_source(PLACE))
    assert catalog.counts()["gone"] == 0
    assert catalog.ids_of_source(PLACE.locator) == []


def test_an_index_lacks_what_is_new_or_repainted(catalog: Catalog) -> None:
    list_all(catalog, video(1), video(2))
    key = catalog.indexes.add_index("palette", SPEC).key
    assert pending(catalog, key) == ["v1", "v2"]
    contents = {v: catalog.indexes.pending(v).content for v in ("v1", "v2")}
    catalog.indexes.videos(key).begin(["v1", "v2"])
    catalog.indexes.videos(key).record([(v, contents[v], 3) for v in ("v1", "v2")])
    assert pending(catalog, key) == []
    assert catalog.indexes.videos(key).counts() == (2, 6)
    list_all(catalog, video(1, title="only the title"), video(2, picture="new"))
    assert pending(catalog, key) == ["v2"]
    assert catalog.indexes.videos(key).counts() == (1, 3)


def test_an_index_holds_something_while_a_video_in_it_is_as_it_was(catalog: Catalog) -> None:
    list_all(catalog, video(1), video(2))
    key = catalog.indexes.add_index("palette", SPEC).key
    other = catalog.indexes.add_index("other", replace(SPEC, name="other")).key
    contents = [(v, catalog.indexes.pending(v).content, 3) for v in ("v1", "v2")]
    catalog.indexes.videos(key).begin(["v1", "v2"])
    assert not catalog.indexes.videos(key).any()
    catalog.indexes.videos(key).record(contents)
    assert catalog.indexes.videos(key).any()
    assert not catalog.indexes.videos(other).any()
    list_all(catalog, video(1, picture="new"))
    assert catalog.indexes.videos(key).any()
    list_all(catalog, video(2, picture="new"))
    assert not catalog.indexes.videos(key).any()


def test_an_older_version_or_a_killed_run_must_be_removed_first(catalog: Catalog) -> None:
    list_all(catalog, video(1), video(2))
    key = catalog.indexes.add_index("palette", SPEC).key
    assert catalog.indexes.videos(key).begin(["v1"]) == []
    # ... and the process is killed here, with vectors of v1 perhaps in the store
    assert catalog.indexes.videos(key).begin(["v1", "v2"]) == ["v1"]
    assert pending(catalog, key) == ["v1", "v2"]


def test_a_final_failure_is_left_alone_until_a_retry_or_a_new_picture(
    catalog: Catalog,
) -> None:
    list_all(catalog, video(1), video(2))
    key = catalog.indexes.add_index("palette", SPEC).key
    catalog.failures.record("v1", "fetch", "private", final=True)
    catalog.failures.record("v2", "fetch", "timed out", final=False)
    catalog.failures.record("v2", "fetch", "timed out", final=False)
    assert pending(catalog, key) == ["v2"]
    assert pending(catalog, key, retry_final=True) == ["v1", "v2"]
    assert catalog.failures.counts() == (1, 1)
    assert {f.video_id: f.attempts for f in catalog.failures.latest()} == {"v1": 1, "v2": 2}
    list_all(catalog, video(1, picture="new"), video(2))
    assert pending(catalog, key) == ["v1", "v2"]


def test_fetched_media_lasts_as_long_as_the_picture(catalog: Catalog, tmp_path: Path) -> None:
    list_all(catalog, video(1))
    catalog.indexes.add_index("palette", SPEC)
    content = catalog.indexes.pending("v1").content
    fetched = Media(video(1, description="in full"), tmp_path / "t.jpg")
    catalog.record_media(fetched, content)
    assert catalog.indexes.pending("v1").media == fetched
    list_all(catalog, video(1, picture="new"))
    assert catalog.indexes.pending("v1").media is None


def test_removing_a_video_removes_all_that_is_known_of_it(catalog: Catalog) -> None:
    list_all(catalog, video(1))
    key = catalog.indexes.add_index("palette", SPEC).key
    catalog.failures.record("v1", "fetch", "private", final=True)
    catalog.indexes.videos(key).begin(["v1"])
    assert catalog.remove_video("v1") == [key]
    assert pending(catalog, key) == []
    assert catalog.failures.latest() == []
    assert catalog.indexes.pending("v1") is None


def test_searches_ask_the_indexes_that_are_switched_on(catalog: Catalog) -> None:
    assert catalog.indexes.active_indexes() == []
    first = catalog.indexes.add_index("a", SPEC)
    second = catalog.indexes.add_index("b", replace(SPEC, fingerprint="v2"))
    for on, off in ((first, second), (second, first)):
        catalog.indexes.switch([on.key], [off.key])
        assert catalog.indexes.active_indexes() == [on]
    catalog.indexes.switch([first.key, second.key])
    assert {row.key for row in catalog.indexes.active_indexes()} == {first.key, second.key}


def test_a_dropped_index_holds_nothing_when_it_is_added_again(catalog: Catalog) -> None:
    list_all(catalog, video(1))
    key = catalog.indexes.add_index("a", SPEC).key
    assert pending(catalog, key) == ["v1"]
    catalog.indexes.videos(key).begin(["v1"])
    catalog.indexes.videos(key).record([("v1", catalog.indexes.pending("v1").content, 1)])
    assert pending(catalog, key) == []
    catalog.indexes.drop_index(key)
    assert catalog.indexes.indexes() == []
    assert pending(catalog, catalog.indexes.add_index("a", SPEC).key) == ["v1"]


def test_more_ids_than_fit_one_statement(catalog: Catalog) -> None:
    list_all(catalog, *(video(n) for n in range(1200)))
    assert len(catalog.videos([f"v{n}" for n in range(1300)])) == 1200


def test_a_newer_catalogue_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    Catalog(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(CatalogError, match="99"):
        Catalog(path)
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)
    db.close()


def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(CatalogError):
        Catalog(path)


def test_two_may_make_it_at_once(tmp_path: Path) -> None:
    path, made, errors = tmp_path / "catalog.sqlite", [], []

    def make() -> None:
        try:
            made.append(Catalog(path))
        except CatalogError as error:
            errors.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for catalog in made:
        assert catalog.counts() == {"videos": 0, "gone": 0}
        catalog.close()


def test_a_failed_transaction_changes_nothing(catalog: Catalog) -> None:
    listing = catalog.add_source(PLACE)
    with pytest.raises(CatalogError):
        catalog.record_listed(replace(video(1), channel=None), PLACE.locator, listing)
    assert catalog.counts()["videos"] == 0
    assert catalog.record_listed(video(1), PLACE.locator, listing) is ListingChange.NEW
