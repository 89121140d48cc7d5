"""The catalogue: what is in the library, where it came from, and what is still to be done."""

from tubeseek.catalog.catalog import Catalog, ListingChange, SourceRow
from tubeseek.catalog.failures import CAPTIONS, Failure
from tubeseek.catalog.indexes import IndexRow, PendingVideo

__all__ = [
    "CAPTIONS",
    "Catalog",
    "Failure",
    "IndexRow",
    "ListingChange",
    "PendingVideo",
    "SourceRow",
]
