"""How many videos to prepare ahead of the encoder, so that memory stays bounded. Pure."""

from collections import deque

VIDEOS_PER_WORKER = 4
MOST_BYTES = 256_000_000  # of pixels; what all workers prepare at the moment may come on top
FIRST_GUESS_BYTES = 42_000_000  # the stills of a long video: 241 of 320 x 180 pixels
REMEMBERED = 16  # the latest videos; a library of thumbnails may go on with long films


class LookAhead:
    """A few videos for each worker; fewer where the latest ones were large, one each at least."""

    def __init__(self, workers: int) -> None:
        self._least, self._most = workers, workers * VIDEOS_PER_WORKER
        self._sizes = deque([FIRST_GUESS_BYTES], REMEMBERED)

    def saw(self, size_bytes: int) -> None:
        """Takes note of how large a video was once it was prepared."""
        self._sizes.append(size_bytes)

    def has_room(self, waiting: int) -> bool:
        """Whether one more video may be prepared while so many wait or are under way.

        >>> ahead = LookAhead(workers=2)
        >>> ahead.has_room(5), ahead.has_room(7)
        (True, False)
        """
        if waiting < self._least:
            return True
        return waiting < self._most and (waiting + 1) * max(self._sizes) <= MOST_BYTES
