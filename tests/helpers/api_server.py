"""Runs a real uvicorn server in a thread."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from tubeseek.library.library import Library
from tubeseek.library.remote import RemoteLibrary


@contextmanager
def serving(api: FastAPI) -> Iterator[str]:
    """Serve `api` on a free port of 127.0.0.1 and yield its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(api, log_level="critical", ws="none", timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                if not thread.is_alive():
                    raise AssertionError("the server did not start")
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def same_user(url: str, library: Library, token: str | None = None) -> RemoteLibrary:
    """Return a client of the user who runs the server of a library."""
    client = RemoteLibrary.of_folder(url, library.folder, token)
    assert client is not None
    return client
