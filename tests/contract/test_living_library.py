"""What keeps a library up to date: refreshing, purging, repeating, schedules and saved searches."""

import sqlite3
import threading
import time
from collections.abc import Generator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.helpers.hasty_library import HastyLibrary
from tests.helpers.palette_encoder import PaletteEncoder
from tests.helpers.replayed_youtube import (
    API,
    PLAYLIST,
    SITE,
    Answer,
    Replay,
    page,
    player,
    playlist_page,
    playlist_video,
    video_id,
    video_route,
    watch_page,
)
from tubeseek.api.jobs import JobRunner
from tubeseek.api.schedule import Schedule
from tubeseek.catalog import Catalog, SourceRow
from tubeseek.core.errors import CatalogError, InputError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.periods import parse_period
from tubeseek.core.schemas import IndexRequest, JobRequest, SearchAnswer, SearchHit, SearchRequest
from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import Video
from tubeseek.library.watches import ATOM, Watches

PLACE = f"{SITE}/playlist?list={PLAYLIST}"
OTHER = f"{SITE}/playlist?list=PLothersxxxxxxxxxxxxxxxx"
LONG_AGO = "2020-01-01T00:00:00.000000+00:00"


@pytest.fixture
def library(tmp_path: Path) -> HastyLibrary:
    return HastyLibrary(tmp_path / "library")


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Replay:
    return Replay(monkeypatch, lists)


def lists(url: str, body: dict[str, Any]) -> Answer:
    """Two playlists, of the videos 0 to 2 and 3 to 4, and all of these videos."""
    numbers = (3, 4) if "PLothers" in f"{url}{body}" else (0, 1, 2)
    first = playlist_page([playlist_video(number) for number in numbers], len(numbers))
    if "/playlist?" in url:
        return page(first)
    return first if url == f"{API}browse?prettyPrint=false" else video_route(url, body)


def age(library: HastyLibrary, *numbers: int) -> None:
    """Make the facts of these videos old."""
    with sqlite3.connect(library.folder / "catalog.sqlite") as database:
        database.executemany(
            "UPDATE videos SET checked_at = ? WHERE id = ?",
            [(LONG_AGO, video_id(number)) for number in numbers],
        )
    database.close()


def titles(library: HastyLibrary) -> dict[str, str]:
    catalog = Catalog(library.folder / "catalog.sqlite")
    try:
        return {video.id: video.title for video, gone in catalog.list_videos(99) if not gone}
    finally:
        catalog.close()


class TestOldFacts:
    def test_a_refresh_fetches_the_old_ones_again(
        self, library: HastyLibrary, replay: Replay
    ) -> None:
        library.run("add", PLACE)
        age(library, 0, 1)

        private = {"playabilityStatus": {"status": "ERROR", "reason": "Private video"}}

        def changed(url: str, body: dict[str, Any]) -> Answer:
            if video_id(1) in f"{url}{body}":
                answer = page(private, "ytInitialPlayerResponse") + page({"contents": {"x": {}}})
                return answer if "watch?v=" in url else private
            if "watch?v=" in url:
                return watch_page(0, title="Renamed")
            return player(0, title="Renamed")

        replay.route = changed
        replay.requests.clear()
        code, answer, _ = library.run("refresh", "--older-than", "30d")
        assert (code, answer) == (0, {"refreshed": 1, "gone": 1, "failed": 0})
        assert titles(library) == {video_id(0): "Renamed", video_id(2): "Video 2"}
        assert replay.count("i.ytimg.com") == 0
        assert library.run("refresh", "--older-than", "30d")[1]["refreshed"] == 0

    def test_a_purge_removes_the_old_ones_of_a_source(
        self, library: HastyLibrary, replay: Replay
    ) -> None:
        library.run("add", PLACE, OTHER)
        age(library, 0, 3)
        assert library.run("purge", "--older-than", "30", PLACE, "--yes")[1] == {"removed": 1}
        assert sorted(titles(library)) == [video_id(number) for number in (1, 2, 3, 4)]
        assert library.run("purge", "--older-than", "30d", "--yes")[1] == {"removed": 1}
        assert sorted(titles(library)) == [video_id(number) for number in (1, 2, 4)]

    def test_a_listing_makes_facts_young_that_were_never_fetched(
        self, library: HastyLibrary, replay: Replay
    ) -> None:
        library.run("add", PLACE)
        age(library, 0, 1, 2)
        library.run("sync")
        assert library.run("purge", "--older-than", "30d", "--yes")[1] == {"removed": 0}

    def test_what_lies_on_this_machine_is_left_alone(
        self, library: HastyLibrary, tmp_path: Path
    ) -> None:
        folder = tmp_path / "videos"
        folder.mkdir()
        (folder / "cat.mp4").write_bytes(b"no video")
        library.run("add", str(folder))
        with sqlite3.connect(library.folder / "catalog.sqlite") as database:
            database.execute("UPDATE videos SET checked_at = ?", (LONG_AGO,))
        database.close()
        assert library.run("purge", "--older-than", "30d", "--yes")[1] == {"removed": 0}


def test_sync_again_and_again_indexes_too(
    library: HastyLibrary, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tubeseek.encoders.factory.open_encoder", lambda *arguments: PaletteEncoder()
    )
    library.run("add", PLACE)
    hours = iter(range(0, 48, 4))  # on the clock
    clock = SimpleNamespace(monotonic=lambda: 3600.0 * next(hours), sleep=lambda seconds: None)
    monkeypatch.setattr("tubeseek.cli.upkeep.time", clock)

    def stop_in_the_third_round(url: str, body: dict[str, Any]) -> Answer:
        if replay.count("/playlist?") == 4:  # that of `add` is the first
            raise KeyboardInterrupt
        return lists(url, body)

    replay.route = stop_in_the_third_round
    code, _ = library.invoke("sync", "--every", "6h")
    assert code == 130
    catalog = Catalog(library.folder / "catalog.sqlite")
    [row] = catalog.indexes.active_indexes()
    assert len(catalog.indexes.videos(row.key).video_ids()) == 3
    catalog.close()


def test_the_newest_videos_are_indexed_first(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    listing = catalog.add_source(SourceRow("place", "youtube", None))
    for name, published in (
        ("old", date(2020, 1, 1)),
        ("undated", None),
        ("new", date(2026, 1, 1)),
    ):
        catalog.record_listed(Video(name, "", name, published=published), "place", listing)
    assert catalog.newest_first(["old", "undated", "new"]) == ["new", "old", "undated"]
    catalog.close()


class TestSchedule:
    def test_it_survives_restarts_and_is_due_once_each_time(self, tmp_path: Path) -> None:
        due = []
        for seconds in (3600.0, None, None):
            catalog = Catalog(tmp_path / "catalog.sqlite")
            if seconds:
                catalog.upkeep.set_sync_every(seconds)
            assert catalog.upkeep.sync_every_seconds() == 3600.0
            due.append(catalog.upkeep.take_due_sync())
            catalog.close()
        assert due == [True, False, False]
        with sqlite3.connect(tmp_path / "catalog.sqlite") as database:
            database.execute("UPDATE schedule SET started_at = ?", (LONG_AGO,))
        database.close()
        catalog = Catalog(tmp_path / "catalog.sqlite")
        assert catalog.upkeep.take_due_sync()
        catalog.upkeep.set_sync_every(0)
        assert not catalog.upkeep.take_due_sync()
        catalog.close()

    def test_a_server_syncs_indexes_and_updates_saved_searches(self) -> None:
        requests: list[JobRequest] = []
        updated = threading.Event()

        def run(request: JobRequest) -> Generator[Event, None, None]:
            requests.append(request)
            yield Event(EventKind.FINISHED, request.verb)

        dues = iter([True])
        runner = JobRunner(run)
        schedule = Schedule(runner, lambda: next(dues, False), updated.set, check_seconds=0.01)
        schedule.start()
        assert updated.wait(30)
        schedule.stop()
        runner.shutdown()
        assert [request.verb for request in requests] == ["sync", "index"]
        assert isinstance(requests[1], IndexRequest)
        assert requests[1].newest_first

    def test_a_failure_does_not_end_it(self) -> None:
        calls: list[float] = []

        def fail() -> bool:
            calls.append(time.monotonic())
            raise CatalogError("the disk is full")

        schedule = Schedule(JobRunner(lambda request: None), fail, fail, check_seconds=0.001)  # type: ignore[arg-type, return-value]
        schedule.start()
        while len(calls) < 3:
            time.sleep(0.001)
        schedule.stop()


class TestWatches:
    def test_what_is_new_comes_first_and_once(self, tmp_path: Path) -> None:
        feed = tmp_path / "feeds" / "cars.xml"
        watches = Watches(tmp_path)
        watches.save("빨간 차", feed)
        assert watches.update(finds("a", "b\x07 & <b>")) == {"빨간 차": 2}
        assert watches.update(finds("b\x07 & <b>", "c", "a")) == {"빨간 차": 1}
        root = ET.fromstring(feed.read_bytes())  # noqa: S314  our own
        assert root.tag == f"{{{ATOM}}}feed"
        entries = root.findall(f"{{{ATOM}}}entry")
        assert [entry.findtext(f"{{{ATOM}}}title") for entry in entries] == ["c", "a", "b & <b>"]
        assert len({entry.findtext(f"{{{ATOM}}}id") for entry in entries}) == 3
        link = entries[0].find(f"{{{ATOM}}}link")
        assert link is not None
        assert link.get("href") == "https://site/c"

    def test_what_does_not_fit_is_not_new(self, tmp_path: Path) -> None:
        watches = Watches(tmp_path)
        watches.save("cats", tmp_path / "cats.xml")
        assert watches.update(finds("a", fit=Fit.NONE)) == {"cats": 0}
        assert b"<entry>" not in (tmp_path / "cats.xml").read_bytes()

    def test_a_search_can_be_forgotten(self, tmp_path: Path) -> None:
        watches = Watches(tmp_path)
        watches.save("cats", tmp_path / "cats.xml")
        watches.remove("cats")
        assert watches.update(finds("a")) == {}
        with pytest.raises(InputError):
            watches.remove("cats")

    @pytest.mark.parametrize("text", ["", "{", "[1]", '[{"query": 1}]'])
    def test_a_damaged_file_is_named(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "watches.json").write_text(text)
        with pytest.raises(CatalogError, match=r"watches\.json"):
            Watches(tmp_path).all()


@pytest.mark.parametrize("text", ["", "6", "6 hours", "-1d", "30s", "0h", "1e9d", "9" * 30 + "d"])
def test_periods_that_are_none(text: str) -> None:
    if text == "6":
        assert parse_period(text) == 6 * 86_400
        return
    with pytest.raises(InputError):
        parse_period(text)


def finds(*titles: str, fit: Fit = Fit.STRONG) -> Any:
    """A search that finds videos of these titles."""
    hits = tuple(
        SearchHit(
            rank=rank,
            video_id=title,
            url=f"https://site/{title}",
            title=title,
            channel="",
            score=1.0,
            fit=fit,
        )
        for rank, title in enumerate(titles, start=1)
    )

    def search(request: SearchRequest) -> SearchAnswer:
        return SearchAnswer.model_construct(hits=hits)

    return search
