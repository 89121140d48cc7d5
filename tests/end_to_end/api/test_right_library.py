"""A client speaks to a server only when the server serves the client's library."""

import pytest

from tests.helpers.api_server import same_user, serving
from tests.helpers.painted_library import open_painted
from tubeseek.api.app import create_api
from tubeseek.core.errors import StoreUnavailableError
from tubeseek.core.schemas import RemoveRequest
from tubeseek.core.settings import Settings
from tubeseek.library.open import live_server
from tubeseek.library.owner import Ownership

TOKEN = "for-one-server-only"  # noqa: S105


def test_the_address_of_another_library_is_not_believed(tmp_path):
    mine, other = open_painted(tmp_path / "mine"), open_painted(tmp_path / "other")
    ownership = Ownership(mine.folder, "tubeseek serve")
    settings = Settings(library=mine.folder, token=TOKEN)
    requests: list[tuple[str, dict[bytes, bytes]]] = []
    api = create_api(other, loopback=True)

    async def recording(scope, receive, send):
        if scope["type"] == "http":
            requests.append((scope["path"], dict(scope["headers"])))
        await api(scope, receive, send)

    with serving(create_api(mine, loopback=True)) as url, serving(recording) as other_url:
        ownership.announce(url)
        assert live_server(settings) is not None
        ownership.announce(other_url)  # as where its port was taken by another server
        assert live_server(settings) is None
        with pytest.raises(StoreUnavailableError):
            same_user(other_url, mine, TOKEN).remove(RemoveRequest(names=("v",)))
        assert {path for path, _ in requests} == {"/v1/health"}
        sent = b" ".join(value for _, headers in requests for value in headers.values())
        assert TOKEN.encode() not in sent
        assert same_user(url, mine, TOKEN).remove(RemoveRequest(names=("v",))).unknown == ("v",)
    ownership.release()
    mine.close()
    other.close()
