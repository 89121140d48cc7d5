"""The server refuses foreign host names, unknown writers, and pictures from private networks."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import httpx
import pytest
from fastapi import HTTPException
from starlette.datastructures import Headers

from tubeseek.api.image_fetch import fetch_public_image, is_public
from tubeseek.api.security import Access, host_name
from tubeseek.core.errors import InputError

# What may lead to a refusal: a check, before any connection, or the error of a library
CHECK = (type(None),)
INVALID = (httpx.InvalidURL,)
UNRESOLVED = (OSError, UnicodeError)
PICTURE = b"\x89PNG\r\n\x1a\n and so on"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"),  # noqa: S104
        *("192.168.0.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1"),
        *("240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1"),
        *("ff02::1", "2001:db8::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1.1.1.1"),
        *("2002:7f00:1::", "2001:0:7f00:1::", "::127.0.0.1", "fe80::1%eth0"),
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)
def test_addresses_that_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "causes"),
    [
        ("http://127.0.0.1/a.png", CHECK),
        ("http://localhost:8000/a.png", CHECK),  # a name that resolves to loopback
        ("http://[::1]/a.png", CHECK),
        ("http://0.0.0.0/a.png", CHECK),
        ("http://169.254.169.254/latest/meta-data/", CHECK),
        ("http://2130706433/a.png", CHECK),  # 127.0.0.1 as one decimal number
        ("http://0x7f000001/a.png", CHECK),
        ("http://0177.0.0.1/a.png", (*CHECK, *INVALID)),
        ("http://127.1/a.png", CHECK),
        ("http://[::ffff:127.0.0.1]/a.png", CHECK),
        ("http://[::ffff:7f00:1]/a.png", CHECK),
        ("https://192.168.1.1/a.png", CHECK),
        ("http://10.0.0.1:8080/a.png", CHECK),
        ("http://１２７.０.０.１/a.png", (*CHECK, *INVALID, *UNRESOLVED)),  # full width
        ("http://no-such-name.invalid/a.png", UNRESOLVED),
        ("http://1.1.1.1:25/a.png", CHECK),
        ("http://me:secret@1.1.1.1/a.png", CHECK),
        ("file:///etc/passwd", CHECK),
        ("ftp://1.1.1.1/a.png", CHECK),
        ("//1.1.1.1/a.png", CHECK),
        ("a.png", CHECK),
        ("", CHECK),
        ("http://", CHECK),
        ("http://[::1", INVALID),
        ("http://" + "a" * 300 + ".example/", (*INVALID, *UNRESOLVED)),
        ("http://a\nb/", INVALID),
    ],
)
def test_urls_that_are_refused(url, causes):
    with pytest.raises(InputError) as refusal:
        asyncio.run(fetch_public_image(url))
    assert isinstance(refusal.value.__cause__, causes)
    assert "secret" not in str(refusal.value)


Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def web_server(answer: Answer) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Yield the port of a server on 127.0.0.1, and the (path, Host) of each request to it."""
    requests: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append((self.path, self.headers["Host"]))
            answer(self)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port, requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def public_or_localhost(address) -> bool:
    """Treat 127.0.0.1 as public; all other addresses as ever."""
    return address == ip_address("127.0.0.1") or is_public(address)


def fetch(url: str, seconds: float = 10) -> bytes:
    return asyncio.run(fetch_public_image(url, allowed=public_or_localhost, seconds=seconds))


def test_a_picture_comes_whole_and_the_host_is_named():
    with web_server(lambda handler: send(handler, 200, PICTURE)) as (port, requests):
        assert fetch(f"http://127.0.0.1:{port}/a%20b.png?size=2") == PICTURE
    assert requests == [("/a%20b.png?size=2", f"127.0.0.1:{port}")]


def test_redirects_are_followed_where_they_may_lead():
    def answer(handler):
        if handler.path == "/old":
            send(handler, 302, Location="/new")
        else:
            send(handler, 200, PICTURE)

    with web_server(answer) as (port, requests):
        assert fetch(f"http://127.0.0.1:{port}/old") == PICTURE
    assert [path for path, _ in requests] == ["/old", "/new"]


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
        "http://[::1]:{port}/secret",
        "http://[::ffff:10.0.0.1]/",
        "http://127.0.0.2:{port}/secret",
        "//192.168.0.1/secret",
        "file:///etc/passwd",
        "http://user:secret@127.0.0.1:{port}/",
        "/again",
    ],
)
def test_redirects_into_private_networks_are_refused(target):
    def answer(handler):
        send(handler, 301, Location=target.format(port=handler.server.server_port))

    with web_server(answer) as (port, requests), pytest.raises(InputError) as refusal:
        fetch(f"http://127.0.0.1:{port}/start")
    assert isinstance(refusal.value.__cause__, CHECK)
    assert not [path for path, _ in requests if path == "/secret"]


@pytest.mark.parametrize("announced", [True, False])
def test_a_picture_without_end_is_cut_off(announced):
    chunk = bytes(1_000_000)

    def answer(handler):
        handler.send_response(200)
        if announced:
            handler.send_header("Content-Length", str(10**12))
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(chunk)
        except OSError:
            handler.close_connection = True  # hung up on, as it should be

    with web_server(answer) as (port, _), pytest.raises(InputError, match="20 MB"):
        fetch(f"http://127.0.0.1:{port}/")


def test_a_server_that_drips_is_given_up_in_time():
    stop = threading.Event()

    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not stop.wait(0.05):  # each byte in time, the whole never
            try:
                handler.wfile.write(b"X-Drip: 1\r\n")
            except OSError:
                break

    with web_server(answer) as (port, _):
        with pytest.raises(InputError) as refusal:
            fetch(f"http://127.0.0.1:{port}/", seconds=0.5)
        stop.set()
    assert isinstance(refusal.value.__cause__, TimeoutError)


@pytest.mark.parametrize(
    ("status", "headers", "value"),
    [
        (404, {}, "404"),
        (200, {"Content_Encoding": "gzip"}, None),
    ],
)
def test_answers_that_are_no_picture(status, headers, value):
    def answer(handler):
        send(handler, status, b"x", **headers)

    with web_server(answer) as (port, _), pytest.raises(InputError, match=value):
        fetch(f"http://127.0.0.1:{port}/")


def test_nobody_there():
    with web_server(lambda handler: send(handler, 200)) as (port, _):
        pass
    with pytest.raises(InputError) as refusal:
        fetch(f"http://127.0.0.1:{port}/")
    assert isinstance(refusal.value.__cause__, httpx.ConnectError)


# Which clients may write


SECRET = "of-the-same-user"  # noqa: S105
LOCAL = Access(loopback=True, secret=SECRET)
OPEN = Access(loopback=False, secret=SECRET)
KEYED = Access(loopback=True, secret=SECRET, token="key")  # noqa: S106


def headers(**values: str) -> Headers:
    return Headers({name.replace("_", "-"): value for name, value in values.items()})


@pytest.mark.parametrize(
    ("host", "on_loopback", "elsewhere"),
    [
        ("localhost", True, True),
        ("LOCALHOST.:8000", True, True),
        ("127.0.0.1:8000", True, True),
        ("[::1]:8000", True, True),
        ("192.168.1.7:8000", False, True),  # an address cannot be bent by a name server
        ("[2606:4700::1111]", False, True),
        ("videos.example.org", True, True),  # allowed by name
        ("evil.example", False, False),
        ("localhost.evil.example", False, False),
        ("127.0.0.1.evil.example", False, False),
        ("", False, False),
        ("[::1", True, True),
    ],
)
def test_names_that_the_server_answers_to(host, on_loopback, elsewhere):
    names = ("Videos.example.org",)
    for loopback, answers in ((True, on_loopback), (False, elsewhere)):
        access = Access(loopback, SECRET, allowed_hosts=names)
        assert access.answers_to(headers(host=host)) is answers


def test_host_name_leaves_out_the_port():
    assert host_name("Example.ORG:80") == "example.org"


@pytest.mark.parametrize(
    ("access", "sent", "status"),
    [
        (LOCAL, {"host": "localhost:1"}, 403),  # anybody, through nginx's default proxy_pass
        (LOCAL, {"host": "localhost", "tubeseek_secret": "of-another"}, 403),
        (LOCAL, {"host": "localhost", "tubeseek_secret": "schlüssel"}, 403),
        (LOCAL, {"host": "localhost", "tubeseek_secret": SECRET}, None),
        (OPEN, {"host": "192.168.0.7", "tubeseek_secret": SECRET}, None),
        (Access(loopback=True, secret=""), {"host": "localhost", "tubeseek_secret": ""}, 403),
        (KEYED, {"host": "localhost", "tubeseek_secret": SECRET}, 401),
        (LOCAL, {"host": "videos.example.org"}, 403),  # through a proxy: not this machine
        (LOCAL, {"host": "localhost", "x_forwarded_for": "8.8.8.8"}, 403),
        (OPEN, {"host": "127.0.0.1"}, 403),
        (OPEN, {"host": "127.0.0.1", "authorization": "Bearer "}, 403),
        (KEYED, {"host": "127.0.0.1"}, 401),
        (KEYED, {"host": "127.0.0.1", "authorization": "Bearer kez"}, 401),
        (KEYED, {"host": "127.0.0.1", "authorization": "Basic key"}, 401),
        (KEYED, {"host": "127.0.0.1", "authorization": "key"}, 401),
        (KEYED, {"host": "127.0.0.1", "authorization": "Bearer schlüssel"}, 401),
        (KEYED, {"host": "127.0.0.1", "authorization": "bearer key"}, None),
        (KEYED, {"host": "127.0.0.1", "authorization": "Bearer key"}, None),
    ],
)
def test_who_may_write(access, sent, status):
    if status is None:
        access.check_write(headers(**sent))
        return
    with pytest.raises(HTTPException) as refusal:
        access.check_write(headers(**sent))
    assert refusal.value.status_code == status
    assert "TUBESEEK_TOKEN" in refusal.value.detail
