"""Defines the protocols that sources, encoders and stores implement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
        """Yield the videos at `locator`, each as soon as it is known, with cheap facts only.

        For an item that cannot be listed the error is yielded, and the listing continues.

        Raises:
            SourceError: Nothing more can be listed: the locator is unknown, or the site refuses.
        """
        ...

    def fetch(self, video: Video, folder: Path) -> Media:
        """Return the video in full with its pictures; files are written into `folder`.

        Raises:
            VideoUnavailableError: The video cannot be fetched.
            MediaError: Its files cannot be read.
            RateLimitedError: The site refuses requests.
        """
        ...

    def close(self) -> None:
        """Wake every waiting thread; the source is not used any more."""
        ...


class TableSource(Protocol):
    """A source whose places are tables with columns that a user may name."""

    def with_columns(self, columns: Mapping[str, str]) -> VideoSource:
        """Return the source that takes these columns, by name, for these fields."""
        ...


class CaptionSource(Protocol):
    """A source that can fetch the captions of a video alone."""

    def captions(self, video: Video) -> tuple[tuple[Passage, ...], str]:
        """Return the captions as passages, and why the site withholds them for now.

        Without captions the result is () and "".

        Raises:
            VideoUnavailableError: The video cannot be fetched, at least not now.
            RateLimitedError: The site refuses requests.
        """
        ...


class FactsSource(Protocol):
    """A source that can fetch the facts of a video alone."""

    def facts(self, video: Video) -> Video:
        """Return the video as its source describes it now.

        Raises:
            VideoUnavailableError: The video cannot be fetched.
            RateLimitedError: The site refuses requests.
        """
        ...


class VideoFileSource(Protocol):
    """A source that can download the files of its videos while segments are cut from them."""

    def video_file(self, video: Video, folder: Path) -> Path | None:
        """Return the file; None if downloads are off or there is none.

        Args:
            video: A video of this source.
            folder: The folder of its pictures; a file that is kept is written there.

        Raises:
            VideoUnavailableError: The file cannot be fetched, at least not now.
            RateLimitedError: The site refuses requests.
        """
        ...

    def release(self, video_id: str) -> None:
        """Delete the file of a video that was cut, unless files are kept."""
        ...


class Encoder(Protocol):
    """Maps texts and clips into one space, in which similar things are near."""

    @property
    def spec(self) -> EncoderSpec: ...

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts: (len(texts), spec.dim)."""
        ...

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        """Return the vectors of clips: (len(clips), spec.dim).

        Raises:
            ValueError: A clip is not (spec.frames, height, width, 3) of uint8; sizes may differ.
        """
        ...


class VectorStore(Protocol):
    """Holds the vectors of one encoder and finds the nearest."""

    @property
    def spec(self) -> EncoderSpec: ...

    def add(self, batch: EmbeddingBatch, payload: Mapping[str, Video]) -> None:
        """Insert segments, or replace those whose id is known; durable on return.

        Args:
            batch: Segments and their vectors.
            payload: The video of each segment by its id; what filters need of it is stored.
        """
        ...

    def search(self, vector: Vector, limit: int, where: Filter | None = None) -> list[Hit]:
        """Return the `limit` nearest segments that meet `where`, best first."""
        ...

    def read_videos(self, video_ids: Sequence[str]) -> EmbeddingBatch:
        """Return all segments of these videos with their vectors; an unknown video has none.

        Returns:
            The videos in the order given, each once, with its segments by kind and start.
        """
        ...

    def update_video(self, video: Video) -> None:
        """Replace what filters know of this video; its vectors stay."""
        ...

    def remove_video(self, video_id: str) -> None: ...

    def video_ids(self) -> set[str]:
        """Return the videos of which there is any segment."""
        ...

    def count(self) -> int:
        """Return the exact number of segments."""
        ...

    def commit(self) -> None:
        """Make all additions fast to search. May take minutes; never blocks a search."""
        ...

    def close(self) -> None: ...


class PassageStore(Protocol):
    """Holds passages of words and finds them by words (BM25), in any language."""

    def add(self, passages: Sequence[Passage], payload: Mapping[str, Video]) -> None:
        """Insert passages, or replace those whose id is known; durable on return."""
        ...

    def search(
        self,
        text: str,
        limit: int,
        where: Filter | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> list[Hit]:
        """Return the passages that hold most of the words of `text`, best first, with their texts.

        Hits share at least one word with the query; the scores are BM25's, not cosines.

        Args:
            text: What to look for.
            limit: The most passages to return.
            where: Which ones may be returned; None: all.
            weights: What holding a term counts, in place of its IDF; other terms count nothing.
        """
        ...

    def inverse_document_frequencies(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the IDF of each of these terms that a passage holds."""
        ...

    def read_video(self, video_id: str) -> list[Passage]: ...
    def update_video(self, video: Video) -> None: ...
    def remove_video(self, video_id: str) -> None: ...

    def video_ids(self) -> set[str]:
        """Return the videos of which there is any passage."""
        ...

    def count(self) -> int: ...
    def commit(self) -> None: ...
    def close(self) -> None: ...
