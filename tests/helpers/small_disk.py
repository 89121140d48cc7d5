"""A disk on which no large file finds room."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def small_disk(file_bytes: int) -> Iterator[None]:
    """Inside, a file that grows beyond so many bytes is refused, as by a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
