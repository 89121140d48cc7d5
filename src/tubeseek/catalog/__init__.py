"""Keeps the catalogue of a library: its videos, where they came from, what is still to be done."""

from tubeseek.catalog.catalog import Catalog, ListingChange, SourceRow
from tubeseek.catalog.failures import CAPTIONS, Failure
from tubeseek.catalog.indexed_videos import IndexedVideo, Progress
from tubeseek.catalog.indexes import IndexRow, PendingVideo

__all__ = [
    "CAPTIONS",
    "Catalog",
    "Failure",
    "IndexRow",
    "IndexedVideo",
    "ListingChange",
    "PendingVideo",
    "Progress",
    "SourceRow",
]
