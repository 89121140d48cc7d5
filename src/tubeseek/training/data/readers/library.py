"""Reads the pairs of a library: fetched pictures and clips with titles and captions."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tubeseek.core.errors import MediaError
from tubeseek.core.passages import CAPTION
from tubeseek.core.types import Media, Passage, Video
from tubeseek.training.config import PairKind
from tubeseek.training.data.readers.rows import Candidate, Candidates
from tubeseek.training.data.titles import clean_caption, clean_title


def library_candidates(media: Iterable[Media], kind: PairKind) -> Candidates:
    """Yield the pairs of a library's videos; the group is the channel, else the video.

    A video without a title, or without a file when clips are wanted, gives one error. A video
    without captions has no still-caption pairs, which is no error.
    """
    for item in media:
        if kind is PairKind.STILL_CAPTION:
            yield from _stills(item)
            continue
        video = item.video
        title = clean_title(video.title, video.channel)
        if not title:
            yield MediaError(
                f"{video.id}: its title {video.title!r} has no words, so the video is left out"
            )
        elif kind is PairKind.THUMBNAIL_TITLE:
            yield _candidate(video, video.id, title, item.thumbnail)
        elif video.file:
            yield _candidate(video, video.id, title, Path(video.file))
        else:
            yield MediaError(f"{video.id}: its video file is missing; clips need it")


def _stills(item: Media) -> Iterator[Candidate]:
    """Yield each still with the captions of its time, if there are any."""
    captions = [passage for passage in item.passages if passage.segment.track == CAPTION]
    for still in item.stills:
        texts = [
            text
            for passage in captions
            if _covers(passage, still.seconds) and (text := clean_caption(passage.text))
        ]
        if texts:
            name = f"{item.video.id}@{still.seconds:g}"
            yield _candidate(item.video, name, " ".join(texts), still.path)


def _covers(passage: Passage, seconds: float) -> bool:
    return passage.segment.start <= seconds < passage.segment.end


def _candidate(video: Video, name: str, text: str, picture: Path) -> Candidate:
    group = video.channel_id or video.channel or video.id
    return Candidate(name, (text,), picture, group, video.category)
