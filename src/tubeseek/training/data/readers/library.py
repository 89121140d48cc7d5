"""Pairs of a library: what was fetched of its videos, with what is written or said."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tubeseek.core.errors import MediaError
from tubeseek.core.passages import CAPTION
from tubeseek.core.types import Media, Passage, Video
from tubeseek.training.config import PairKind
from tubeseek.training.data.readers.rows import Candidate, Found
from tubeseek.training.data.titles import clean_caption, clean_title


def library_candidates(media: Iterable[Media], kind: PairKind) -> Found:
    """The pairs of some videos; the group is the channel, else the video.

    A video without a title, or for clips without a file, comes out as one error. One without
    captions has no still-caption pairs, which is no error.
    """
    for one in media:
        if kind is PairKind.STILL_CAPTION:
            yield from _stills(one)
            continue
        video = one.video
        title = clean_title(video.title, video.channel)
        if not title:
            yield MediaError(f"{video.id}: its title {video.title!r} has no words; it is left out")
        elif kind is PairKind.THUMBNAIL_TITLE:
            yield _candidate(video, video.id, title, one.thumbnail)
        elif video.file:
            yield _candidate(video, video.id, title, Path(video.file))
        else:
            yield MediaError(f"{video.id}: its video file is not at hand; clips need one")


def _stills(one: Media) -> Iterator[Candidate]:
    """Each still with the words that are said at its time, if any are."""
    spoken = [passage for passage in one.passages if passage.segment.track == CAPTION]
    for still in one.stills:
        texts = [
            text
            for passage in spoken
            if _while(passage, still.seconds) and (text := clean_caption(passage.text))
        ]
        if texts:
            name = f"{one.video.id}@{still.seconds:g}"
            yield _candidate(one.video, name, " ".join(texts), still.path)


def _while(passage: Passage, seconds: float) -> bool:
    return passage.segment.start <= seconds < passage.segment.end


def _candidate(video: Video, name: str, text: str, picture: Path) -> Candidate:
    group = video.channel_id or video.channel or video.id
    return Candidate(name, (text,), picture, group, video.category)
