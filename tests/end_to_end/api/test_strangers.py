"""Strangers cannot read or write, and a client reports servers that do not answer."""

import http.client
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tests.helpers.api_server import serving
from tests.helpers.raw_http import ask, refused
from tubeseek.api.app import create_api
from tubeseek.api.security import MAX_BODY_BYTES
from tubeseek.core import errors, schemas
from tubeseek.core.schemas import AddRequest, RemoveRequest, SearchRequest
from tubeseek.core.schemas import server as server_schemas
from tubeseek.library.remote import RemoteLibrary

TOKEN = "öffne dich"  # noqa: S105


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:80", "8.8.8.8"])
def test_a_request_under_another_name_is_refused(remote, host):
    for path in ("/v1/health", "/docs", "/openapi.json", "/v1/videos/v-red/thumbnail"):
        assert refused(ask(remote.url, "GET", path, Host=host))[0] == 421


def test_no_other_origin_may_read_or_write(remote):
    status, headers, _ = ask(remote.url, "GET", "/v1/status", Origin="https://evil.example")
    assert status == 200
    assert not [name for name in headers if name.lower().startswith("access-control")]
    preflight = {"Origin": "https://evil.example", "Access_Control_Request_Method": "DELETE"}
    assert ask(remote.url, "OPTIONS", "/v1/jobs/x", **preflight)[0] == 405
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
    assert connection.getresponse().status == 413  # answered before the body is sent
    connection.close()
    chunks = (large[at : at + 1_000_000] for at in range(0, len(large), 1_000_000))
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    connection.request(
        "POST", "/v1/search", chunks, {"Content-Type": "application/json"}, encode_chunked=True
    )
    response = connection.getresponse()
    error = server_schemas.ErrorAnswer.model_validate_json(response.read())
    connection.close()
    assert (response.status, "30 MB" in error.message) == (413, True)


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
            list(RemoteLibrary(url, TOKEN).run(schemas.SyncRequest()))
    with serving(create_api(library, loopback=False, token=TOKEN)) as url:
        for method, path, body in writes:
            status, headers, _ = ask(url, method, path, body, Authorization="Bearer guess")
            assert (status, headers["WWW-Authenticate"]) == (401, "Bearer")
        with pytest.raises(errors.ConfigError, match="TUBESEEK_TOKEN"):
            RemoteLibrary(url).remove(RemoveRequest(names=("v-red",)))
        knows = RemoteLibrary(url, TOKEN)
        with pytest.raises(errors.InputError, match="nowhere"):
            list(knows.run(AddRequest(locators=("nowhere",))))
        assert knows.video("v-red").id == "v-red"


def test_no_server_at_the_address(remote):
    gone = RemoteLibrary("http://127.0.0.1:9")
    assert not gone.is_alive()
    with pytest.raises(errors.StoreUnavailableError):
        gone.status()
    other = RemoteLibrary(remote.url + "/docs")  # something answers, but not this API
    with pytest.raises(errors.TubeseekError):
        other.status()
    for url in ("ftp://127.0.0.1", "127.0.0.1:8000", "http://", "http://a:b"):
        with pytest.raises(errors.ConfigError, match=url):
            RemoteLibrary(url)


def test_the_client_imports_nothing_heavy():
    heavy = {"numpy", "fastapi", "httpx", "uvicorn", "torch", "PIL", "asyncio", "sqlite3"}
    code = f"import sys, tubeseek.library.remote; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_server_that_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        remote = RemoteLibrary(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(errors.StoreUnavailableError):
            remote.health(timeout_seconds=0.1)
