"""The guards before pages and WebSockets: foreign host names, foreign pages, frames."""

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from tubeseek.api.security import Access, FrameGuard, HostGuard


async def greet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


def client_of(access: Access) -> TestClient:
    pages = Starlette(
        routes=[Route("/", lambda _: PlainTextResponse("page")), WebSocketRoute("/stream", greet)]
    )
    return TestClient(HostGuard(FrameGuard(pages), access), base_url="http://127.0.0.1:8501")


LOCAL = Access(loopback=True, secret="s")  # noqa: S106
OPEN = Access(loopback=False, secret="s", allowed_hosts=("videos.example",))  # noqa: S106


@pytest.mark.parametrize(
    ("access", "host", "status"),
    [
        (LOCAL, "127.0.0.1:8501", 200),
        (LOCAL, "localhost:8501", 200),
        (LOCAL, "evil.example", 421),
        (LOCAL, "evil.example:8501", 421),
        (LOCAL, "192.168.0.7:8501", 421),
        (LOCAL, "", 421),
        (OPEN, "192.168.0.7:8501", 200),
        (OPEN, "videos.example", 200),
        (OPEN, "evil.example", 421),
    ],
)
def test_pages_and_sockets_answer_to_their_own_names_only(
    access: Access, host: str, status: int
) -> None:
    client = client_of(access)
    assert client.get("/", headers={"host": host}).status_code == status
    headers = {"host": host, "origin": f"http://{host}"}
    if status == 200:
        with client.websocket_connect("/stream", headers=headers) as socket:
            assert socket.receive_text() == "hello"
        return
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect("/stream", headers=headers),
    ):
        pass
    assert refused.value.status_code == status


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:9999", "null", "http://[::1", ""]
)
def test_a_socket_that_another_page_opens_is_refused(origin: str) -> None:
    headers = {"host": "127.0.0.1:8501", "origin": origin}
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client_of(LOCAL).websocket_connect("/stream", headers=headers),
    ):
        pass
    assert refused.value.status_code == 403


def test_a_program_without_an_origin_may_open_a_socket() -> None:
    headers = {"host": "127.0.0.1:8501"}
    with client_of(LOCAL).websocket_connect("/stream", headers=headers) as socket:
        assert socket.receive_text() == "hello"


def test_no_other_page_may_show_ours_in_a_frame() -> None:
    headers = client_of(LOCAL).get("/").headers
    assert headers["content-security-policy"] == "frame-ancestors 'none'"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("access", "headers", "expected"),
    [
        (LOCAL, {"host": "localhost:8501"}, True),
        (LOCAL, {"host": "localhost:8501", "x-forwarded-for": "10.0.0.1"}, False),
        (LOCAL, {"host": "localhost:8501", "forwarded": "for=10.0.0.1"}, False),
        (LOCAL, {"host": "192.168.0.7"}, False),
        (OPEN, {"host": "localhost:8501"}, False),
        (LOCAL, {}, False),
    ],
)
def test_who_counts_as_a_visitor_on_this_machine(
    access: Access, headers: dict[str, str], expected: bool
) -> None:
    assert access.is_local(Headers(headers)) is expected
