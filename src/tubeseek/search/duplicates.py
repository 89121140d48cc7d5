"""Videos that show the same: one upload and its re-uploads. Pure functions.

Two videos are copies when they are equally long and look alike all along: the stills of the one
with fewer of them have, on average, nearly the same still in the other. Where a length is not known
there is often a thumbnail only, and a series may use one for all its parts, so that the titles must
be the same as well.
"""

from collections.abc import Callable, Mapping, Sequence

from tubeseek.core.types import Vectors, Video

SAME_COSINE = 0.97  # of a frame with itself, encoded and scaled anew
SAME_LENGTH_SECONDS = 1.5  # uploads round, and lose or gain a frame or two
SAME_LENGTH_SHARE = 0.005


def fold_duplicates(
    ids: Sequence[str],
    videos: Mapping[str, Video],
    read: Callable[[Sequence[str]], Mapping[str, Vectors]],
) -> dict[str, list[str]]:
    """The videos to show, in order, each with those that it stands for.

    Args:
        ids: Of found videos, best first.
        videos: Each of them.
        read: Reads the segments of each of several, (n, dim) float32, rows of unit length. Called
            once, with those of which lengths or titles say that they may be the same as another;
            not at all if there are none.
    """
    earlier = {
        video_id: [other for other in ids[:at] if may_be_same(videos[other], videos[video_id])]
        for at, video_id in enumerate(ids)
    }
    doubtful = {i for video_id, others in earlier.items() if others for i in (video_id, *others)}
    vectors = read([video_id for video_id in ids if video_id in doubtful]) if doubtful else {}
    shown: dict[str, list[str]] = {}
    for video_id in ids:
        for other in earlier[video_id]:
            if other in shown and look_alike(vectors[other], vectors[video_id]):
                shown[other].append(video_id)
                break
        else:
            shown[video_id] = []
    return shown


def may_be_same(one: Video, other: Video) -> bool:
    """Whether lengths, or else titles, let two videos be copies.

    >>> films = [Video(i, "", "A film", duration_seconds=s) for i, s in zip("abc", (60, 61, 65))]
    >>> may_be_same(films[0], films[1]), may_be_same(films[0], films[2])
    (True, False)
    >>> may_be_same(Video("a", "", "Part 1"), Video("b", "", "Part 2"))
    False
    """
    if one.duration_seconds is None or other.duration_seconds is None:
        return one.title.casefold() == other.title.casefold()
    longer = max(one.duration_seconds, other.duration_seconds)
    tolerance = max(SAME_LENGTH_SECONDS, SAME_LENGTH_SHARE * longer)
    return abs(one.duration_seconds - other.duration_seconds) <= tolerance


def look_alike(one: Vectors, other: Vectors) -> bool:
    """Whether the segments of two videos, (n, dim) and (m, dim), are nearly the same."""
    fewer, more = sorted((one, other), key=len)
    if not len(fewer):
        return False
    return float((fewer @ more.T).max(axis=1).mean()) >= SAME_COSINE
