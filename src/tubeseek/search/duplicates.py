"""Folds videos that show the same into the best of them. Pure functions.

Two videos are copies when they are equally long and look alike all along: on average, each still
of the one with fewer stills has nearly the same still in the other. Where a length is not known
there is often only a thumbnail, and a series may use one for all its parts, so the titles must be
the same as well.
"""

from collections.abc import Callable, Mapping, Sequence

from tubeseek.core.types import Vectors, Video

SAME_COSINE = 0.97  # of a frame with itself after another encoding and scaling
SAME_LENGTH_SECONDS = 1.5  # uploads round, and lose or gain a frame or two
SAME_LENGTH_SHARE = 0.005


def fold_duplicates(
    ids: Sequence[str],
    videos: Mapping[str, Video],
    read: Callable[[Sequence[str]], Mapping[str, Vectors]],
) -> dict[str, list[str]]:
    """Return the ids of the videos to show, in order, each with those that it stands for.

    Args:
        ids: The found videos, best first.
        videos: Each of them by id.
        read: Returns the segments of each of several videos, (n, dim) float32, rows of unit length.
            It is called once, with the videos whose lengths or titles allow a copy, and not at all
            if there are none.
    """
    earlier = {
        video_id: [other for other in ids[:at] if may_be_same(videos[other], videos[video_id])]
        for at, video_id in enumerate(ids)
    }
    candidates = {
        i for video_id, similar in earlier.items() if similar for i in (video_id, *similar)
    }
    vectors = read([video_id for video_id in ids if video_id in candidates]) if candidates else {}
    shown: dict[str, list[str]] = {}
    for video_id in ids:
        for other in earlier[video_id]:
            if other in shown and look_alike(vectors[other], vectors[video_id]):
                shown[other].append(video_id)
                break
        else:
            shown[video_id] = []
    return shown


def may_be_same(first: Video, second: Video) -> bool:
    """Return whether the lengths of two videos, or else their titles, allow them to be copies.

    >>> a, b, c = (Video(i, "", "A talk", duration_seconds=s) for i, s in zip("abc", (60, 61, 65)))
    >>> may_be_same(a, b), may_be_same(a, c)
    (True, False)
    >>> may_be_same(Video("a", "", "Part 1"), Video("b", "", "Part 2"))
    False
    """
    if first.duration_seconds is None or second.duration_seconds is None:
        return first.title.casefold() == second.title.casefold()
    longer = max(first.duration_seconds, second.duration_seconds)
    tolerance = max(SAME_LENGTH_SECONDS, SAME_LENGTH_SHARE * longer)
    return abs(first.duration_seconds - second.duration_seconds) <= tolerance


def look_alike(first: Vectors, second: Vectors) -> bool:
    """Return whether the segments of two videos, (n, dim) and (m, dim), are nearly the same."""
    fewer, more = sorted((first, second), key=len)
    if not len(fewer):
        return False
    return float((fewer @ more.T).max(axis=1).mean()) >= SAME_COSINE
