"""Checks every request before it reaches a route.

A web page that is open in a browser must not reach a server on the same machine:
- it cannot read: there is no CORS, and requests to its own host name (DNS rebinding) are refused;
- it cannot write: bodies must be JSON and cancelling is DELETE, for both of which browsers first
  ask the server for permission (a CORS preflight), and it never grants any.

Where a request comes from says nothing about who sent it: through a proxy on this machine everybody
comes from here, and other users of the machine do too. So whoever changes the library proves who
they are, by the token or by the secret that only the same user can read.
"""

import hmac
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tubeseek.api.errors import refusal
from tubeseek.library.identity import proof_of
from tubeseek.library.remote import SECRET_HEADER

MAX_BODY_BYTES = 30_000_000  # the largest picture in base64, and room for the rest
PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of one server.

    Attributes:
        loopback: Whether it listens on a loopback address only.
        secret: Proves that a client is the user who runs the server.
        token: The token that every client needs to write; None lets only the same user write.
        allowed_hosts: Host names of the server, in addition to those of loopback.
    """

    loopback: bool
    secret: str
    token: str | None = None
    allowed_hosts: tuple[str, ...] = ()

    def answers_to(self, headers: Headers) -> bool:
        """Return whether the request names this server.

        Off loopback the server does not know its own addresses and accepts every IP address: an
        attacker can point a host name here, but not an address.
        """
        name = host_name(headers.get("host", ""))
        allowed = {host.lower().rstrip(".") for host in self.allowed_hosts}
        is_address = _address(name) is not None
        return _is_loopback(name) or name in allowed or (is_address and not self.loopback)

    def check_file(self, headers: Headers, video_id: str, key: str) -> None:
        """Raise an error unless the client may have the file of a video.

        Raises:
            HTTPException: 403 if it is elsewhere, or proves neither by the secret nor by the key
                in the URL that the same user asks.
        """
        signed = _same(key, proof_of(self.secret, video_id))
        if not self.is_local(headers) or not (signed or self._is_same_user(headers)):
            raise HTTPException(
                403, "video files are sent only to the same user on the same machine"
            )

    def check_write(self, headers: Headers) -> None:
        """Raise an error unless the client may change the library.

        Raises:
            HTTPException: 403 if only the same user may, 401 if the token is missing or wrong.
        """
        if self.token is None:
            if not self._is_same_user(headers):
                raise HTTPException(
                    403,
                    "without a token only commands of the user who runs this server may change "
                    "the library; set TUBESEEK_TOKEN for the server and for its clients",
                )
            return
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        if not (self.is_token(credentials.strip()) and scheme.lower() == "bearer"):
            raise HTTPException(
                401, "the token is missing or wrong; set TUBESEEK_TOKEN to the token of the server"
            )

    def is_local(self, headers: Headers) -> bool:
        """Return whether a request comes from this machine, and through no proxy."""
        forwarded = any(header in headers for header in PROXY_HEADERS)
        return self.loopback and not forwarded and _is_loopback(host_name(headers.get("host", "")))

    def is_token(self, text: str) -> bool:
        """Return whether a text is the token of this server."""
        return self.token is not None and _same(text, self.token)

    def is_same_origin(self, headers: Headers) -> bool:
        """Return whether the page that opened a connection, if any, is one of this server."""
        origin = headers.get("origin")
        if origin is None:
            return True
        try:
            return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
        except ValueError:  # no address
            return False

    def _is_same_user(self, headers: Headers) -> bool:
        return _same(headers.get(SECRET_HEADER, ""), self.secret)


class HostGuard:
    """ASGI middleware that refuses requests to another host name (DNS rebinding).

    It also refuses WebSockets that a page of another site has opened: browsers do not ask for
    permission before they open one.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._access.answers_to(headers):
            host = headers.get("host", "")[:200]
            message = (
                f"this server does not answer to the name {host!r}; use its address, or add the "
                "name to the setting allowed_hosts of the server"
            )
            await refusal(421, message)(scope, receive, send)
        elif scope["type"] == "websocket" and not self._access.is_same_origin(headers):
            message = "a page of another site opened this connection; open the app itself"
            await refusal(403, message)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class FrameGuard:
    """ASGI middleware that keeps pages of other sites from showing those of the app in a frame."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", "frame-ancestors 'none'")
                headers.setdefault("X-Frame-Options", "DENY")
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
            await send(message)

        await self._app(scope, receive, guarded)


class BodyGuard:
    """ASGI middleware that refuses bodies that are not JSON or are too large."""

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BODY_BYTES) -> None:
        self._app, self._max_bytes = app, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        too_large = f"the body is larger than {self._max_bytes // 1_000_000} MB; send less"
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._max_bytes:
            await refusal(413, too_large)(scope, receive, send)
            return
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if scope["method"] == "POST" and kind != "application/json":
            message = f"send a JSON body with Content-Type: application/json, not {kind[:80]!r}"
            await refusal(415, message)(scope, receive, send)
            return
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:  # sent in chunks, without a Content-Length
                raise HTTPException(413, too_large)
            return message

        await self._app(scope, bounded, send)


def host_name(header: str) -> str:
    """Return the name in a Host header, without its port.

    >>> host_name("LocalHost.:8000"), host_name("[::1]:8000"), host_name("10.0.0.1")
    ('localhost', '::1', '10.0.0.1')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower().rstrip(".")


def _same(text: str, secret: str) -> bool:
    """Compare what a client sent with a secret, in constant time.

    ASGI decodes headers as latin-1; nothing equals a secret that is empty.
    """
    sent = text.encode("latin-1", "replace")
    return hmac.compare_digest(sent, secret.encode()) and bool(secret)


def _is_loopback(name: str) -> bool:
    address = _address(name)
    return name == "localhost" or (address is not None and address.is_loopback)


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None
