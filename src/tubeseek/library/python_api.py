"""Offers a video library to scripts and notebooks.

>>> from tubeseek import open_library
>>> with open_library("~/videos") as library:  # doctest: +SKIP
...     library.add("recordings")
...     library.index(encoder="starter")
...     for hit in library.search("a red car", limit=5):
...         print(hit.title, hit.best_url)
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from pydantic import ValidationError

from tubeseek.core.errors import QueryError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.files import absolute_if_exists
from tubeseek.core.schemas import (
    AddRequest,
    Boost,
    IndexRequest,
    JobRequest,
    Operations,
    RemoveAnswer,
    RemoveRequest,
    Scope,
    SearchAnswer,
    SearchRequest,
    Sort,
    Status,
    SyncRequest,
    Timeline,
    TimelineRequest,
    VideoDetail,
    VideoFacts,
    Where,
)
from tubeseek.core.schemas.search import Fit
from tubeseek.core.settings import load_settings
from tubeseek.library.open import connect, encoder_name
from tubeseek.library.query_pictures import in_base64, pictures_named_in, read_image

PAGE = 1000  # videos asked for at once

OnEvent = Callable[[Event], None]
PathLike = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class JobResult:
    """The outcome of a job that ran to its end.

    Attributes:
        counts: How many videos were new, changed, embedded, ...; the keys depend on the job.
        failures: One event for each video that failed; `message` gives the reason.
        notices: What the user should know, in plain words.
    """

    counts: Mapping[str, int]
    failures: tuple[Event, ...]
    notices: tuple[str, ...]


class VideoLibrary:
    """A video library that is open; `tubeseek.open_library` opens one.

    While a `tubeseek serve` or `tubeseek app` has the library open, every call goes to that server.
    Otherwise this process is the only one that may use the library until it is closed. All errors
    are `tubeseek.core.errors.TubeseekError`s, and their messages say what to do.
    """

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    @classmethod
    def open(cls, settings: dict[str, Any]) -> Self:
        """Open the library of these settings; None means that the environment or a file says it."""
        return cls(connect(load_settings(settings), "Python"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the library, so that other processes can open it."""
        self._operations.close()

    def add(
        self,
        *locators: PathLike,
        limit: int | None = None,
        columns: Mapping[str, str] | None = None,
        on_event: OnEvent | None = None,
    ) -> JobResult:
        """Add channels, playlists, videos, folders or lists; `index` makes them searchable.

        Args:
            locators: YouTube URLs, @handles, playlist or video ids, "ytsearch20:words", folders of
                videos or pictures, datasets, or files that list videos or channels.
            limit: The most videos of each; None for all.
            columns: The fields of a dataset's columns where their names do not say it, such as
                {"headline": "title"}.
            on_event: Called with each step, for instance to show progress.

        Raises:
            InputError: A locator is not understood.
            SourceError: A place cannot be listed.
        """
        with _input_errors():
            request = AddRequest(
                locators=tuple(map(_full_name, locators)), limit=limit, columns=dict(columns or {})
            )
        return self._run(request, on_event)

    def sync(self, *, accept_gone: bool = False, on_event: OnEvent | None = None) -> JobResult:
        """Look again at every place that was added, for what is new, changed or gone.

        Args:
            accept_gone: Whether to mark missing videos as gone at once, also where a place was
                listed in part only.
            on_event: Called with each step, for instance to show progress.
        """
        return self._run(SyncRequest(accept_gone=accept_gone), on_event)

    def index(
        self,
        encoder: PathLike | None = None,
        *,
        adapter: PathLike | None = None,
        workers: int | None = None,
        retry: bool = False,
        download: bool | None = None,
        keep: bool | None = None,
        beside: bool = False,
        rebuild: bool = False,
        on_event: OnEvent | None = None,
    ) -> JobResult:
        """Fetch and embed every video that the index lacks.

        Args:
            encoder: "clip", "siglip2", "xclip", "starter", a Hugging Face id or a folder; None for
                the one that the library uses already, or "clip".
            adapter: The folder or Hugging Face id of an adapter made by `tubeseek train`.
            workers: Threads that fetch and read ahead; None as set.
            retry: Also try again the videos that failed for good.
            download: Download YouTube videos to cut stills and clips from; None as set.
            keep: Keep what was downloaded; None as set.
            beside: Let searches ask this index and the one whose place it would take.
            rebuild: Delete the vectors first and make them again from what was fetched.
            on_event: Called with each step, for instance to show progress.

        Raises:
            ModelUnavailableError: The weights of the encoder cannot be had.
            RateLimitedError: The site refuses more requests; what was done is kept.
        """
        names = (None if name is None else os.fspath(name) for name in (encoder, adapter))
        with _input_errors():
            request = IndexRequest(
                encoder=encoder_name(*names),
                workers=workers,
                retry=retry,
                download=download,
                keep=keep,
                beside=beside,
                rebuild=rebuild,
            )
        return self._run(request, on_event)

    def search(
        self,
        text: str = "",
        *,
        image: PathLike | bytes | None = None,
        like: str | None = None,
        limit: int = 10,
        offset: int = 0,
        encoder: str | None = None,
        using: Scope | str = Scope.ALL,
        boost: Iterable[Boost | str] = (),
        sort: Sort | str = Sort.BEST,
        min_fit: Fit | str = Fit.NONE,
        fold: bool = True,
        literal: bool = False,
        weights: Mapping[str, float] | None = None,
        **filters: Any,
    ) -> SearchAnswer:
        """Find videos, and the moments in them, by words, by a picture, or like one video.

        Args:
            text: What is seen or said, or a query of several terms (docs/query.md), which may name
                picture files and their URLs.
            image: A picture instead of words: a file, a URL, or the content of a file.
            like: The id of a video of the library instead of words.
            limit: The most videos to return.
            offset: How many of the best videos to leave out.
            encoder: The index to ask, by the name of its encoder; None for all active ones.
            using: "pictures" (what is seen), "words" (what is said and written) or "all".
            boost: What raises a video beside how well it fits: "most-replayed", "recent".
            sort: "best", or "honest" for the most honest thumbnails first.
            min_fit: The least that a hit must fit: "none", "weak" or "strong".
            fold: Return one of several videos that show the same.
            literal: Take `text` as one sentence, without the query language.
            weights: How much each index counts, by the name of its encoder, or "words".
            filters: The conditions of `tubeseek.core.schemas.Where` by name: `channel`, `category`,
                `after`, `before`, `min_duration`, `max_duration`, `min_views`, `min_honesty`,
                `moment_after`, `moment_before`. Lengths and moments are seconds.

        Returns:
            The hits, best first; iterating the answer goes through them. `notices` says what else
            the user should know.

        Raises:
            QueryError: An argument is wrong, the query does not parse, or nothing can be asked.
            MediaError: A picture cannot be read.
        """
        content, name = _picture(image)
        with _input_errors():
            request = SearchRequest.model_validate(
                {
                    "text": text,
                    "literal": literal,
                    "images": {} if literal else pictures_named_in(text),
                    "image": content,
                    "image_name": name,
                    "like": like,
                    "limit": limit,
                    "offset": offset,
                    "where": _several(filters),
                    "encoder": encoder,
                    "using": using,
                    "boost": tuple(boost),
                    "min_fit": min_fit,
                    "fold": fold,
                    "sort": sort,
                    "weights": weights or {},
                }
            )
        return self._operations.search(request)

    def timeline(self, video_id: str, text: str = "") -> Timeline:
        """Return how well each moment of one video fits a query, by each index.

        Args:
            video_id: As in `SearchHit.video_id`.
            text: The query; without one there are no curves, only chapters and replays.

        Raises:
            QueryError: The video is not in the library, or the query does not parse.
        """
        return self._operations.timeline(video_id, TimelineRequest(text=text))

    def videos(self) -> Iterator[VideoFacts]:
        """Yield every video of the library, newest addition first."""
        offset = 0
        while page := self._operations.list(PAGE, offset).videos:
            yield from page
            offset += len(page)

    def video(self, video_id: str) -> VideoDetail:
        """Return one video in full.

        Raises:
            QueryError: It is not in the library.
        """
        return self._operations.video(video_id)

    def status(self) -> Status:
        """Return what the library holds and what is still to be done."""
        return self._operations.status()

    def remove(self, *names: PathLike) -> RemoveAnswer:
        """Remove videos by id, or a place with every video that only it brought."""
        with _input_errors():
            request = RemoveRequest(names=tuple(map(_full_name, names)))
        return self._operations.remove(request)

    def _run(self, request: JobRequest, on_event: OnEvent | None) -> JobResult:
        counts: dict[str, int] = {}
        failures: list[Event] = []
        notices: list[str] = []
        with closing(self._operations.run(request)) as events:
            for event in events:
                if on_event is not None:
                    on_event(event)
                for key, number in event.counts.items():
                    counts[key] = counts.get(key, 0) + number
                if event.kind is EventKind.FAILED:
                    failures.append(event)
                elif event.kind is EventKind.NOTICE:
                    notices.append(event.message)
        return JobResult(counts, tuple(failures), tuple(notices))


def _full_name(name: PathLike) -> str:
    return absolute_if_exists(os.fspath(name))


def _several(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Make a tuple of a single channel or category."""
    several = {n for n, field in Where.model_fields.items() if field.annotation == tuple[str, ...]}
    return {
        name: (value,) if name in several and isinstance(value, str) else value
        for name, value in filters.items()
    }


def _picture(image: PathLike | bytes | None) -> tuple[bytes | None, str]:
    if image is None:
        return None, ""
    if isinstance(image, bytes):
        return in_base64(image), "picture"
    return in_base64(read_image(os.fspath(image))), os.fspath(image)


@contextmanager
def _input_errors() -> Iterator[None]:
    """Turn what a schema refuses into the error that every shell shows."""
    try:
        yield
    except ValidationError as error:
        raise QueryError(
            "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        ) from error
