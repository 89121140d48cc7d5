"""The catalogue: what is in the library, where it came from, and what is still to be done."""

from tubeseek.catalog.catalog import Catalog, ListedAs, SourceRow
from tubeseek.catalog.failures import CAPTIONS, Failure
from tubeseek.catalog.stages import IndexRow, Pending

__all__ = ["CAPTIONS", "Catalog", "Failure", "IndexRow", "ListedAs", "Pending", "SourceRow"]
