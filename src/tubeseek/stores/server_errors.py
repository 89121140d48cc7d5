"""What the Qdrant client raises, as our errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import (
    ApiException,
    ResponseHandlingException,
    UnexpectedResponse,
)

from tubeseek.errors import StoreError, StoreUnavailableError

UNAVAILABLE = {408, 429, 502, 503, 504}  # a proxy's or the server's "not now"


@contextmanager
def server_errors(url: str) -> Iterator[None]:
    """Turns what the client raises into our errors."""
    try:
        yield
    except ResponseHandlingException as error:
        raise StoreUnavailableError(
            f"no answer from the Qdrant server at {url} ({error.source}); "
            "start it, or correct the address"
        ) from error
    except UnexpectedResponse as error:
        said = f"the Qdrant server at {url} answered {error.status_code} {error.reason_phrase}"
        if error.status_code in UNAVAILABLE:
            raise StoreUnavailableError(f"{said}; try again in a while") from error
        if error.status_code in (401, 403):
            raise StoreError(f"{said}; give the right API key in the environment") from error
        detail = " ".join(error.content.decode(errors="replace").split())[:300]
        raise StoreError(f"{said}: {detail}; see the log of the server") from error
    except (ApiException, QdrantException) as error:
        raise StoreUnavailableError(
            f"the Qdrant server at {url} does not take requests now ({error}); try again in a while"
        ) from error
