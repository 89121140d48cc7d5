"""Stores a batch of videos in an index so that a run may be killed at any moment."""

from collections.abc import Callable, Sequence

from tubeseek.catalog import IndexedVideo, Progress
from tubeseek.core.protocols import PassageStore, VectorStore


def store_batch(
    progress: Progress,
    store: VectorStore | PassageStore,
    batch: Sequence[IndexedVideo],
    add: Callable[[], None],
) -> set[str]:
    """Replace what an index holds of some videos.

    Vectors and the record of them lie in two files. A video counts as indexed from its record on; a
    run that is killed before leaves it pending, and the next run removes what was added. A video
    that is removed from the library before it is recorded is removed from the store.

    Args:
        progress: The record of the index.
        store: The index.
        batch: The videos, and what the index holds of them once `add` returns.
        add: Adds them to the store; what it adds is durable when it returns.

    Returns:
        The videos that the index now holds, without those that were removed meanwhile.
    """
    for video_id in progress.begin([video.video_id for video in batch]):
        store.remove_video(video_id)  # an older version may have had segments that this one lacks
    add()
    recorded = progress.record(batch)
    for video in batch:
        if video.video_id not in recorded:
            store.remove_video(video.video_id)
            progress.leftovers.finish_removal(video.video_id, wrote=True)
    return recorded


def sweep_leftovers(progress: Progress, store: VectorStore | PassageStore) -> int:
    """Remove from a store what it holds of videos that the catalogue lacks.

    All videos of the store are listed only if it holds more than the catalogue says.

    Returns:
        How many videos were removed.
    """
    swept = _remove_noted(progress, store)
    if store.count() > progress.segment_count():
        stored = store.video_ids()  # before the catalogue, which knows of a video first
        progress.leftovers.note(sorted(stored - progress.video_ids()))
        swept += _remove_noted(progress, store)
    return swept


def _remove_noted(progress: Progress, store: VectorStore | PassageStore) -> int:
    video_ids = progress.leftovers.ids()
    for video_id in video_ids:
        store.remove_video(video_id)
        progress.leftovers.finish_removal(video_id, wrote=True)
    return len(video_ids)
