"""Which indexes of a library a search asks, and what it is told: from request to answer."""

from collections.abc import Callable, Mapping, Sequence

from tubeseek.catalog import Catalog, IndexRow
from tubeseek.core.errors import QueryError
from tubeseek.core.filters import Filter
from tubeseek.core.index import Index
from tubeseek.core.schemas import (
    SearchAnswer,
    SearchRequest,
    Sort,
    Timeline,
    TimelineRequest,
    Using,
    Where,
)
from tubeseek.core.schemas.search import WORDS_INDEX, WORDS_WEIGHT, Fit
from tubeseek.core.types import Frames, Video, VideoHit
from tubeseek.search import answers, explanations
from tubeseek.search.calibration import Calibrations
from tubeseek.search.open_indexes import OpenIndexes
from tubeseek.search.plan import WeightedIndex, WeightedPassages
from tubeseek.search.query import parse
from tubeseek.search.query.composite import CompositeQuery, Example, compose
from tubeseek.search.ranking import Ranker, checked_text
from tubeseek.search.scripts import unreadable_scripts
from tubeseek.search.timeline import chart


class SearchEngine:
    """Answers searches. May be used from several threads.

    Args:
        catalog: Knows the videos and the indexes.
        opened: Opens the indexes.
        judges: Knows what each index gives queries that nothing fits.
        picture: Reads a picture file's bytes; takes what messages call it.
        encoder: The index to ask unless a request names one; empty: all that are switched on.
        weights: How much indexes count in the fusion, by their encoder's name; where not
            named 1, the words 2.
    """

    def __init__(
        self,
        catalog: Catalog,
        opened: OpenIndexes,
        judges: Calibrations,
        picture: Callable[[bytes, str], Frames],
        encoder: str,
        weights: Mapping[str, float],
    ) -> None:
        self._catalog, self._opened, self._judges = catalog, opened, judges
        self._picture, self._encoder, self._weights = picture, encoder, weights

    def find(self, request: SearchRequest) -> SearchAnswer:
        """Words, a picture, or more like one video.

        Raises:
            QueryError: The words are none or too many, or what is named is not in the index.
        """
        with self._opened.keep_open():
            return self._find(request)

    def index(self, encoder: str) -> Index:
        """One index of what is seen, for who looks at its vectors; empty: one that is asked.

        Raises:
            QueryError: There is none.
        """
        rows = [row for row in self._rows(encoder or self._encoder) if row.spec.frames]
        if not rows:
            raise QueryError("no pictures are indexed yet; `tubeseek index` does it")
        return self._opened.index(rows[0])

    def timeline(self, video: Video, request: TimelineRequest) -> Timeline:
        """One video along a query, by the indexes that a search asks.

        Raises:
            QueryError: The query is too long or not understood.
        """
        with self._opened.keep_open():
            query = None
            rows: list[IndexRow] = []
            if request.text.strip():
                query = compose(parse(checked_text(request.text)), {})
                text = _text_of(query)
                rows = self._rows(self._encoder)
                rows = [row for row in rows if not unreadable_scripts(text, row.spec)]
            return chart(video, query, rows, self._opened, has_words=self._has_words())

    def _find(self, request: SearchRequest) -> SearchAnswer:
        query = self._query(request)
        text = _text_of(query)
        rows = [
            row
            for row in self._rows(request.encoder or self._encoder)
            if text or row.spec.frames  # what reads only words knows no pictures
        ]
        if not rows:
            asked, why = answers.query_name(request), explanations.nothing_indexed(self._catalog)
            return SearchAnswer(query=asked, encoder="", notices=(why,))
        told = explanations.subtracted(query) if isinstance(query, CompositeQuery) else []
        using = request.using
        if text:
            reading = [row for row in rows if not unreadable_scripts(text, row.spec)]
            told += [] if reading else explanations.unreadable(text, rows[0].spec)
            if not reading and using is Using.ALL and self._has_words():
                using = Using.WORDS  # what an encoder makes of letters it cannot read is noise
            rows = reading or rows
        searcher = self._searcher(rows, request, query, using)
        hits = searcher.search(query, request.limit, self._filter(request.where))
        if not hits and isinstance(query, CompositeQuery) and query.phrases:
            told.append(explanations.no_phrase(query))
        elif not hits:
            told.append(explanations.no_hits(self._catalog, rows, request.where))
        elif all(hit.fit is Fit.NONE for hit in hits):
            told.append(explanations.nothing_fits(request))
        hits = [hit for hit in hits if hit.fit is None or hit.fit.reaches(request.min_fit)]
        if request.sort is Sort.HONEST:
            hits.sort(key=_dishonesty)
        return answers.search_answer(request, [row.spec.name for row in rows], hits, told)

    def _query(self, request: SearchRequest) -> str | Frames | CompositeQuery:
        """What is asked for.

        Raises:
            QueryError: The words are none, too many or not understood, or cannot be judged.
            MediaError: A picture cannot be read.
        """
        if request.like is not None:
            return CompositeQuery((Example(request.like),), (1.0,))
        if request.image is not None:
            return self._picture(request.image, request.image_name or "the picture")
        sentence = checked_text(request.text)
        if request.literal:
            return sentence
        pictures = {name: self._picture(data, name) for name, data in request.images.items()}
        query = compose(parse(request.text), pictures)
        if request.min_fit is not Fit.NONE and not _is_judged(query):
            raise QueryError("only what looks for one sentence is judged: leave min_fit out")
        return query

    def _rows(self, encoder: str) -> list[IndexRow]:
        """The indexes to ask: the one of the encoder that is named, else all switched on.

        Raises:
            QueryError: The library has no index by that encoder.
        """
        if not encoder:
            return self._catalog.indexes.active_indexes()
        if not self._catalog.indexes.indexes():
            return []
        return self._catalog.indexes.named(encoder)[-1:]  # the newest, of several versions

    def _searcher(
        self,
        rows: Sequence[IndexRow],
        request: SearchRequest,
        query: str | Frames | CompositeQuery,
        using: Using,
    ) -> Ranker:
        weights = {**self._weights, **_known_weights(request.weights, rows)}
        seen = []
        for row in rows:
            if using is (Using.WORDS if row.spec.frames else Using.PICTURES):
                continue
            index = self._opened.index(row)
            weight = weights.get(row.encoder, weights.get(row.spec.name, 1.0))
            seen.append(WeightedIndex(index, self._judges.of(index), weight))
        said = None
        asks_words = using is not Using.PICTURES
        exact = isinstance(query, CompositeQuery) and (query.phrases or query.pushed)
        if (asks_words or exact) and self._has_words():
            weight = weights.get(WORDS_INDEX, WORDS_WEIGHT) if asks_words else 0.0
            said = WeightedPassages(self._opened.words(), weight)
        return Ranker(self._catalog, seen, said, folds=request.fold, boosts=request.boost)

    def _filter(self, where: Where) -> Filter:
        least = where.min_honesty
        return where.to_filter(None if least is None else self._catalog.honest_ids(least))

    def _has_words(self) -> bool:
        return self._catalog.indexed_words.any()


def _text_of(query: str | Frames | CompositeQuery) -> str:
    """The words that encoders read of it."""
    if isinstance(query, CompositeQuery):
        return " ".join(query.sentences)
    return query if isinstance(query, str) else ""


def _is_judged(query: str | Frames | CompositeQuery) -> bool:
    return bool(query.judged) if isinstance(query, CompositeQuery) else isinstance(query, str)


def _known_weights(weights: Mapping[str, float], rows: Sequence[IndexRow]) -> dict[str, float]:
    """The weights of a request, which name indexes that there are.

    Raises:
        QueryError: One names none.
    """
    known = {WORDS_INDEX} | {name for row in rows for name in (row.encoder, row.spec.name)}
    for name in weights:
        if name not in known:
            raise QueryError(
                f"no index that is asked is called {name!r}; weights can be given to "
                f"{', '.join(sorted(known))}"
            )
    return dict(weights)


def _dishonesty(hit: VideoHit) -> float:
    """Orders by the thumbnail's honesty; those of one honesty, and unrated ones, as they fit."""
    return 1.0 if hit.video.honesty is None else -hit.video.honesty
