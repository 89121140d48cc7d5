"""Which indexes a library has, brings up to date, and lets searches ask."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from tubeseek.catalog import Catalog, IndexRow
from tubeseek.core.events import Event, EventKind
from tubeseek.core.schemas import IndexRequest, SwitchRequest
from tubeseek.indexing.captions import fetch_owed_captions, owing
from tubeseek.indexing.embedding import embed_pending
from tubeseek.indexing.passages import index_meanings, index_words
from tubeseek.indexing.segmentation import IndexingTools
from tubeseek.indexing.thumbnail_honesty import rate_thumbnails
from tubeseek.search.calibration import Calibrations
from tubeseek.search.open_indexes import OpenIndexes


class Indexer:
    """The indexes of a library, as they are filled, switched on and off, and dropped.

    Args:
        catalog: Remembers them.
        open_indexes: Opens them.
        calibrations: Learns how each scores once it is filled.
        open_tools: What fetching and reading needs, for one run; told whether to download videos
            and whether to keep them.
        drop_store: Deletes the vectors of an index that is not open.
        default_encoder: Of a library without any index.
        chosen_encoder: Of the settings; empty: the library's own.
        workers: Threads that fetch and read ahead.
    """

    def __init__(
        self,
        catalog: Catalog,
        open_indexes: OpenIndexes,
        calibrations: Calibrations,
        open_tools: Callable[[bool | None, bool | None], IndexingTools],
        drop_store: Callable[[IndexRow], None],
        *,
        default_encoder: str,
        chosen_encoder: str,
        workers: int,
    ) -> None:
        self._catalog, self._stages = catalog, catalog.indexes
        self._open_indexes, self._calibrations = open_indexes, calibrations
        self._open_tools, self._drop_store = open_tools, drop_store
        self._default_encoder, self._chosen_encoder = default_encoder, chosen_encoder
        self._workers = workers

    def run(self, request: IndexRequest) -> Iterator[Event]:
        """Fetches and embeds what the indexes lack, then the words.

        An index of an encoder that is new here serves searches when it is complete, at one moment
        and in place of the one of its form (stills, clips or words); until then the old one does.
        """
        if owing(self._catalog):
            with closing(self._open_tools(None, None)) as tools:
                yield from fetch_owed_captions(self._catalog, tools)
        for name in self._names(request.encoder):
            yield from self._fill(name, request)
        words = self._open_indexes.words()
        if words.count() < self._catalog.indexed_words.counts()[1]:  # lost, or terms are made anew
            self._catalog.indexed_words.forget_all()
        yield from index_words(self._catalog, words)

    def switch(self, request: SwitchRequest) -> None:
        """Switches indexes on and off, and drops some; all names are checked first.

        Raises:
            QueryError: A name is of no index.
        """
        on, off, drop = map(self._named, (request.on, request.off, request.drop))
        self._stages.switch([row.key for row in on], [row.key for row in (*off, *drop)])
        for row in drop:
            self._stages.drop_index(row.key)
            self._open_indexes.forget(row)
            self._drop_store(row)

    def _names(self, asked: str | None) -> list[str]:
        """The encoders whose indexes are to be brought up to date."""
        active = [row.encoder for row in self._stages.active_indexes()]
        if asked:
            return [asked]
        if self._chosen_encoder and self._chosen_encoder not in active:
            return [self._chosen_encoder]
        return active or [self._default_encoder]

    def _fill(self, name: str, request: IndexRequest) -> Iterator[Event]:
        row = self._stages.add_index(name, self._open_indexes.encoder(name).spec)
        others = [one for one in self._stages.active_indexes() if one.key != row.key]
        replaced = [] if request.beside else [one for one in others if _same_form(one, row)]
        if not replaced:
            self._stages.switch([row.key])  # what is there can be found at once
        index = self._open_indexes.index(row)
        retry, workers = request.retry, request.workers or self._workers
        _, noted = self._stages.videos(row.key).counts()
        if index.store.count() < noted:  # the disk lost what had not reached it in a power cut
            self._stages.videos(row.key).forget_all()
        if row.spec.frames:
            embedded = []
            for event in embed_pending(
                self._catalog,
                index,
                self._open_tools(request.download, request.keep),
                workers=workers,
                retry_final=retry,
            ):
                if event.kind is EventKind.ADVANCED:
                    embedded.append(event.video_id)
                yield event
            if row.spec.frames == 1:
                rate_thumbnails(self._catalog, index, embedded)
        else:
            yield from index_meanings(self._catalog, index)
        self._calibrations.refresh(index)  # so that the first search does not wait for it
        self._stages.switch([row.key], [one.key for one in replaced])

    def _named(self, names: Sequence[str]) -> list[IndexRow]:
        return [row for name in names for row in self._stages.named(name)]


def _same_form(one: IndexRow, other: IndexRow) -> bool:
    """Whether both hold stills, or both clips, or both words."""
    return min(one.spec.frames, 2) == min(other.spec.frames, 2)
