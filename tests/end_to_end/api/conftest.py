"""A library of painted pictures, and a server over it."""

import threading

import pytest

from tests.painted import VIDEOS, open_painted, paint_dataset
from tests.serving import serving
from tubeseek.api import create_api
from tubeseek.client import RemoteLibrary
from tubeseek.events import EventKind
from tubeseek.messages import AddRequest, IndexRequest


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
        yield RemoteLibrary(url)


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
        yield library, RemoteLibrary(url)
    library.close()
