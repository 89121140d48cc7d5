"""A server gives the same answers and errors as the library, by POST and by GET."""

import base64
import json
from urllib.parse import quote, urlencode, urlsplit

import pytest
from pydantic import TypeAdapter

from tests.helpers.api_server import serving
from tests.helpers.painted_library import VIDEOS, picture_of
from tests.helpers.raw_http import ask, refused
from tubeseek.api.app import create_api
from tubeseek.api.errors import code_of
from tubeseek.core import errors, schemas
from tubeseek.core.schemas import Boost, SearchRequest, Where
from tubeseek.core.schemas import server as server_schemas
from tubeseek.library.identity import read_secret

YELLOW = base64.b64encode(picture_of("yellow"))


@pytest.mark.parametrize(
    ("request_", "first"),
    [
        (SearchRequest(text="something red", limit=3), "v-red"),
        (SearchRequest(text="blue", where=Where(channel=("Cold",), min_views=250)), "v-blue"),
        (SearchRequest(image=base64.b64encode(picture_of("yellow")), image_name="y"), "v-yellow"),
        (SearchRequest(like="v-green", limit=2), None),
        (SearchRequest(text="red", where=Where(min_views=10**9)), None),
        (SearchRequest(text="red", encoder="palette", limit=1), "v-red"),
        (SearchRequest(text="2:red + blue -yellow", boost=(Boost.RECENT,)), "v-red"),
        (SearchRequest(text='"in blue"', where=Where(min_views=1)), "v-blue"),
        (SearchRequest(text="a.png - red", images={"a.png": YELLOW}), "v-yellow"),
        (SearchRequest(text="red", where=Where(moment_after=1.5)), None),
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
    parameters = {"q": "a red thing", "limit": 2, "channel": ["Warm", "Hot"], "boost": "recent"}
    query = urlencode(parameters, doseq=True)
    status, _, body = ask(remote.url, "GET", f"/v1/search?{query}")
    where = Where(channel=("Warm", "Hot"))
    request = SearchRequest(text="a red thing", limit=2, where=where, boost=(Boost.RECENT,))
    expected = library.search(request)
    assert status == 200
    assert schemas.SearchAnswer.model_validate_json(body) == expected
    assert [hit.video_id for hit in expected.hits] == ["v-red", "v-yellow"]


def test_errors_there_are_errors_here(library, remote):
    for request in (
        SearchRequest(text="   "),
        SearchRequest(text="x" * 100_000),
        SearchRequest(like="nobody"),
        SearchRequest(text="red", encoder="clip"),
        SearchRequest(image=base64.b64encode(b"no picture"), image_name="notes.txt"),
        SearchRequest(text='red "blue'),
        SearchRequest(text="red + no-such.png"),
    ):
        with pytest.raises(errors.TubeseekError) as here:
            library.search(request)
        with pytest.raises(errors.TubeseekError) as there:
            remote.search(request)
        assert (type(there.value), str(there.value)) == (type(here.value), str(here.value))
        assert getattr(there.value, "column", None) == getattr(here.value, "column", None)
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
    back = server_schemas.error_of(server_schemas.error_answer(error))
    assert type(back) is type(error)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error", "values"),
    [
        ("POST", "/v1/search", b'{"text": "a", "limit": 0}', 422, "InputError", ["limit", "0"]),
        ("POST", "/v1/search", b'{"txt": "a"}', 422, "InputError", ["txt"]),
        ("POST", "/v1/search", b'{"text": "a", "like": "b"}', 422, "InputError", []),
        ("POST", "/v1/search", b'{"image": "abc"}', 422, "InputError", ["image"]),
        ("POST", "/v1/search", b"{", 422, "InputError", []),
        ("POST", "/v1/search", b"\xff\xfe", 422, "InputError", []),
        ("POST", "/v1/jobs", b'{"verb": "destroy"}', 422, "InputError", ["add"]),
        ("POST", "/v1/jobs", b'{"verb": "add", "locators": []}', 422, "InputError", ["locators"]),
        ("POST", "/v1/remove", b"{}", 422, "InputError", ["names"]),
        ("GET", "/v1/search?q=red&limit=9999", None, 422, "InputError", ["limit", "9999"]),
        ("GET", "/v1/search?q=red&lmit=9", None, 422, "InputError", ["lmit"]),
        ("GET", "/v1/search?q=", None, 422, "QueryError", []),
        ("GET", "/v1/videos?limit=-1", None, 422, "InputError", ["limit"]),
        ("GET", "/v1/videos?offset=99999999999999999999", None, 422, "InputError", ["offset"]),
        ("GET", "/v1/videos/nobody", None, 404, "QueryError", ["nobody"]),
        ("GET", "/v1/jobs/nothing", None, 404, "QueryError", ["nothing"]),
        ("GET", "/v2/search", None, 404, "QueryError", ["/docs"]),
        ("DELETE", "/v1/search", None, 405, "InputError", ["/docs"]),
    ],
)
def test_refusals_name_what_is_wrong(remote, library, method, path, body, status, error, values):
    secret = read_secret(library.folder)
    answer = refused(ask(remote.url, method, path, body, Tubeseek_Secret=secret))
    assert answer[:2] == (status, error)
    assert [value for value in values if value not in answer[2]] == []


def test_a_picture_by_url_finds_what_it_shows(library):
    fetched: list[str] = []

    async def fetch(url: str) -> bytes:
        fetched.append(url)
        return picture_of("green")

    with serving(create_api(library, loopback=True, fetch_image=fetch)) as url:
        picture = "https://example.org/green.png?a=1&b=2"
        path = "/v1/search?" + urlencode({"image_url": picture, "limit": 1})
        status, _, body = ask(url, "GET", path)
        answer = schemas.SearchAnswer.model_validate_json(body)
        assert (status, answer.query, fetched) == (200, picture, [picture])
        assert [hit.video_id for hit in answer.hits] == ["v-green"]
        for wrong in ("q=red&", "limit=0&", "like=v-red&"):
            refused(ask(url, "GET", f"/v1/search?{wrong}image_url={picture}"))
        assert len(fetched) == 1  # a request is refused before its picture is fetched


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "2130706433", "10.0.0.1"]
)
def test_pictures_of_private_networks_are_not_fetched(remote, host):
    port = urlsplit(remote.url).port
    picture = quote(f"http://{host}:{port}/v1/videos/v-red/thumbnail", safe="")
    path = f"/v1/search?image_url={picture}"
    assert refused(ask(remote.url, "GET", path))[:2] == (422, "InputError")


def test_the_schema_loads_and_its_examples_hold(remote):
    status, _, body = ask(remote.url, "GET", "/openapi.json")
    schema = json.loads(body)
    assert status == 200
    messages = vars(schemas) | vars(server_schemas)
    checked = 0
    for name, part in schema["components"]["schemas"].items():
        for example in part.get("examples", []):
            messages[name].model_validate(example)
            checked += 1
    jobs = schema["paths"]["/v1/jobs"]["post"]["requestBody"]["content"]["application/json"]
    for example in jobs["examples"].values():
        TypeAdapter(schemas.JobRequest).validate_python(example["value"])
        checked += 1
    assert checked >= 7
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            assert operation["tags"], (path, verb)
            assert operation["summary"], (path, verb)
    assert ask(remote.url, "GET", "/docs")[0] == 200
