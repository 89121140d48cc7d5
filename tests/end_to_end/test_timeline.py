"""The timeline of a real video with chapters, captions and a heatmap, here and over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.helpers.api_server import serving
from tests.helpers.command import Command
from tests.helpers.made_videos import BLUE, GREEN, RED, make_video
from tubeseek.api.app import create_api
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import SearchRequest, Timeline, TimelineRequest, Using
from tubeseek.core.settings import load_settings
from tubeseek.library.library import Library
from tubeseek.library.open import open_library
from tubeseek.library.remote import RemoteLibrary

SHOT_SECONDS = 4
INFO = {
    "id": "colours",
    "title": "Three pictures",
    "chapters": [{"title": "Meadow", "start_time": 4, "end_time": 8}],
    "heatmap": [
        {"start_time": 0, "end_time": 6, "value": 0.25},
        {"start_time": 6, "end_time": 12, "value": 1.0},
    ],
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("timeline")
    films = folder / "films"
    films.mkdir()
    make_video(films / "colours.mp4", [RED, GREEN, BLUE], seconds_each=SHOT_SECONDS)
    (films / "colours.info.json").write_text(json.dumps(INFO))
    (films / "colours.en.vtt").write_text(
        "WEBVTT\n\n00:00:08.500 --> 00:00:11.500\nthe gardens of the sea\n"
    )
    command = Command(folder / "library")
    command.ok("add", str(films))
    command.ok("index", "--encoder", "starter")
    library, ownership = open_library(load_settings({"library": command.library}), "test")
    yield library
    library.close()
    assert ownership is not None
    ownership.release()


@pytest.fixture(scope="module")
def remote(library: Library) -> Iterator[RemoteLibrary]:
    with serving(create_api(library, loopback=True)) as url:
        yield RemoteLibrary(url)


def video_id(library: Library) -> str:
    return library.list(1, 0).videos[0].id


def test_curves_tell_of_each_still_what_a_search_tells_of_the_best(library: Library) -> None:
    timeline = library.timeline(video_id(library), TimelineRequest(text="a green meadow"))
    seen = next(curve for curve in timeline.curves if curve.index == "starter")
    found = library.search(SearchRequest(text="a green meadow", using=Using.PICTURES)).hits[0]
    best = max(seen.points, key=lambda point: point.score)
    assert seen.kind == "still"
    assert {point.start // SHOT_SECONDS for point in seen.points} == {0, 1, 2}
    assert found.moments[0].start == best.start
    assert found.moments[0].score == pytest.approx(best.score, abs=1e-4)


def test_words_rise_where_they_are_said(library: Library) -> None:
    timeline = library.timeline(video_id(library), TimelineRequest(text="garden"))
    said = next(curve for curve in timeline.curves if curve.index == "words")
    high = [point for point in said.points if point.score > 0]
    assert [(point.start, point.end) for point in high] == [(8.5, 11.5)]


def test_chapters_and_what_is_replayed_are_there_without_a_query(library: Library) -> None:
    timeline = library.timeline(video_id(library), TimelineRequest())
    assert timeline.curves == ()
    assert timeline.duration_seconds == pytest.approx(12, abs=0.2)
    assert [(c.title, c.start, c.end) for c in timeline.chapters] == [("Meadow", 4, 8)]
    assert [(r.start, r.end, r.value) for r in timeline.replayed] == [(0, 6, 0.25), (6, 12, 1)]


def test_a_server_answers_the_same(library: Library, remote: RemoteLibrary) -> None:
    request = TimelineRequest(text='2:"gardens" + sea & 바다 -red')
    here = library.timeline(video_id(library), request)
    assert len(here.curves) == 2
    assert remote.timeline(video_id(library), request) == Timeline.model_validate(here)


def test_an_unknown_video_is_404_and_a_query_that_means_nothing_422(remote: RemoteLibrary) -> None:
    with pytest.raises(QueryError, match="nobody"):
        remote.timeline("nobody", TimelineRequest(text="sea"))
    known = remote.list(1, 0).videos[0].id
    for path, status in (
        ("/videos/nobody/timeline?q=-", 404),
        (f"/videos/{known}/timeline?q=-", 422),
    ):
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(f"{remote.url}/v1{path}")
        assert told.value.code == status
        told.value.close()
