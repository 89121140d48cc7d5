"""One video along a query: from its catalogue entry and the indexes to the message."""

from collections.abc import Sequence

from tubeseek.catalog import IndexRow
from tubeseek.messages import ChapterFacts, Curve, Replayed, Timeline
from tubeseek.mixing import point_of
from tubeseek.mixture import Mixture
from tubeseek.opening import Opened
from tubeseek.records import Clip, Video
from tubeseek.timeline import cosine_curve, words_curve


def chart(
    video: Video,
    query: str | Clip | Mixture | None,
    rows: Sequence[IndexRow],
    opened: Opened,
    *,
    has_words: bool,
) -> Timeline:
    """The timeline of a video.

    Args:
        video: As the catalogue knows it.
        query: What is looked for; None asks for no curves.
        rows: The indexes of vectors to ask.
        opened: Opens them.
        has_words: Whether there is an index of words to ask.
    """
    curves: list[Curve | None] = []
    if query is not None:
        curves += [_seen(video.id, query, row, opened) for row in rows]
        words = query.words if isinstance(query, Mixture) else query
        if has_words and isinstance(words, str):
            curves.append(words_curve(words, opened.words().read_video(video.id)))
    return Timeline(
        video_id=video.id,
        duration_seconds=video.duration_seconds,
        curves=tuple(curve for curve in curves if curve is not None),
        chapters=tuple(
            ChapterFacts(title=c.title, start=c.start, end=c.end) for c in video.chapters
        ),
        replayed=tuple(Replayed(start=h.start, end=h.end, value=h.value) for h in video.heatmap),
    )


def _seen(
    video_id: str, query: str | Clip | Mixture, row: IndexRow, opened: Opened
) -> Curve | None:
    index = opened.index(row)
    if isinstance(query, Mixture):
        point = point_of(query, index)
        if point is None:
            return None  # this index cannot be asked
        vector = point.vector
    else:
        vector = index.vector(query)
    return cosine_curve(row.spec.name, vector, index.store.read_videos([video_id]))
