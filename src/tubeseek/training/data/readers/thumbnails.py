"""Reads the pairs of a dataset folder: `metadata.csv` beside `images/`."""

from pathlib import Path

from tubeseek.core.errors import ListingNotice, SourceError
from tubeseek.core.types import Video
from tubeseek.sources.local.dataset import (
    METADATA,
    DatasetSource,
    UnlistedPictureError,
    UntitledRowError,
)
from tubeseek.sources.local.dataset_columns import column_key, one_line
from tubeseek.sources.local.files import unversioned
from tubeseek.training.data.readers.captions import CAPTION
from tubeseek.training.data.readers.rows import Candidate, Candidates
from tubeseek.training.data.titles import clean_caption, clean_title


def dataset_candidates(root: Path) -> Candidates:
    """Yield each row with its title and captions; the group is the channel, else the row itself.

    A row without a picture or text, with an id that occurs twice, or that is damaged gives one
    error. Pictures that no row names are ignored.
    """
    for item in DatasetSource().list(str(root)):
        if isinstance(item, Video):
            texts = _texts(item)
            if not texts:
                yield SourceError(f"{METADATA}: {item.id} has neither title nor caption; write one")
                continue
            group = item.channel_id or item.channel or item.id
            picture = Path(item.file) if item.file else unversioned(item.picture)
            yield Candidate(item.id, texts, picture, group, item.category)
        elif not isinstance(item, UntitledRowError | UnlistedPictureError | ListingNotice):
            yield item


def _texts(video: Video) -> tuple[str, ...]:
    cells = [cell for column, cell in video.extra.items() if column_key(column).startswith(CAPTION)]
    is_title = video.title != video.id and one_line(video.title) not in map(one_line, cells)
    title = clean_title(video.title, video.channel) if is_title else ""
    captions = map(clean_caption, cells)
    return tuple(dict.fromkeys(text for text in (title, *captions) if text))
