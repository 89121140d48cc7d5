"""Stores a batch of videos in an index so that a run may be killed at any moment."""

from collections.abc import Callable, Sequence

from tubeseek.catalog import IndexedVideo, Progress
from tubeseek.core.protocols import PassageStore, VectorStore


def store_batch(
    progress: Progress,
    store: VectorStore | PassageStore,
    batch: Sequence[IndexedVideo],
    add: Callable[[], None],
) -> None:
    """Replace what an index holds of some videos.

    Vectors and the record of them lie in two files. A video counts as indexed from the last step
    on; a run that is killed before leaves it pending, and the next run removes what was added.

    Args:
        progress: The record of the index.
        store: The index.
        batch: The videos, and what the index holds of them once `add` returns.
        add: Adds them to the store; what it adds is durable when it returns.
    """
    for video_id in progress.begin([video.video_id for video in batch]):
        store.remove_video(video_id)  # an older version may have had segments that this one lacks
    add()
    progress.record(batch)
