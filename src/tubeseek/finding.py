"""Which indexes of a library a search asks, and what it is told: from request to answer."""

from collections.abc import Callable, Mapping, Sequence

from tubeseek import answers, notices
from tubeseek.asked import Said, Seen
from tubeseek.catalog import Catalog, IndexRow
from tubeseek.errors import QueryError
from tubeseek.judging import Judges
from tubeseek.languages import unreadable_scripts
from tubeseek.levels import Fit
from tubeseek.messages import SearchAnswer, SearchRequest, Sort, Using, Where
from tubeseek.opening import Opened
from tubeseek.records import Clip, Filter, VideoHit
from tubeseek.search import Searcher, checked_text

WORDS = "words"  # the name of the index of words among the weights


class Finder:
    """Answers searches. May be used from several threads.

    Args:
        catalog: Knows the videos and the indexes.
        opened: Opens the indexes.
        judges: Knows what each index gives queries that nothing fits.
        picture: Reads a picture file's bytes; takes what messages call it.
        encoder: The index to ask unless a request names one; empty: all that are switched on.
        weights: How much indexes count in the fusion, by their encoder's name; 1 where not named.
    """

    def __init__(
        self,
        catalog: Catalog,
        opened: Opened,
        judges: Judges,
        picture: Callable[[bytes, str], Clip],
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
        with self._opened.asking():
            return self._find(request)

    def _find(self, request: SearchRequest) -> SearchAnswer:
        by_words = request.image is None and request.like is None
        if by_words:
            checked_text(request.text)
        rows = [
            row
            for row in self._rows(request.encoder or self._encoder)
            if by_words or row.spec.frames  # what reads only words knows no pictures
        ]
        if not rows:
            asked, why = answers.query_name(request), notices.nothing_indexed(self._catalog)
            return SearchAnswer(query=asked, encoder="", notices=(why,))
        told: list[str] = []
        where = self._filter(request.where)
        if request.like is not None:
            hits = self._searcher(rows, request).similar(request.like, request.limit, where)
        elif request.image is not None:
            picture = self._picture(request.image, request.image_name or "the picture")
            hits = self._searcher(rows, request).search(picture, request.limit, where)
        else:
            using = request.using
            reading = [row for row in rows if not unreadable_scripts(request.text, row.spec)]
            told += [] if reading else notices.unreadable(request.text, rows[0].spec)
            if not reading and using is Using.ALL and self._has_words():
                using = Using.WORDS  # what an encoder makes of letters it cannot read is noise
            rows = reading or rows
            hits = self._searcher(rows, request, using).search(request.text, request.limit, where)
        if not hits:
            told.append(notices.no_hits(self._catalog, rows, request.where))
        elif all(hit.fit is Fit.NONE for hit in hits):
            told.append(notices.nothing_fits(request))
        hits = [hit for hit in hits if hit.fit is None or hit.fit.reaches(request.min_fit)]
        if request.sort is Sort.HONEST:
            hits.sort(key=_dishonesty)
        return answers.search_answer(request, [row.spec.name for row in rows], hits, told)

    def _rows(self, encoder: str) -> list[IndexRow]:
        """The indexes to ask: the one of the encoder that is named, else all switched on.

        Raises:
            QueryError: The library has no index by that encoder.
        """
        if not encoder:
            return self._catalog.stages.active_indexes()
        rows = self._catalog.stages.indexes()
        named = [row for row in rows if encoder in (row.encoder, row.spec.name)]
        if rows and not named:
            known = ", ".join(sorted({row.encoder for row in rows}))
            raise QueryError(
                f"this library has no index by {encoder!r}, only by {known}; "
                f"make one with `tubeseek index --encoder {encoder}`"
            )
        return named[-1:]

    def _searcher(
        self, rows: Sequence[IndexRow], request: SearchRequest, using: Using | None = None
    ) -> Searcher:
        using = using or request.using
        weights = {**self._weights, **_known_weights(request.weights, rows)}
        seen = []
        for row in rows:
            if using is (Using.WORDS if row.spec.frames else Using.PICTURES):
                continue
            index = self._opened.index(row)
            weight = weights.get(row.encoder, weights.get(row.spec.name, 1.0))
            seen.append(Seen(index, self._judges.of(index), weight))
        said = None
        if using is not Using.PICTURES and self._has_words():
            said = Said(self._opened.words(), weights.get(WORDS, 1.0))
        return Searcher(self._catalog, seen, said, folds=request.fold)

    def _filter(self, where: Where) -> Filter:
        least = where.min_honesty
        honest = None if least is None else tuple(self._catalog.honest_ids(least))
        return Filter(
            video_ids=honest,
            channels=where.channel,
            categories=where.category,
            after=where.after,
            before=where.before,
            min_duration_seconds=where.min_duration,
            max_duration_seconds=where.max_duration,
            min_views=where.min_views,
        )

    def _has_words(self) -> bool:
        return self._catalog.wording.counts()[0] > 0


def _known_weights(weights: Mapping[str, float], rows: Sequence[IndexRow]) -> dict[str, float]:
    """The weights of a request, which name indexes that there are.

    Raises:
        QueryError: One names none.
    """
    known = {WORDS} | {name for row in rows for name in (row.encoder, row.spec.name)}
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
