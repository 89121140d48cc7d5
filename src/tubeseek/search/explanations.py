"""What an asker should know beside the hits, in plain sentences."""

from collections.abc import Sequence

from tubeseek.catalog import Catalog, IndexRow
from tubeseek.core.schemas import SearchRequest, Where
from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import EncoderSpec, Hit
from tubeseek.search.query.composite import CompositeQuery
from tubeseek.search.scripts import unreadable_scripts


def nothing_indexed(catalog: Catalog) -> str:
    """Why there is nothing to search, and what to do."""
    if catalog.counts()["videos"] == 0:
        return "This library is empty: add a channel or a folder with `tubeseek add`."
    return "Nothing is indexed yet: run `tubeseek index`."


def no_hits(catalog: Catalog, rows: Sequence[IndexRow], where: Where) -> str:
    """Why a search that was asked found nothing."""
    if not any(catalog.indexes.videos(row.key).any() for row in rows):
        return nothing_indexed(catalog)
    if where != Where():
        return "The filters leave no video: try again with fewer of them."
    return "No video was found."


def no_phrase(mixture: CompositeQuery) -> str:
    """That the exact words are nowhere."""
    phrases = " and ".join(f'"{phrase}"' for phrase in mixture.phrases)
    return f"Nothing that is said or written here holds the exact words {phrases}."


def subtracted(mixture: CompositeQuery) -> list[str]:
    """How a minus between words was read, for titles are often written with one."""
    against = [text for text in mixture.pushed if text not in mixture.excluded]
    if not against or len(mixture.sentences) < len(mixture.ingredients):
        return []
    return [
        f'Read as "{mixture.words}" without "{", ".join(against)}". If the - belongs to a title, '
        "leave it out, or search with --literal."
    ]


def nothing_fits(request: SearchRequest) -> str:
    """That what was found is no answer."""
    what = "Nothing in this library" if request.where == Where() else "Nothing the filters leave"
    if request.min_fit is Fit.NONE:
        return f"{what} fits. These are only the nearest."
    return f"{what} fits."


def unreadable(text: str, spec: EncoderSpec) -> list[str]:
    """That the encoder cannot read the query, where it cannot, and which one can."""
    scripts = unreadable_scripts(text, spec)
    if not scripts:
        return []
    return [
        f"The encoder {spec.name!r} cannot read {' or '.join(scripts)} script, so these results "
        "mean little: use `tubeseek index --encoder siglip2` (100+ languages) or "
        "`--encoder starter` (16 languages, offline)."
    ]


def reason(hit: Hit) -> str:
    """Why a segment was found, in a few words.

    >>> from tubeseek.core.types import Segment, SegmentKind
    >>> reason(Hit(Segment("a", SegmentKind.STILL, 123.4, 123.4), 0.3))
    'frame at 2:03'
    >>> reason(Hit(Segment("a", SegmentKind.PASSAGE, 5, 35, "caption"), 7.1, "how to peel it"))
    'said: how to peel it'
    >>> reason(Hit(Segment("a", SegmentKind.STILL, 7, 7), 0.3, "how to peel it"))
    'frame at 0:07, while: how to peel it'
    """
    segment = hit.segment
    if segment.track == "caption":
        return f"said: {hit.text}"
    if segment.track:
        return segment.track if segment.track == "title" else f"{segment.track}: {hit.text}"
    if segment.kind == "thumbnail":
        return "thumbnail"
    minutes, second = divmod(int(segment.start), 60)
    hours, minute = divmod(minutes, 60)
    at = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    seen = f"{'frame' if segment.kind == 'still' else segment.kind} at {at}"
    return f"{seen}, while: {hit.text}" if hit.text else seen
