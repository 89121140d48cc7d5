"""Sends requests as they are, without a client that normalises them."""

import http.client
from urllib.parse import urlsplit

from tubeseek.core.schemas.server import ErrorAnswer


def ask(url: str, method: str, path: str, body: bytes | None = None, **headers: str):
    """Send one request; return (status, headers, body)."""
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
    """Return (status, name of the error, message) of a refusal."""
    status, _, body = answer
    refusal = ErrorAnswer.model_validate_json(body)
    assert refusal.message
    return status, refusal.error, refusal.message
