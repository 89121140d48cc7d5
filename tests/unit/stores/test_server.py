"""The server store where there is no server, and the locators that lead to one."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from qdrant_client import QdrantClient, models

from tubeseek.core.bm25 import BM25_SPEC
from tubeseek.core.errors import ConfigError, StoreError, StoreUnavailableError
from tubeseek.core.settings import Settings
from tubeseek.core.types import EncoderSpec
from tubeseek.stores.factory import choose_stores, server_url
from tubeseek.stores.server.collection import collection_name
from tubeseek.stores.server.store import ServerStore

SPEC = EncoderSpec("random", "v1", dim=4, frames=1)
KEY = "a-very-secret-key"


@pytest.fixture
def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def answering(free_port: int):
    """Starts a server that answers every request with one status."""
    servers: list[HTTPServer] = []

    def start(status: int) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_error(status)

            def log_message(self, *_: object) -> None:
                pass

        servers.append(HTTPServer(("127.0.0.1", free_port), Handler))
        threading.Thread(target=servers[0].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{free_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection")
def test_an_unreachable_server_is_named_and_the_key_is_not(free_port: int):
    url = f"http://127.0.0.1:{free_port}"
    with pytest.raises(StoreUnavailableError, match=url) as caught:
        ServerStore(url, SPEC, api_key=KEY)
    assert KEY not in str(caught.value)


@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection")
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, StoreError),
        (403, StoreError),
        (503, StoreUnavailableError),
        (500, StoreError),
    ],
)
def test_a_refusal_names_the_server_and_its_status(answering, status: int, error: type):
    url = answering(status)
    with pytest.raises(error, match=f"{url}.*{status}") as caught:
        ServerStore(url, SPEC, api_key=KEY)
    assert type(caught.value) is error
    assert KEY not in str(caught.value)


def test_a_collection_that_says_no_encoder_is_not_touched():
    client = QdrantClient(":memory:")
    vectors = models.VectorParams(size=4, distance=models.Distance.DOT)
    client.create_collection(collection_name(SPEC), vectors)
    with pytest.raises(StoreError, match="tubeseek-random-v1"):
        ServerStore("local", SPEC, client=client)


def test_each_set_of_weights_has_its_own_collection():
    v1, v2 = EncoderSpec("clip", "v1", 4, 1), EncoderSpec("clip", "v2", 4, 1)
    assert collection_name(v1) != collection_name(v2)
    assert len(collection_name(EncoderSpec("n" * 500, "f" * 500, 4, 1))) < 255


@pytest.mark.parametrize("url", ["http://localhost:6333", "https://example.org/qdrant"])
def test_a_url_of_a_server_is_taken_without_its_last_slash(url: str):
    assert server_url(url) == server_url(f"{url}/") == url


@pytest.mark.parametrize("path", ["vectors", "./a b", "/srv/x", "C:\\x", "고양이", "~/x@y"])
def test_a_path_is_refused_and_the_folder_is_explained(path: str):
    with pytest.raises(ConfigError, match="--store"):
        server_url(path)


@pytest.mark.parametrize(
    "bad",
    ["localhost:6333", "http://", "ftp://host", "http://host:port", "http://[", "https://h/?a=1"],
)
def test_what_is_no_url_of_a_server_is_refused(bad: str):
    with pytest.raises(ConfigError, match="--store"):
        server_url(bad)


@pytest.mark.parametrize("url", [f"https://me:{KEY}@host:6333", f"me:{KEY}@host:6333"])
def test_a_password_in_the_url_is_refused_and_not_repeated(url: str):
    with pytest.raises(ConfigError) as caught:
        server_url(url)
    assert KEY not in str(caught.value)


def test_the_settings_choose_the_stores(tmp_path: Path):
    folder = choose_stores(Settings(library=tmp_path))
    assert not folder.shared
    folder.open_words().close()
    assert (tmp_path / "indexes" / BM25_SPEC.key).is_dir()
    server = choose_stores(Settings(library=tmp_path, store="http://localhost:6333/"))
    assert server.shared
    assert server.name == "http://localhost:6333"
