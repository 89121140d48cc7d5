"""Pairs of a dataset folder: `metadata.csv` beside `images/`."""

from pathlib import Path

from tubeseek.records import Video
from tubeseek.sources.dataset import DatasetSource
from tubeseek.sources.dataset_columns import column_key
from tubeseek.sources.local_files import unversioned
from tubeseek.train.candidates import Candidate, Found
from tubeseek.train.cleaning import clean_title


def dataset_candidates(root: Path) -> Found:
    """Each row with its title and its columns named Caption, Caption_1, ..."""
    for item in DatasetSource().list(str(root)):
        if isinstance(item, Video):
            group = item.channel_id or item.channel or item.id
            yield Candidate(
                item.id,
                _texts(item),
                unversioned(item.picture),
                group,
                item.category,
                place=item.id,
            )
        else:
            yield item


def _texts(video: Video) -> tuple[str, ...]:
    title = "" if video.title == video.id else video.title
    captions = [v for k, v in video.extra.items() if column_key(k).startswith("caption")]
    texts = [clean_title(title, video.channel), *(clean_title(caption) for caption in captions)]
    return tuple(dict.fromkeys(text for text in texts if text))
