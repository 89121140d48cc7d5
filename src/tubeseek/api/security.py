"""Who may ask what: the checks that every request passes before it reaches a route.

A web page that someone has open must not reach a server on their machine:
- it cannot read: there is no CORS, and under a name of its own (DNS rebinding) it is refused;
- it cannot write: bodies must be JSON and removal is DELETE, for both of which a browser first asks
  leave of the server (a CORS preflight), which nobody grants.
"""

import hmac
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tubeseek.api.errors import refusal

MAX_BODY_BYTES = 30_000_000  # the largest picture in base64, and room for the rest
PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of one server.

    Attributes:
        loopback: Whether it listens on a loopback address only.
        token: Lets who knows it write from elsewhere; None lets nobody.
        allowed_hosts: Names that it is reached by, beside those of loopback.
    """

    loopback: bool
    token: str | None = None
    allowed_hosts: tuple[str, ...] = ()

    def answers_to(self, headers: Headers) -> bool:
        """Whether the request names this server.

        A name that an attacker points here is not an IP address, so off loopback, where the own
        addresses are not known, every address will do.
        """
        name = host_name(headers.get("host", ""))
        allowed = {host.lower().rstrip(".") for host in self.allowed_hosts}
        is_address = _address(name) is not None
        return _is_loopback(name) or name in allowed or (is_address and not self.loopback)

    def is_local(self, headers: Headers) -> bool:
        """Whether the request comes from this machine, and not through a proxy on it."""
        forwarded = any(header in headers for header in PROXY_HEADERS)
        return self.loopback and _is_loopback(host_name(headers.get("host", ""))) and not forwarded

    def check_write(self, headers: Headers) -> None:
        """Refuses who may not change the library.

        Raises:
            HTTPException: 403 where nobody may, 401 where the token is missing or wrong.
        """
        if self.is_local(headers):
            return
        if self.token is None:
            raise HTTPException(
                403,
                "this server can only be searched from elsewhere: it was started without a token; "
                "set TUBESEEK_TOKEN where it runs, and where you ask from",
            )
        scheme, _, given = headers.get("authorization", "").partition(" ")
        # ASGI hands over the bytes of a header as latin-1
        same = hmac.compare_digest(given.strip().encode("latin-1"), self.token.encode())
        if not (same and scheme.lower() == "bearer"):
            raise HTTPException(
                401, "the token is missing or wrong; set TUBESEEK_TOKEN to that of the server"
            )


class HostGuard:
    """ASGI middleware: refuses requests that name another server (DNS rebinding)."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._access.answers_to(Headers(scope=scope)):
            asked = Headers(scope=scope).get("host", "")[:200]
            message = (
                f"this server does not answer to the name {asked!r}; use its address, or name it "
                "among the allowed hosts where the server is started"
            )
            await refusal(421, message)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BodyGuard:
    """ASGI middleware: bodies are JSON and of bounded size."""

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
            if received > self._max_bytes:  # it came in chunks, without saying how many
                raise HTTPException(413, too_large)
            return message

        await self._app(scope, bounded, send)


def host_name(header: str) -> str:
    """The name in a Host header, without its port.

    >>> host_name("LocalHost.:8000"), host_name("[::1]:8000"), host_name("10.0.0.1")
    ('localhost', '::1', '10.0.0.1')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower().rstrip(".")


def _is_loopback(name: str) -> bool:
    address = _address(name)
    return name == "localhost" or (address is not None and address.is_loopback)


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None
