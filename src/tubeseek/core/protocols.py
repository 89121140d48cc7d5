"""What the core asks of the outside world. Adapters implement these; nothing here imports one."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tubeseek.core.filters import Filter
from tubeseek.core.types import (
    EmbeddingBatch,
    EncoderSpec,
    Frames,
    Hit,
    Media,
    Passage,
    Vector,
    Vectors,
    Video,
)


class VideoSource(Protocol):
    """A kind of place that videos come from: YouTube, a folder, a dataset."""

    def list(self, locator: str) -> Iterator[Video | Exception]:
        """The videos at `locator`, each as soon as it is known; cheap facts only.

        An item that cannot be listed comes out as the error that says why, and the rest go on.

        Raises:
            SourceError: Nothing (more) can be listed: the locator is unknown, or the site refuses.
        """
        ...

    def fetch(self, video: Video, folder: Path) -> Media:
        """The video in full with its pictures; whatever must be written goes into `folder`.

        Raises:
            VideoUnavailableError: This one cannot be had.
            MediaError: Its files cannot be read.
            RateLimitedError: The site asks us to stop.
        """
        ...

    def close(self) -> None:
        """Wakes every thread that waits for its turn; the source is not used any more."""
        ...


class CaptionSource(Protocol):
    """A source that can be asked for the words of a video alone."""

    def captions(self, video: Video) -> tuple[tuple[Passage, ...], str]:
        """What is said, and why the site keeps it back for now; none and "" if it has none.

        Raises:
            VideoUnavailableError: The video cannot be had, or not now.
            RateLimitedError: The site asks us to stop.
        """
        ...


class VideoFileSource(Protocol):
    """A source whose videos lie elsewhere, and can be had as files while they are cut."""

    def video_file(self, video: Video, folder: Path) -> Path | None:
        """The file; None if none is wanted or there is none.

        Args:
            video: Of this source.
            folder: That of its pictures, where a file that is kept lies.

        Raises:
            VideoUnavailableError: It cannot be had, or not now.
            RateLimitedError: The site asks us to stop.
        """
        ...

    def release(self, video_id: str) -> None:
        """Says that the video was cut: its file goes, unless it is kept."""
        ...


class Encoder(Protocol):
    """Maps texts and clips into one space, where near means alike."""

    @property
    def spec(self) -> EncoderSpec: ...

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Returns (len(texts), spec.dim)."""
        ...

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        """Returns (len(clips), spec.dim).

        Raises:
            ValueError: A clip is not (spec.frames, height, width, 3) of uint8; sizes may differ.
        """
        ...


class VectorStore(Protocol):
    """Holds the vectors of one encoder and finds the nearest."""

    @property
    def spec(self) -> EncoderSpec: ...

    def add(self, batch: EmbeddingBatch, payload: Mapping[str, Video]) -> None:
        """Inserts, or replaces where the segment id is known; durable when it returns.

        Args:
            batch: Segments and their vectors.
            payload: The video of each segment by its id; what filters need of it is kept.
        """
        ...

    def search(self, vector: Vector, limit: int, where: Filter | None = None) -> list[Hit]:
        """The `limit` nearest segments, best first, of the videos that pass `where`."""
        ...

    def read_videos(self, video_ids: Sequence[str]) -> EmbeddingBatch:
        """All segments of these videos with their vectors; none of a video that it does not hold.

        Returns:
            The videos in the order given, each once; its segments in order of kind and start.
        """
        ...

    def update_video(self, video: Video) -> None:
        """Replaces what filters know of this video; its vectors stay."""
        ...

    def remove_video(self, video_id: str) -> None: ...

    def count(self) -> int:
        """How many segments there are, exactly."""
        ...

    def commit(self) -> None:
        """Makes all additions fast to search. May take minutes, never blocks a searcher."""
        ...

    def close(self) -> None: ...


class PassageStore(Protocol):
    """Holds the words of videos and finds them by words (BM25), whatever the language."""

    def add(self, passages: Sequence[Passage], payload: Mapping[str, Video]) -> None:
        """Inserts, or replaces where the segment id is known; durable when it returns."""
        ...

    def search(self, text: str, limit: int, where: Filter | None = None) -> list[Hit]:
        """The passages that hold most of the words of `text`, best first, each with its text.

        Hits share at least one word with the query; the scores are BM25's, not cosines.
        """
        ...

    def read_video(self, video_id: str) -> list[Passage]: ...
    def update_video(self, video: Video) -> None: ...
    def remove_video(self, video_id: str) -> None: ...
    def count(self) -> int: ...
    def commit(self) -> None: ...
    def close(self) -> None: ...
