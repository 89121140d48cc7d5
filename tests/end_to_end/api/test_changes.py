"""Jobs in a server: their events, their errors, and cancelling them."""

import threading

import pytest

from tests.helpers.api_server import same_user, serving
from tests.helpers.painted_library import GATED, VIDEOS, open_painted
from tubeseek.api.app import create_api
from tubeseek.core import errors, schemas
from tubeseek.core.events import EventKind
from tubeseek.core.schemas import AddRequest, IndexRequest, RemoveRequest, SearchRequest
from tubeseek.core.schemas import server as server_schemas


def test_a_job_in_a_server_has_the_same_events(fresh, dataset, tmp_path):
    library, remote = fresh
    other = open_painted(tmp_path / "other")
    for request in (
        AddRequest(locators=(str(dataset),), limit=4),
        IndexRequest(),
        schemas.SyncRequest(),
    ):
        assert list(remote.run(request)) == list(other.run(request))
    assert remote.list(100, 0) == other.list(100, 0)
    other.close()
    states = [(job.request.verb, job.state) for job in remote.jobs()]
    assert states == [(verb, server_schemas.JobState.DONE) for verb in ("sync", "index", "add")]
    assert library.search(SearchRequest(text="red")).hits[0].video_id == "v-red"


def test_events_arrive_while_the_job_runs(fresh, gate):
    _, remote = fresh
    events = remote.run(AddRequest(locators=(GATED,)))
    assert next(events).kind is EventKind.STARTED
    assert next(events).video_id == "first"
    assert not gate.is_set()
    (job,) = remote.jobs()
    assert (job.state, job.advanced, job.last.video_id) == (
        server_schemas.JobState.RUNNING,
        1,
        "first",
    )
    gate.set()
    assert [event.video_id for event in events] == ["second", "third", ""]
    assert [event.number for event in remote.events(job.id, after=3)] == [4, 5]


def test_closing_cancels_and_keeps_what_was_reported(fresh, gate):
    _, remote = fresh
    events = remote.run(AddRequest(locators=(GATED,)))
    assert [next(events).video_id for _ in range(2)] == ["", "first"]
    events.close()  # while the source waits, which ends that
    (job,) = remote.jobs()
    list(remote.events(job.id))
    assert gate.is_set()
    assert remote.job(job.id).state is server_schemas.JobState.CANCELLED
    kept = {video.id for video in remote.list(10, 0).videos}
    assert "first" in kept
    assert "third" not in kept


def test_an_error_of_a_job_arrives_as_its_class(fresh, dataset):
    _, remote = fresh
    with pytest.raises(errors.InputError, match="'nowhere'"):
        list(remote.run(AddRequest(locators=("nowhere",))))
    list(remote.run(AddRequest(locators=(str(dataset),))))
    with pytest.raises(errors.ModelUnavailableError, match="palette"):
        list(remote.run(IndexRequest(encoder="clip")))
    assert remote.jobs()[0].state is server_schemas.JobState.FAILED


def test_the_server_stops_though_a_job_is_followed(tmp_path, gate):
    library = open_painted(tmp_path / "library", gate)
    with serving(create_api(library, loopback=True)) as url:
        events = same_user(url, library).run(AddRequest(locators=(GATED,)))
        assert [next(events).video_id for _ in range(2)] == ["", "first"]
        threading.Timer(0.2, gate.set).start()
    with pytest.raises(errors.StoreUnavailableError):
        list(events)
    library.close()


def test_removing(fresh, dataset):
    library, remote = fresh
    for request in (AddRequest(locators=(str(dataset),)), IndexRequest()):
        list(remote.run(request))
    answer = remote.remove(RemoveRequest(names=("v-red", "unheard-of", "a/b c")))
    assert (answer.removed, answer.unknown) == (("v-red", "a/b c"), ("unheard-of",))
    assert library.list(100, 0).total == len(VIDEOS) - 2
    assert "v-red" not in {h.video_id for h in remote.search(SearchRequest(text="red")).hits}
    assert remote.remove(RemoveRequest(names=(str(dataset),))).removed == (str(dataset),)
    assert library.status().videos == len(library.status().sources) == 0
