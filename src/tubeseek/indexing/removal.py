"""Takes a removed video out of the catalogue and of every store."""

from tubeseek.catalog import WORDS_KEY, Catalog
from tubeseek.search.open_indexes import OpenIndexes


def remove_video(catalog: Catalog, open_indexes: OpenIndexes, video_id: str) -> None:
    """Remove a video from the catalogue, then from all indexes.

    A run that is storing the video at the moment learns of the removal when it records the video,
    and removes it again. What a kill leaves behind is swept by the next run.
    """
    keys = catalog.remove_video(video_id)
    for row in catalog.indexes.indexes():
        if row.key in keys:
            open_indexes.store(row).remove_video(video_id)
            catalog.indexes.videos(row.key).leftovers.finish_removal(video_id)
    if WORDS_KEY in keys:
        open_indexes.words().remove_video(video_id)
        catalog.indexed_words.leftovers.finish_removal(video_id)
