"""The timeline of a real video with chapters, captions and a heatmap, here and over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.helpers.api_server import serving
from tests.helpers.command import Command
from tests.helpers.made_videos import BLUE, GREEN, RED, make_video
from tubeseek.api.app import create_api
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import Scope, SearchRequest, Timeline, TimelineRequest
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
    videos = folder / "videos"
    videos.mkdir()
    make_video(videos / "colours.mp4", [RED, GREEN, BLUE], seconds_each=SHOT_SECONDS)
    (videos / "colours.info.json").write_text(json.dumps(INFO))
    (videos / "colours.en.vtt").write_text(
        "WEBVTT\n\n00:00:08.500 --> 00:00:11.500\n"
        "바다 &lt;b&gt;정원&lt;/b&gt; &amp; the\u202e gardens of the sea\n",
        "utf-8",
    )
    command = Command(folder / "library")
    command.ok("add", str(videos))
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


def test_a_curve_has_each_still_and_its_best_is_the_moment_of_a_search(library: Library) -> None:
    timeline = library.timeline(video_id(library), TimelineRequest(text="a green meadow"))
    pictures = next(curve for curve in timeline.curves if curve.index == "starter")
    hit = library.search(SearchRequest(text="a green meadow", using=Scope.PICTURES)).hits[0]
    best = max(pictures.points, key=lambda point: point.score)
    assert pictures.kind == "still"
    assert {point.start // SHOT_SECONDS for point in pictures.points} == {0, 1, 2}
    assert hit.moments[0].start == best.start
    index = library.index("starter")
    (vectors,) = index.vectors_by_video([video_id(library)]).values()
    cosines = vectors @ index.text_vectors(["a green meadow"])[0]
    assert best.score == pytest.approx(float(cosines.max()), abs=1e-4)


def test_the_curve_of_words_rises_where_they_are_spoken(library: Library) -> None:
    timeline = library.timeline(video_id(library), TimelineRequest(text="garden"))
    words = next(curve for curve in timeline.curves if curve.index == "words")
    high = [point for point in words.points if point.score > 0]
    assert [(point.start, point.end) for point in high] == [(8.5, 11.5)]


def test_chapters_and_replays_need_no_query(library: Library) -> None:
    timeline = library.timeline(video_id(library), TimelineRequest())
    assert timeline.curves == ()
    assert timeline.duration_seconds == pytest.approx(12, abs=0.2)
    assert [(c.title, c.start, c.end) for c in timeline.chapters] == [("Meadow", 4, 8)]
    assert [(r.start, r.end, r.value) for r in timeline.replayed] == [(0, 6, 0.25), (6, 12, 1)]


def test_a_server_answers_the_same(library: Library, remote: RemoteLibrary) -> None:
    request = TimelineRequest(text='2:"gardens" + sea & 바다 -red')
    here = library.timeline(video_id(library), request)
    assert [curve.index for curve in here.curves] == ["starter", "sentences", "words"]
    assert remote.timeline(video_id(library), request) == Timeline.model_validate(here)


def test_an_unknown_video_is_404_and_a_faulty_query_422(remote: RemoteLibrary) -> None:
    with pytest.raises(QueryError, match="nobody"):
        remote.timeline("nobody", TimelineRequest(text="sea"))
    present = remote.list(1, 0).videos[0].id
    for path, status in (
        ("/videos/nobody/timeline?q=-", 404),
        (f"/videos/{present}/timeline?q=-", 422),
    ):
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(f"{remote.url}/v1{path}")
        assert refusal.value.code == status
        refusal.value.close()


def test_captions_are_those_of_the_file_with_their_times(
    library: Library, remote: RemoteLibrary
) -> None:
    assert library.video(video_id(library)).has_captions
    with urllib.request.urlopen(
        f"{remote.url}/v1/videos/{quote(video_id(library), safe='')}/captions"
    ) as answer:
        kind, lines = answer.headers["Content-Type"], answer.read().decode().split("\n")
    assert kind.startswith("text/vtt")
    assert lines[:4] == [
        "WEBVTT",
        "",
        "00:00:08.500 --> 00:00:11.500",
        "바다 &lt;b&gt;정원&lt;/b&gt; &amp; the gardens of the sea",
    ]
