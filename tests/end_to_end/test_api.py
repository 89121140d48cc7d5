"""A real server over a real library: the same answers there as here, and nothing for strangers."""

import base64
import http.client
import json
import re
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from PIL import Image
from pydantic import TypeAdapter

from tests.painted import GATED, open_painted, paint_dataset
from tests.palette import PALETTE
from tests.serving import serving
from tubeseek import errors, messages, wire
from tubeseek.api import create_api
from tubeseek.api.error_codes import code_of
from tubeseek.api.guards import MAX_BODY_BYTES
from tubeseek.client import RemoteLibrary
from tubeseek.events import EventKind
from tubeseek.messages import AddRequest, IndexRequest, RemoveRequest, SearchRequest, Where

ODD_IDS = ["a/b c", "/slash/", "..", "한국어?#%41", "a&b=c+d", "..%2f..%2fetc"]
VIDEOS = {
    "v-red": "red",
    "v-green": "green",
    "v-blue": "blue",
    "v-yellow": "yellow",
    **dict.fromkeys(ODD_IDS, "black"),
}
TOKEN = "open sesame"  # noqa: S105


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return paint_dataset(tmp_path_factory.mktemp("painted") / "set", VIDEOS)


@pytest.fixture(scope="module")
def library(dataset, tmp_path_factory):
    """Filled and indexed; tests of this module only look."""
    library = open_painted(tmp_path_factory.mktemp("library"))
    for request in (AddRequest(locators=(str(dataset),)), IndexRequest()):
        assert not [e for e in library.run(request) if e.kind is EventKind.FAILED]
    yield library
    library.close()


@pytest.fixture(scope="module")
def remote(library):
    with serving(create_api(library, loopback=True)) as url:
        yield RemoteLibrary(url)


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.fixture
def fresh(tmp_path, gate):
    """An empty library to change, and a client of its server."""
    library = open_painted(tmp_path / "library", gate)
    with serving(create_api(library, loopback=True)) as url:
        yield library, RemoteLibrary(url)
    library.close()


def ask(url: str, method: str, path: str, body: bytes | None = None, **headers: str):
    """One raw request: (status, headers, body). Nothing is normalised on the way."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    if body is not None:
        headers = {"Content-Type": "application/json"} | headers
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def refused(answer) -> tuple[int, str, str]:
    """(status, class of the error, message) of a refusal."""
    status, _, body = answer
    told = wire.ErrorAnswer.model_validate_json(body)
    assert told.message
    return status, told.error, told.message


def picture_of(colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (20, 20), PALETTE[colour]).save(file, "PNG")
    return file.getvalue()


# The same answers


@pytest.mark.parametrize(
    ("request_", "first"),
    [
        (SearchRequest(text="something red", limit=3), "v-red"),
        (SearchRequest(text="blue", where=Where(channel=("Cold",), min_views=250)), "v-blue"),
        (SearchRequest(image=base64.b64encode(picture_of("yellow")), image_name="y"), "v-yellow"),
        (SearchRequest(like="v-green", limit=2), None),
        (SearchRequest(text="red", where=Where(min_views=10**9)), None),
        (SearchRequest(text="red", encoder="palette", limit=1), "v-red"),
    ],
)
def test_a_search_there_is_a_search_here(library, remote, request_, first):
    answer = remote.search(request_)
    assert answer == library.search(request_)
    assert first is None or answer.hits[0].video_id == first


def test_all_else_is_the_same_too(library, remote):
    assert remote.status() == library.status()
    assert remote.list(3, 2) == library.list(3, 2)
    assert remote.list(5000, 0) == library.list(5000, 0)
    assert remote.list(5000, 0).total == len(VIDEOS)
    for video_id in VIDEOS:
        assert remote.video(video_id) == library.video(video_id)
        assert remote.video(video_id).id == video_id
    health = remote.health()
    assert (health.library, remote.is_alive()) == (str(library.folder), True)


def test_searching_from_a_browser(library, remote):
    query = urlencode({"q": "a red thing", "limit": 2, "channel": ["Warm", "Hot"]}, doseq=True)
    status, _, body = ask(remote.url, "GET", f"/v1/search?{query}")
    where = Where(channel=("Warm", "Hot"))
    expected = library.search(SearchRequest(text="a red thing", limit=2, where=where))
    assert status == 200
    assert messages.SearchAnswer.model_validate_json(body) == expected
    assert [hit.video_id for hit in expected.hits] == ["v-red", "v-yellow"]


def test_errors_there_are_errors_here(library, remote):
    for request in (
        SearchRequest(text="   "),
        SearchRequest(text="x" * 100_000),
        SearchRequest(like="nobody"),
        SearchRequest(text="red", encoder="clip"),
        SearchRequest(image=base64.b64encode(b"no picture"), image_name="notes.txt"),
    ):
        with pytest.raises(errors.TubeseekError) as here:
            library.search(request)
        with pytest.raises(errors.TubeseekError) as there:
            remote.search(request)
        assert (type(there.value), str(there.value)) == (type(here.value), str(here.value))
    with pytest.raises(errors.QueryError, match="nobody"):
        remote.video("nobody")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConfigError(""), 422),
        (errors.QueryError(""), 422),
        (errors.EncoderMismatchError(""), 409),
        (errors.StoreLockedError(""), 503),
        (errors.CatalogError(""), 503),
        (errors.ModelUnavailableError(""), 503),
        (errors.RateLimitedError(""), 500),
        (errors.TubeseekError(""), 500),
    ],
)
def test_codes_of_errors(error, code):
    assert code_of(error) == code
    back = wire.error_of(wire.error_answer(error))
    assert type(back) is type(error)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error", "told"),
    [
        ("POST", "/v1/search", b'{"text": "a", "limit": 0}', 422, "InputError", r"limit: .*got 0"),
        ("POST", "/v1/search", b'{"txt": "a"}', 422, "InputError", "txt: Extra"),
        ("POST", "/v1/search", b'{"text": "a", "like": "b"}', 422, "InputError", "several at once"),
        ("POST", "/v1/search", b'{"image": "abc"}', 422, "InputError", "image: .*padding"),
        ("POST", "/v1/search", b"{", 422, "InputError", "no JSON"),
        ("POST", "/v1/search", b"\xff\xfe", 422, "InputError", "body"),
        ("POST", "/v1/jobs", b'{"verb": "destroy"}', 422, "InputError", "add"),
        ("POST", "/v1/jobs", b'{"verb": "add", "locators": []}', 422, "InputError", "locators"),
        ("POST", "/v1/remove", b"{}", 422, "InputError", "names: Field required"),
        ("GET", "/v1/search?q=red&limit=9999", None, 422, "InputError", "limit: .*9999"),
        ("GET", "/v1/search?q=red&lmit=9", None, 422, "InputError", "lmit: Extra"),
        ("GET", "/v1/search?q=", None, 422, "QueryError", "the query is empty"),
        ("GET", "/v1/videos?limit=0", None, 422, "InputError", "limit"),
        ("GET", "/v1/videos?offset=99999999999999999999", None, 422, "InputError", "offset"),
        ("GET", "/v1/videos/nobody", None, 404, "QueryError", "tubeseek list"),
        ("GET", "/v1/jobs/nothing", None, 404, "QueryError", "no job"),
        ("GET", "/v2/search", None, 404, "QueryError", "/docs"),
        ("DELETE", "/v1/search", None, 405, "InputError", "/docs"),
    ],
)
def test_refusals_are_readable(remote, method, path, body, status, error, told):
    answer = refused(ask(remote.url, method, path, body))
    assert answer[:2] == (status, error)
    assert re.search(told, answer[2]), answer[2]


# Pictures and files


def test_thumbnails_are_the_files_of_the_catalogue(library, remote):
    for video_id in VIDEOS:
        path = library.media(video_id).thumbnail
        assert remote.thumbnail(video_id) == path.read_bytes()
    assert remote.thumbnail("nobody") is None
    assert remote.thumbnail_url("a/b").endswith("/v1/videos/a%2Fb/thumbnail")


def test_a_browser_keeps_its_copy_while_it_is_good(remote):
    status, headers, body = ask(remote.url, "GET", "/v1/videos/v-red/thumbnail")
    assert (status, headers["Content-Type"]) == (200, "image/png")
    assert Image.open(BytesIO(body)).getpixel((0, 0)) == PALETTE["red"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    again = ask(remote.url, "GET", "/v1/videos/v-red/thumbnail", If_None_Match=headers["ETag"])
    assert (again[0], again[2]) == (304, b"")
    other = ask(remote.url, "GET", "/v1/videos/v-red/thumbnail", If_None_Match='"older"')
    assert other[0] == 200


@pytest.mark.parametrize(
    "name",
    [
        "../catalog.sqlite",
        "..%2fcatalog.sqlite",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%252f..%252fcatalog.sqlite",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "..%5c..%5ccatalog.sqlite",
        "v-red/../../catalog.sqlite",
        "v-red%00",
        "",
        ".",
    ],
)
@pytest.mark.parametrize("ending", ["thumbnail", "file"])
def test_no_path_leads_out_of_the_catalogue(remote, name, ending):
    status, error, _ = refused(ask(remote.url, "GET", f"/v1/videos/{name}/{ending}"))
    assert (status, error) == (404, "QueryError")


def test_a_thumbnail_that_is_no_picture_is_not_served(fresh, tmp_path):
    library, remote = fresh
    dataset = paint_dataset(tmp_path / "set", {"v": "red"})
    for request in (AddRequest(locators=(str(dataset),)), IndexRequest()):
        list(remote.run(request))
    picture = library.media("v").thumbnail
    assert remote.thumbnail("v") == picture.read_bytes()
    picture.write_text("root:x:0:0")
    assert remote.thumbnail("v") is None
    picture.unlink()
    assert remote.thumbnail("v") is None


def test_a_video_file_is_played_here_and_nowhere_else(tmp_path):
    folder = paint_dataset(tmp_path / "set", {})
    video = folder / "clip.webm"
    video.write_bytes(bytes(range(256)) * 10)
    Image.new("RGB", (8, 8)).save(folder / "clip.png")
    library = open_painted(tmp_path / "library")
    _take_in(library, "film", video)
    _take_in(library, "notes", folder / "metadata.csv")
    with serving(create_api(library, loopback=True)) as url:
        place = urlsplit(RemoteLibrary(url).file_url("film")).path
        status, headers, body = ask(url, "GET", place, Range="bytes=256-259")
        assert (status, body) == (206, bytes([0, 1, 2, 3]))
        assert headers["Content-Type"] == "video/webm"
        assert ask(url, "GET", place)[2] == video.read_bytes()
        assert refused(ask(url, "GET", "/v1/videos/notes/file"))[0] == 404
        assert refused(ask(url, "GET", place, X_Forwarded_For="8.8.8.8"))[0] == 403
    with serving(create_api(library, loopback=False, token=TOKEN)) as url:
        assert refused(ask(url, "GET", place, Authorization=f"Bearer {TOKEN}"))[0] == 403
    library.close()


def _take_in(library, video_id: str, file: Path) -> None:
    from tubeseek.catalog import Catalog, SourceRow
    from tubeseek.records import Video

    catalog = Catalog(library.folder / "catalog.sqlite")
    listing = catalog.add_source(SourceRow("films", "folder", None))
    catalog.record_listed(
        Video(video_id, file.as_uri(), "A film", file=str(file)), "films", listing
    )
    catalog.close()


# Pictures by URL


def test_a_picture_by_url_finds_what_it_shows(library):
    asked: list[str] = []

    async def fetch(url: str) -> bytes:
        asked.append(url)
        return picture_of("green")

    with serving(create_api(library, loopback=True, fetch_image=fetch)) as url:
        picture = "https://example.org/green.png?a=1&b=2"
        path = "/v1/search?" + urlencode({"image_url": picture, "limit": 1})
        status, _, body = ask(url, "GET", path)
        answer = messages.SearchAnswer.model_validate_json(body)
        assert (status, answer.query, asked) == (200, picture, [picture])
        assert [hit.video_id for hit in answer.hits] == ["v-green"]
        for wrong in ("q=red&", "limit=0&", "like=v-red&"):
            refused(ask(url, "GET", f"/v1/search?{wrong}image_url={picture}"))
        assert len(asked) == 1  # what is refused is refused before anything is fetched


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "2130706433", "10.0.0.1"]
)
def test_pictures_of_private_networks_are_not_fetched(remote, host):
    port = urlsplit(remote.url).port
    picture = quote(f"http://{host}:{port}/v1/videos/v-red/thumbnail", safe="")
    status, error, told = refused(ask(remote.url, "GET", f"/v1/search?image_url={picture}"))
    assert (status, error) == (422, "InputError")
    assert "not public" in told


# Jobs


def test_a_verb_there_tells_what_it_tells_here(fresh, dataset, tmp_path):
    library, remote = fresh
    other = open_painted(tmp_path / "other")
    for request in (
        AddRequest(locators=(str(dataset),), limit=4),
        IndexRequest(),
        messages.SyncRequest(),
    ):
        assert list(remote.run(request)) == list(other.run(request))
    assert remote.list(100, 0) == other.list(100, 0)
    other.close()
    states = [(job.request.verb, job.state) for job in remote.jobs()]
    assert states == [(verb, wire.JobState.DONE) for verb in ("sync", "index", "add")]
    assert library.search(SearchRequest(text="red")).hits[0].video_id == "v-red"


def test_events_arrive_while_the_job_runs(fresh, gate):
    _, remote = fresh
    events = remote.run(AddRequest(locators=(GATED,)))
    assert next(events).kind is EventKind.STARTED
    assert next(events).video_id == "first"
    assert not gate.is_set()
    (job,) = remote.jobs()
    assert (job.state, job.advanced, job.last.video_id) == (wire.JobState.RUNNING, 1, "first")
    gate.set()
    assert [event.video_id for event in events] == ["second", "third", ""]
    assert [event.number for event in remote.events(job.id, after=3)] == [4, 5]


def test_closing_cancels_and_keeps_what_was_reported(fresh, gate):
    _, remote = fresh
    events = remote.run(AddRequest(locators=(GATED,)))
    assert [next(events).video_id for _ in range(2)] == ["", "first"]
    events.close()
    (job,) = remote.jobs()
    assert job.stopping
    gate.set()
    list(remote.events(job.id))
    assert remote.job(job.id).state is wire.JobState.CANCELLED
    kept = {video.id for video in remote.list(10, 0).videos}
    assert "first" in kept
    assert "third" not in kept


def test_an_error_of_a_job_arrives_as_its_class(fresh, dataset):
    _, remote = fresh
    with pytest.raises(errors.InputError, match="'nowhere' is no folder"):
        list(remote.run(AddRequest(locators=("nowhere",))))
    list(remote.run(AddRequest(locators=(str(dataset),))))
    with pytest.raises(errors.ModelUnavailableError, match="use palette"):
        list(remote.run(IndexRequest(encoder="clip")))
    assert remote.jobs()[0].state is wire.JobState.FAILED


def test_the_server_stops_though_a_job_is_followed(tmp_path, gate):
    library = open_painted(tmp_path / "library", gate)
    with serving(create_api(library, loopback=True)) as url:
        events = RemoteLibrary(url).run(AddRequest(locators=(GATED,)))
        assert [next(events).video_id for _ in range(2)] == ["", "first"]
        threading.Timer(0.2, gate.set).start()
    with pytest.raises(errors.StoreUnavailableError, match="tubeseek serve"):
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


# Strangers


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:80", "8.8.8.8"])
def test_a_request_under_another_name_is_refused(remote, host):
    for path in ("/v1/health", "/docs", "/openapi.json", "/v1/videos/v-red/thumbnail"):
        assert refused(ask(remote.url, "GET", path, Host=host))[0] == 421


def test_no_other_origin_may_read_or_write(remote):
    status, headers, _ = ask(remote.url, "GET", "/v1/status", Origin="https://evil.example")
    assert status == 200
    assert not [name for name in headers if name.lower().startswith("access-control")]
    asked = {"Origin": "https://evil.example", "Access_Control_Request_Method": "DELETE"}
    assert ask(remote.url, "OPTIONS", "/v1/jobs/x", **asked)[0] == 405
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        body = b'{"names": ["v-red"]}'
        assert refused(ask(remote.url, "POST", "/v1/remove", body, Content_Type=kind))[0] == 415
    assert remote.video("v-red").id == "v-red"


def test_bodies_have_an_end(remote):
    large = b" " * (MAX_BODY_BYTES + 1)
    parts = urlsplit(remote.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    connection.putrequest("POST", "/v1/search")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(large)))
    connection.endheaders()
    assert connection.getresponse().status == 413  # said before it was sent
    connection.close()
    chunks = (large[at : at + 1_000_000] for at in range(0, len(large), 1_000_000))
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    connection.request(
        "POST", "/v1/search", chunks, {"Content-Type": "application/json"}, encode_chunked=True
    )
    response = connection.getresponse()
    told = wire.ErrorAnswer.model_validate_json(response.read())
    connection.close()
    assert (response.status, "30 MB" in told.message) == (413, True)


def test_writing_from_elsewhere_takes_the_token(library):
    writes = [
        ("POST", "/v1/remove", b'{"names": ["unheard-of"]}'),
        ("POST", "/v1/jobs", b'{"verb": "sync"}'),
        ("DELETE", "/v1/jobs/x", None),
    ]
    with serving(create_api(library, loopback=False)) as url:
        for method, path, body in writes:
            assert refused(ask(url, method, path, body))[:2] == (403, "ConfigError")
        assert RemoteLibrary(url).search(SearchRequest(text="red")).hits
        with pytest.raises(errors.ConfigError, match="TUBESEEK_TOKEN"):
            list(RemoteLibrary(url, TOKEN).run(messages.SyncRequest()))
    with serving(create_api(library, loopback=False, token=TOKEN)) as url:
        for method, path, body in writes:
            status, headers, _ = ask(url, method, path, body, Authorization="Bearer guess")
            assert (status, headers["WWW-Authenticate"]) == (401, "Bearer")
        with pytest.raises(errors.ConfigError, match="TUBESEEK_TOKEN"):
            RemoteLibrary(url).remove(RemoveRequest(names=("v-red",)))
        knows = RemoteLibrary(url, TOKEN)
        with pytest.raises(errors.InputError, match="no folder"):
            list(knows.run(AddRequest(locators=("nowhere",))))
        assert knows.video("v-red").id == "v-red"


# The other end


def test_nobody_at_the_address(remote):
    gone = RemoteLibrary("http://127.0.0.1:9")
    assert not gone.is_alive()
    with pytest.raises(errors.StoreUnavailableError, match="tubeseek serve"):
        gone.status()
    other = RemoteLibrary(remote.url + "/docs")  # something answers, in another tongue
    with pytest.raises(errors.TubeseekError):
        other.status()
    for url in ("ftp://127.0.0.1", "127.0.0.1:8000", "http://", "http://a:b"):
        with pytest.raises(errors.ConfigError, match="no URL of a server"):
            RemoteLibrary(url)


def test_the_client_imports_nothing_heavy():
    heavy = {"numpy", "fastapi", "httpx", "uvicorn", "torch", "PIL", "asyncio", "sqlite3"}
    code = f"import sys, tubeseek.client; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# What it says of itself


def test_the_schema_loads_and_its_examples_hold(remote):
    status, _, body = ask(remote.url, "GET", "/openapi.json")
    schema = json.loads(body)
    assert status == 200
    known = vars(messages) | vars(wire)
    checked = 0
    for name, part in schema["components"]["schemas"].items():
        for example in part.get("examples", []):
            known[name].model_validate(example)
            checked += 1
    jobs = schema["paths"]["/v1/jobs"]["post"]["requestBody"]["content"]["application/json"]
    for example in jobs["examples"].values():
        TypeAdapter(messages.JobRequest).validate_python(example["value"])
        checked += 1
    assert checked >= 7
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            assert operation["tags"], (path, verb)
            assert operation["summary"], (path, verb)
    assert ask(remote.url, "GET", "/docs")[0] == 200
