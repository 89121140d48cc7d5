"""Explains results: notices about a search as a whole, and the reason for each hit."""

from collections.abc import Sequence

from tubeseek.catalog import Catalog, IndexRow
from tubeseek.core.schemas import SearchRequest, Where
from tubeseek.core.schemas.search import Fit
from tubeseek.core.times import clock
from tubeseek.core.types import EncoderSpec, Hit
from tubeseek.search.query.composite import CompositeQuery
from tubeseek.search.scripts import unreadable_scripts


def nothing_indexed(catalog: Catalog) -> str:
    """Explain why there is nothing to search, and what to do."""
    if catalog.counts()["videos"] == 0:
        return "This library is empty: add a channel or a folder with `tubeseek add`."
    return "Nothing is indexed yet: run `tubeseek index`."


def no_hits(catalog: Catalog, rows: Sequence[IndexRow], where: Where) -> str:
    """Explain why these indexes returned nothing."""
    if not any(catalog.indexes.videos(row.key).any() for row in rows):
        return nothing_indexed(catalog)
    if where != Where():
        return "The filters leave no video: try again with fewer of them."
    return "No video was found."


def list_ended() -> str:
    """Explain that an offset lies behind the last video."""
    return "The list of results ends before this offset."


def no_phrase(query: CompositeQuery) -> str:
    """Explain that no video contains the exact phrases."""
    phrases = " and ".join(f'"{phrase}"' for phrase in query.phrases)
    return f"No video contains the exact words {phrases}."


def subtraction(query: CompositeQuery) -> list[str]:
    """Explain how a minus between words was read, because titles often contain one."""
    subtracted = [p for p in query.subtracted_phrases if p not in query.excluded_phrases]
    if not subtracted or len(query.sentences) < len(query.ingredients):
        return []
    return [
        f'Read as "{query.words}" without "{", ".join(subtracted)}". If the - belongs to a title, '
        "leave it out, or search with --literal."
    ]


def nothing_fits(request: SearchRequest) -> str:
    """Explain that the nearest videos do not fit the query."""
    scope = "Nothing in this library" if request.where == Where() else "Nothing the filters leave"
    if request.min_fit is Fit.NONE:
        return f"{scope} fits. These are only the nearest."
    return f"{scope} fits."


def unreadable(text: str, spec: EncoderSpec) -> list[str]:
    """Explain that an encoder cannot read the query, if so, and which ones can."""
    scripts = unreadable_scripts(text, spec)
    if not scripts:
        return []
    return [
        f"The encoder {spec.name!r} cannot read {' or '.join(scripts)} script, so these results "
        "mean little: use `tubeseek index --encoder siglip2` (100+ languages) or "
        "`--encoder starter` (16 languages, offline)."
    ]


def reason(hit: Hit) -> str:
    """Return why a segment was found, in a few words.

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
    place = f"{'frame' if segment.kind == 'still' else segment.kind} at {clock(segment.start)}"
    return f"{place}, while: {hit.text}" if hit.text else place
