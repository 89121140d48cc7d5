"""The one way to search: CLI, API, app and evaluation all call `Searcher.search`."""

from dataclasses import replace

from tubeseek.catalog import Catalog
from tubeseek.errors import QueryError
from tubeseek.fusion import group_by_video
from tubeseek.index import Index
from tubeseek.records import Filter, Query, VideoHit

# Segments fetched per wanted video at first: a video has several segments that are alike.
SEGMENTS_PER_VIDEO = 5
MAX_MOMENTS = 3
MAX_QUERY_CHARACTERS = 2_000
MAX_LIMIT = 1_000


class Searcher:
    """Asks an index and says which videos, and where in them, fit the query."""

    def __init__(self, index: Index, catalog: Catalog) -> None:
        self._index, self._catalog = index, catalog

    def search(self, query: Query, limit: int = 10, where: Filter | None = None) -> list[VideoHit]:
        """The videos that fit best, best first, each with its best moments.

        Args:
            query: A sentence, a picture (1, height, width, 3) uint8, or a vector (dim,).
            limit: The most videos to return.
            where: Which videos may be returned; None means all.

        Raises:
            QueryError: The query is empty or too long, or the limit out of range.
        """
        if isinstance(query, str):
            query = checked_text(query)
        if not 1 <= limit <= MAX_LIMIT:
            raise QueryError(f"the limit must be from 1 to {MAX_LIMIT}, got {limit}")
        vector = self._index.vector(query)
        wanted = limit * SEGMENTS_PER_VIDEO
        while True:  # stores find segments; ask for more until there are enough videos
            hits = self._index.search(vector, wanted, where)
            grouped = group_by_video(hits)
            if len(grouped) >= limit or len(hits) < wanted:
                break
            wanted *= 4
        best = dict(list(grouped.items())[:limit])
        videos = self._catalog.videos(list(best))
        return [
            VideoHit(videos[i], moments[0].score, tuple(moments[:MAX_MOMENTS]))
            for i, moments in best.items()
            if i in videos  # a video just removed may still be in the store for an instant
        ]

    def similar(
        self, video_id: str, limit: int = 10, where: Filter | None = None
    ) -> list[VideoHit]:
        """The videos most like one of the library, itself left out.

        Raises:
            QueryError: The video is not in the index.
        """
        vector = self._index.mean_of_video(video_id)
        if vector is None:
            raise QueryError(
                f"video {video_id!r} is not in the index; `tubeseek list` shows what is, "
                "`tubeseek index` embeds what is pending"
            )
        where = where or Filter()
        others = replace(where, not_video_ids=(*where.not_video_ids, video_id))
        return self.search(vector, limit, others)


def checked_text(text: str) -> str:
    """The words of a query, with single spaces.

    Raises:
        QueryError: There are none, or too many.
    """
    words = " ".join(text.split())
    if not words:
        raise QueryError('the query is empty; describe what you look for, as in "a red sports car"')
    if len(words) > MAX_QUERY_CHARACTERS:
        raise QueryError(
            f"the query has {len(words):,} characters, the most is {MAX_QUERY_CHARACTERS:,}; "
            "one sentence says it better"
        )
    return words
