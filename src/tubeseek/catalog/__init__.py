"""Keeps the catalogue of a library: its videos, where they came from, what is still to be done."""

from tubeseek.catalog.catalog import Catalog, ListingChange, SourceRow
from tubeseek.catalog.failures import CAPTIONS, Failure
from tubeseek.catalog.indexed_videos import IndexedVideo, Progress
from tubeseek.catalog.indexes import IndexRow, PendingVideo
from tubeseek.catalog.leftovers import WORDS_KEY

__all__ = [
    "CAPTIONS",
    "WORDS_KEY",
    "Catalog",
    "Failure",
    "IndexRow",
    "IndexedVideo",
    "ListingChange",
    "PendingVideo",
    "Progress",
    "SourceRow",
]
