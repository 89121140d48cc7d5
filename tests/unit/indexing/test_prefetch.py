"""The look-ahead is bounded by numbers and by bytes, and never starves a worker."""

from hypothesis import given
from hypothesis import strategies as st

from tubeseek.indexing.embedding import (
    FIRST_GUESS_BYTES,
    MOST_BYTES,
    REMEMBERED,
    VIDEOS_PER_WORKER,
    Prefetch,
)


def most_waiting(ahead: Prefetch) -> int:
    """How many videos it lets wait."""
    waiting = 0
    while ahead.has_room(waiting):
        waiting += 1
    return waiting


def test_small_videos_are_bounded_by_their_number() -> None:
    ahead = Prefetch(workers=4)
    for _ in range(REMEMBERED):
        ahead.note_size(1_000_000)
    assert most_waiting(ahead) == 4 * VIDEOS_PER_WORKER


def test_large_ones_by_their_bytes_and_before_the_first_is_measured() -> None:
    ahead = Prefetch(workers=4)
    assert most_waiting(ahead) == MOST_BYTES // FIRST_GUESS_BYTES == 6
    ahead.note_size(MOST_BYTES // 5)
    assert most_waiting(ahead) == 5


def test_one_large_video_is_remembered_for_a_while() -> None:
    ahead = Prefetch(workers=1)
    ahead.note_size(MOST_BYTES)
    for _ in range(REMEMBERED - 1):
        ahead.note_size(1)
        assert most_waiting(ahead) == 1
    ahead.note_size(1)
    assert most_waiting(ahead) == VIDEOS_PER_WORKER


@given(st.integers(1, 64), st.lists(st.integers(0, 10**10)))
def test_every_worker_has_work(workers: int, sizes: list[int]) -> None:
    ahead = Prefetch(workers)
    for size in sizes:
        ahead.note_size(size)
    assert workers <= most_waiting(ahead) <= workers * VIDEOS_PER_WORKER
