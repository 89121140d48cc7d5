"""A library of painted pictures, and a server over it."""

import threading

import pytest

from tests.helpers.api_server import same_user, serving
from tests.helpers.painted_library import VIDEOS, open_painted, paint_dataset
from tubeseek.api.app import create_api
from tubeseek.core.events import EventKind
from tubeseek.core.schemas import AddRequest, IndexRequest


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return paint_dataset(tmp_path_factory.mktemp("painted") / "set", VIDEOS)


@pytest.fixture(scope="module")
def library(dataset, tmp_path_factory):
    """Filled and indexed; tests of this module only look."""
    library = open_painted(tmp_path_factory.mktemp("library"))
    for request in (AddRequest(locators=(str(dataset),)), IndexRequest()):
        assert not [e for e in library.run(request) if e.kind is EventKind.FAILED]
    yield library
    library.close()


@pytest.fixture(scope="module")
def remote(library):
    with serving(create_api(library, loopback=True)) as url:
        yield same_user(url, library)


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.fixture
def fresh(tmp_path, gate):
    """An empty library to change, and a client of its server."""
    library = open_painted(tmp_path / "library", gate)
    with serving(create_api(library, loopback=True)) as url:
        yield library, same_user(url, library)
    library.close()
