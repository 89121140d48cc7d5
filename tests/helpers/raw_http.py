"""Raw requests, which nothing normalises or understands on the way."""

import http.client
from urllib.parse import urlsplit

from tubeseek.core.schemas.server import ErrorAnswer


def ask(url: str, method: str, path: str, body: bytes | None = None, **headers: str):
    """One request: (status, headers, body)."""
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
    """(status, class of the error, message) of a refusal."""
    status, _, body = answer
    answer = ErrorAnswer.model_validate_json(body)
    assert answer.message
    return status, answer.error, answer.message
