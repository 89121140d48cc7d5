"""Answers search requests: chooses the indexes, ranks the videos and explains the result."""

from collections.abc import Callable, Mapping, Sequence

from tubeseek.catalog import WORDS_KEY, Catalog, IndexRow
from tubeseek.catalog.indexed_videos import IndexedVideos
from tubeseek.catalog.indexed_words import IndexedWords
from tubeseek.core.errors import QueryError, StoreError
from tubeseek.core.filters import Filter
from tubeseek.core.index import Index
from tubeseek.core.protocols import PassageStore, VectorStore
from tubeseek.core.schemas import (
    Scope,
    SearchAnswer,
    SearchRequest,
    Sort,
    Timeline,
    TimelineRequest,
    Where,
)
from tubeseek.core.schemas.search import WORDS_INDEX, Fit
from tubeseek.core.types import Frames, Video, VideoHit
from tubeseek.search import answers, explanations
from tubeseek.search.calibration import Calibrations
from tubeseek.search.open_indexes import OpenIndexes
from tubeseek.search.plan import WeightedIndex, WeightedPassages
from tubeseek.search.query import parse
from tubeseek.search.query.composite import CompositeQuery, Example, compose
from tubeseek.search.ranking import Ranker, checked_text
from tubeseek.search.scripts import unreadable_scripts
from tubeseek.search.shots import ShotCutter
from tubeseek.search.timeline import build_timeline


class SearchEngine:
    """Answers searches in one library. May be used from several threads.

    Args:
        catalog: Knows the videos and the indexes.
        open_indexes: Opens the indexes.
        calibrations: Holds the relevance model of each index.
        read_picture: Decodes the bytes of a picture file; its second argument is the name of the
            picture in error messages. Returns (1, height, width, 3) uint8.
        encoder: The index to search unless a request names one; empty: all that are active.
        weights: How much indexes count in the fusion, by their encoder's name; where not named 1.
    """

    def __init__(
        self,
        catalog: Catalog,
        open_indexes: OpenIndexes,
        calibrations: Calibrations,
        read_picture: Callable[[bytes, str], Frames],
        encoder: str,
        weights: Mapping[str, float],
    ) -> None:
        self._catalog, self._open_indexes = catalog, open_indexes
        self._calibrations, self._read_picture = calibrations, read_picture
        self._encoder, self._weights = encoder, weights
        self._cutter = ShotCutter(catalog)
        self._compared: set[str] = set()  # indexes whose vectors are known not to be missing

    def search(self, request: SearchRequest) -> SearchAnswer:
        """Search by words, by a picture, or for videos like one of the library.

        Raises:
            QueryError: The query is empty, too long or not understood, or it names a video or an
                index that the library does not have.
            MediaError: A picture cannot be read.
        """
        with self._open_indexes.keep_open():
            return self._search(request)

    def index(self, encoder: str) -> Index:
        """Return an index of pictures, to look at its vectors.

        Args:
            encoder: The name of its encoder; empty: the first that searches use.

        Raises:
            QueryError: There is none.
        """
        rows = [row for row in self._rows(encoder or self._encoder) if row.spec.frames]
        if not rows:
            raise QueryError("no pictures are indexed yet; run `tubeseek index`")
        return self._open_indexes.index(rows[0])

    def timeline(self, video: Video, request: TimelineRequest) -> Timeline:
        """Return how well each moment of a video fits a query, by the indexes that searches use.

        Raises:
            QueryError: The query is too long or not understood.
        """
        with self._open_indexes.keep_open():
            query = None
            rows: list[IndexRow] = []
            if request.text.strip():
                query = compose(parse(checked_text(request.text)), {})
                text = _text_of(query)
                rows = self._rows(self._encoder)
                rows = [row for row in rows if not unreadable_scripts(text, row.spec)]
            words = self._words if self._has_words() else None
            return build_timeline(video, query, rows, self._index, words)

    def _search(self, request: SearchRequest) -> SearchAnswer:
        query = self._query(request)
        text = _text_of(query)
        rows = [
            row
            for row in self._rows(request.encoder or self._encoder)
            if text or row.spec.frames  # an index of words cannot read a picture
        ]
        if not rows:
            notice = explanations.nothing_indexed(self._catalog)
            return answers.search_answer(request, (), (), [notice])
        notices = explanations.subtraction(query) if isinstance(query, CompositeQuery) else []
        using = request.using
        if text:
            readable = [row for row in rows if not unreadable_scripts(text, row.spec)]
            notices += [] if readable else explanations.unreadable(text, rows[0].spec)
            if not readable and using is Scope.ALL and self._has_words():
                using = Scope.WORDS  # what an encoder makes of letters it cannot read is noise
            rows = readable or rows
        ranker = self._ranker(rows, request, query, using)
        where = self._filter(request.where)
        hits = ranker.search(query, request.limit, where, request.offset)
        if not hits and isinstance(query, CompositeQuery) and query.phrases:
            notices.append(explanations.no_phrase(query))
        elif not hits and request.offset:
            notices.append(explanations.list_ended())
        elif not hits:
            notices.append(explanations.no_hits(self._catalog, rows, request.where))
        elif not request.offset and all(hit.fit is Fit.NONE for hit in hits):
            notices.append(explanations.nothing_fits(request))
        hits = [hit for hit in hits if hit.fit is None or hit.fit.reaches(request.min_fit)]
        if request.sort is Sort.HONEST:
            hits.sort(key=_honesty_order)
        return answers.search_answer(request, [row.spec.name for row in rows], hits, notices)

    def _query(self, request: SearchRequest) -> str | Frames | CompositeQuery:
        if request.like is not None:
            return CompositeQuery((Example(request.like),), (1.0,))
        if request.image is not None:
            return self._read_picture(request.image, request.image_name or "the picture")
        sentence = checked_text(request.text)
        if request.literal:
            return sentence
        pictures = {n: self._read_picture(data, n) for n, data in request.images.items()}
        query = compose(parse(request.text), pictures)
        if request.min_fit is not Fit.NONE and not _has_main_sentence(query):
            raise QueryError(
                "min_fit needs a query that looks for one sentence, because only those are "
                "graded; leave min_fit out"
            )
        return query

    def _rows(self, encoder: str) -> list[IndexRow]:
        """Return the index of the named encoder, else all active indexes.

        Raises:
            QueryError: The library has indexes, but none of that encoder.
        """
        if not encoder:
            return self._catalog.indexes.active_indexes()
        if not self._catalog.indexes.indexes():
            return []
        return self._catalog.indexes.named(encoder)[-1:]  # the newest, of several versions

    def _ranker(
        self,
        rows: Sequence[IndexRow],
        request: SearchRequest,
        query: str | Frames | CompositeQuery,
        using: Scope,
    ) -> Ranker:
        weights = {**self._weights, **_checked_weights(request.weights, rows)}
        indexes = []
        for row in rows:
            if using is (Scope.WORDS if row.spec.frames else Scope.PICTURES):
                continue
            index = self._index(row)
            weight = weights.get(row.encoder, weights.get(row.spec.name, 1.0))
            calibration = self._calibrations.calibration(index)
            indexes.append(WeightedIndex(index, calibration.model, weight, calibration.background))
        passages = None
        uses_words = using is not Scope.PICTURES
        has_phrases = isinstance(query, CompositeQuery) and (
            query.phrases or query.subtracted_phrases
        )
        if (uses_words or has_phrases) and self._has_words():
            weight = weights.get(WORDS_INDEX, 1.0) if uses_words else 0.0
            passages = WeightedPassages(self._words(), weight)
        return Ranker(
            self._catalog,
            indexes,
            passages,
            folds=request.fold,
            boosts=request.boost,
            cutter=self._cutter,
        )

    def _index(self, row: IndexRow) -> Index:
        """Return an index of vectors, checked."""
        index = self._open_indexes.index(row)
        self._check_vectors(
            row.key, row.encoder, self._catalog.indexes.videos(row.key), index.store
        )
        return index

    def _words(self) -> PassageStore:
        """Return the index of words, checked."""
        words = self._open_indexes.words()
        self._check_vectors(WORDS_KEY, "the words", self._catalog.indexed_words, words)
        return words

    def _check_vectors(
        self,
        key: str,
        name: str,
        progress: IndexedVideos | IndexedWords,
        store: VectorStore | PassageStore,
    ) -> None:
        """Check once that an index which the catalogue calls filled is not empty.

        Raises:
            StoreError: Its folder was deleted.
        """
        if key in self._compared:
            return
        if progress.counts()[1] and not store.count():  # the catalogue first: it never runs ahead
            raise StoreError(
                f"the vectors of {name} are missing; `tubeseek index` makes them again, without "
                "fetching anything that is still on the disk"
            )
        self._compared.add(key)

    def _filter(self, where: Where) -> Filter:
        least = where.min_honesty
        return where.to_filter(None if least is None else self._catalog.honest_ids(least))

    def _has_words(self) -> bool:
        return self._catalog.indexed_words.any()


def _text_of(query: str | Frames | CompositeQuery) -> str:
    """Return the words of a query that encoders read."""
    if isinstance(query, CompositeQuery):
        return " ".join(query.sentences)
    return query if isinstance(query, str) else ""


def _has_main_sentence(query: str | Frames | CompositeQuery) -> bool:
    if isinstance(query, CompositeQuery):
        return bool(query.main_sentence)
    return isinstance(query, str)


def _checked_weights(weights: Mapping[str, float], rows: Sequence[IndexRow]) -> dict[str, float]:
    """Return the weights of a request.

    Raises:
        QueryError: One of them names no index that is searched.
    """
    names = {WORDS_INDEX} | {name for row in rows for name in (row.encoder, row.spec.name)}
    for name in weights:
        if name not in names:
            raise QueryError(
                f"this search uses no index called {name!r}; weights can be given to "
                f"{', '.join(sorted(names))}"
            )
    return dict(weights)


def _honesty_order(hit: VideoHit) -> float:
    """Sort the most honest thumbnails first and unrated ones last; ties keep their order."""
    return 1.0 if hit.video.honesty is None else -hit.video.honesty
