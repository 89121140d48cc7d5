"""Fetches a picture that a stranger names, from the public internet and from nowhere else.

A server that fetches what it is told can be made to ask machines that only it can reach
(server-side request forgery, OWASP Top 10 2021, A10). So every name is resolved here, each of its
addresses is checked, and the connection is made to a checked address: nothing is resolved a second
time, and each redirect passes the same checks.
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
FIRST_USER_PORT = 1024  # below it stand services that a request could be smuggled into
TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291: all that is assigned for the internet
TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4, Teredo: hide IPv4 addresses


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet.

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
    """The bytes behind a URL; whether they are a picture is for the reader to find out.

    Args:
        url: http or https.
        allowed: Which addresses may be connected to.
        seconds: The most that all of it may take: names, redirects and the picture.

    Raises:
        InputError: The URL may not or cannot be fetched, or what it names is larger than 20 MB.
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
                found = await _ask(client, place, allowed)
                if isinstance(found, bytes):
                    return found
                place = found
    except (TimeoutError, httpx.TimeoutException) as error:
        raise InputError(_refused(url, "its server is too slow")) from error
    except httpx.InvalidURL as error:
        raise InputError(_refused(url, "that is no URL")) from error
    except httpx.HTTPError as error:
        raise InputError(_refused(url, "its server does not answer as it should")) from error
    raise InputError(_refused(url, "it is redirected too often"))


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to trust; reading them takes a tenth of a second."""
    return httpx.create_ssl_context(trust_env=False)


async def _ask(
    client: httpx.AsyncClient, url: httpx.URL, allowed: Callable[[Address], bool]
) -> bytes | httpx.URL:
    """One request: the picture, or where it is said to be."""
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
            extensions={"sni_hostname": url.raw_host.decode("ascii")},  # whose certificate to check
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
        raise InputError(_refused(str(url), "it comes compressed, which was not asked for"))
    parts, size = [], 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > MAX_IMAGE_BYTES:
            raise InputError(_refused(str(url), f"it is over {MAX_IMAGE_BYTES // 1_000_000} MB"))
        parts.append(part)
    return b"".join(parts)


async def _checked_addresses(url: httpx.URL, allowed: Callable[[Address], bool]) -> list[Address]:
    """All addresses of the URL's host, or an error if any of them is not allowed."""
    if url.scheme not in PORTS or not url.host:
        raise InputError(_refused(str(url), "only http:// and https:// addresses are fetched"))
    if url.userinfo:
        raise InputError(_refused(str(url.copy_with(userinfo=b"")), "leave out the user name"))
    port = url.port or PORTS[url.scheme]
    if port < FIRST_USER_PORT and port not in PORTS.values():
        raise InputError(_refused(str(url), f"port {port} is not one of the web"))
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(
            url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )
    except (OSError, UnicodeError) as error:
        raise InputError(_refused(str(url), "its name cannot be resolved")) from error
    addresses = [ip_address(entry[4][0]) for entry in found]
    if not all(allowed(address) for address in addresses):
        raise InputError(_refused(str(url), "it leads to an address that is not public"))
    return addresses


def _refused(url: str, reason: str) -> str:
    shown = url if len(url) <= 200 else url[:200] + "..."
    return f"the picture at {shown} is not fetched: {reason}; download it and send the file instead"
