"""Fetches a picture at a URL that a client names, from the public internet only.

Without checks a client could make the server request machines that only the server can reach
(server-side request forgery, OWASP Top 10 2021, A10). Every name is therefore resolved here, each
of its addresses is checked, and the connection is made to a checked address: no name is resolved
twice, and each redirect passes the same checks.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

import httpx

import tubeseek
from tubeseek.core.errors import InputError
from tubeseek.core.schemas import MAX_IMAGE_BYTES

Address: TypeAlias = IPv4Address | IPv6Address

MAX_REDIRECTS = 3
MAX_SECONDS = 20.0
MAX_SILENCE_SECONDS = 5.0
PORTS = {"http": 80, "https": 443}
FIRST_USER_PORT = 1024  # lower ports belong to services that a request could be smuggled into
TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291: the public internet
TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4, Teredo: hide IPv4 addresses


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet.

    >>> [is_public(ip_address(a)) for a in ("1.1.1.1", "10.0.0.1", "::ffff:127.0.0.1")]
    [True, False, False]
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in TRANSLATED:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in GLOBAL_UNICAST or any(address in tunnel for tunnel in TUNNELS):
            return False
    special = (
        address.is_private,
        address.is_loopback,
        address.is_link_local,
        address.is_multicast,
        address.is_reserved,
        address.is_unspecified,
    )
    return address.is_global and not any(special)


async def fetch_public_image(
    url: str,
    *,
    allowed: Callable[[Address], bool] = is_public,
    seconds: float = MAX_SECONDS,
) -> bytes:
    """Return the bytes at a URL, without checking that they are a picture.

    Args:
        url: An http or https URL.
        allowed: Whether the server may connect to an address.
        seconds: The time limit for everything: names, redirects and the picture.

    Raises:
        InputError: The URL is not allowed, cannot be fetched, or leads to more than 20 MB.
    """
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(
                verify=_certificates(),
                trust_env=False,  # a proxy would resolve the name again
                timeout=MAX_SILENCE_SECONDS,
                limits=httpx.Limits(max_keepalive_connections=0),
            ) as client,
        ):
            place = httpx.URL(url)
            for _ in range(MAX_REDIRECTS + 1):
                answer = await _request(client, place, allowed)
                if isinstance(answer, bytes):
                    return answer
                place = answer
    except (TimeoutError, httpx.TimeoutException) as error:
        raise InputError(_refused(url, "its server is too slow")) from error
    except httpx.InvalidURL as error:
        raise InputError(_refused(url, "it is not a URL")) from error
    except httpx.HTTPError as error:
        raise InputError(_refused(url, "its server does not answer properly")) from error
    raise InputError(_refused(url, "it is redirected too often"))


@cache
def _certificates() -> ssl.SSLContext:
    """Return the trusted certificates, which take a tenth of a second to read."""
    return httpx.create_ssl_context(trust_env=False)


async def _request(
    client: httpx.AsyncClient, url: httpx.URL, allowed: Callable[[Address], bool]
) -> bytes | httpx.URL:
    """Make one request; return the picture, or the URL it is redirected to."""
    addresses = await _checked_addresses(url, allowed)
    for address in addresses:
        request = client.build_request(
            "GET",
            url.copy_with(host=str(address)),
            headers={
                "Host": url.netloc.decode("ascii"),
                "Accept": "image/*",
                "Accept-Encoding": "identity",
                "User-Agent": f"tubeseek/{tubeseek.__version__}",
            },
            extensions={"sni_hostname": url.raw_host.decode("ascii")},  # the name to verify
        )
        try:
            response = await client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if address == addresses[-1]:
                raise
            continue
        try:
            if response.has_redirect_location:
                return url.join(response.headers["location"])
            return await _body(response, url)
        finally:
            await response.aclose()
    raise InputError(_refused(str(url), "its name leads nowhere"))


async def _body(response: httpx.Response, url: httpx.URL) -> bytes:
    if response.status_code != 200:
        raise InputError(_refused(str(url), f"its server answers {response.status_code}"))
    if response.headers.get("content-encoding", "identity") != "identity":
        raise InputError(_refused(str(url), "its server compresses it without being asked to"))
    parts, size = [], 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > MAX_IMAGE_BYTES:
            raise InputError(_refused(str(url), f"it is over {MAX_IMAGE_BYTES // 1_000_000} MB"))
        parts.append(part)
    return b"".join(parts)


async def _checked_addresses(url: httpx.URL, allowed: Callable[[Address], bool]) -> list[Address]:
    """Return all addresses of the host of a URL; raise an error if any is not allowed."""
    if url.scheme not in PORTS or not url.host:
        raise InputError(_refused(str(url), "only http:// and https:// addresses are fetched"))
    if url.userinfo:
        raise InputError(_refused(str(url.copy_with(userinfo=b"")), "leave out the user name"))
    port = url.port or PORTS[url.scheme]
    if port < FIRST_USER_PORT and port not in PORTS.values():
        raise InputError(_refused(str(url), f"port {port} is not a port of the web"))
    loop = asyncio.get_running_loop()
    try:
        entries = await loop.getaddrinfo(
            url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )
    except (OSError, UnicodeError) as error:
        raise InputError(_refused(str(url), "its name cannot be resolved")) from error
    addresses = [ip_address(entry[4][0]) for entry in entries]
    if not all(allowed(address) for address in addresses):
        raise InputError(_refused(str(url), "it leads to an address that is not public"))
    return addresses


def _refused(url: str, reason: str) -> str:
    shown = url if len(url) <= 200 else url[:200] + "..."
    return f"the picture at {shown} is not fetched: {reason}; download it and send the file instead"
