"""Cuts a video into the stills or clips that an encoder reads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from tubeseek.core.events import Event, EventKind
from tubeseek.core.notices import Notices
from tubeseek.core.protocols import (
    CaptionSource,
    FactsSource,
    TableSource,
    VideoFileSource,
    VideoSource,
)
from tubeseek.core.segment_plan import plan_clips, plan_pictures
from tubeseek.core.types import Frames, Media, Segment, SegmentKind

# All clips of a video wait in memory to be encoded, some 1.5 MB each.
MOST_CLIPS_PER_VIDEO = 24


@dataclass(frozen=True, slots=True)
class IndexingTools:
    """The sources and readers of one indexing run; closed when it ends."""

    sources: Mapping[str, VideoSource]  # by kind
    read_picture: Callable[[Path], Frames]  # a file to (1, height, width, 3)
    read_clip: Callable[[Path, float, float, int], Frames]  # a file, start, end, number of frames
    media_folder: Path
    video_files: Mapping[str, VideoFileSource] = field(default_factory=dict)  # by kind
    captions: Mapping[str, CaptionSource] = field(default_factory=dict)  # by kind
    tables: Mapping[str, TableSource] = field(default_factory=dict)  # by kind
    facts: Mapping[str, FactsSource] = field(default_factory=dict)  # by kind
    notices: Notices = field(default_factory=Notices)  # of the sources, for the user

    def with_notices(self, events: Iterator[Event]) -> Iterator[Event]:
        """Yield the events of a run, and what its sources have to say to the user meanwhile."""
        for event in events:
            yield event
            for text in self.notices.take():
                yield Event(EventKind.NOTICE, event.stage, text)

    def close(self) -> None:
        for source in self.sources.values():
            source.close()


class ToolsOpener:
    """Opens the tools of a run, and remembers them so that another thread can stop the run."""

    def __init__(self, open_tools: Callable[[bool | None, bool | None], IndexingTools]) -> None:
        self._open_tools = open_tools
        self._latest: IndexingTools | None = None

    def __call__(self, download: bool | None, keep: bool | None) -> IndexingTools:
        """Open tools; the arguments say whether to download and to keep, None: as set."""
        self._latest = self._open_tools(download, keep)
        return self._latest

    def interrupt(self) -> None:
        """Close the latest tools, which ends the pauses of the run that uses them."""
        if self._latest is not None:
            self._latest.close()


def segments_of(
    media: Media, tools: IndexingTools, frames: int, video_file: Path | None = None
) -> Iterator[tuple[Segment, Callable[[], Frames]]]:
    """Yield the segments of a video for an encoder of `frames` frames, each with its reader.

    For single frames these are the thumbnail and the stills. For clips, stretches of the video
    file, its own or `video_file`; where there is only a storyboard, its tiles in order; where
    there is neither, the thumbnail as a clip in which nothing moves.
    """
    if frames == 1:
        for segment, path in plan_pictures(media):
            yield segment, partial(tools.read_picture, path)
        return
    video = media.video
    last_still = media.stills[-1].seconds if media.stills else 0.0
    duration = video.duration_seconds or last_still
    file = Path(video.file) if video.file else video_file
    has_clips = False
    for start, end in plan_clips(duration, most=MOST_CLIPS_PER_VIDEO):
        clip = Segment(video.id, SegmentKind.CLIP, start, end)
        tiles = [still.path for still in media.stills if start <= still.seconds < end]
        if file:
            yield clip, partial(tools.read_clip, file, start, end, frames)
        elif tiles:
            yield clip, partial(_of_tiles, tools, tiles, frames)
        else:
            continue
        has_clips = True
    if not has_clips:
        thumbnail = Segment(video.id, SegmentKind.THUMBNAIL)
        yield thumbnail, partial(_of_tiles, tools, [media.thumbnail], frames)


def _of_tiles(tools: IndexingTools, paths: list[Path], frames: int) -> Frames:
    """Read `frames` evenly spread tiles in order, repeating some where there are too few."""
    picked = [paths[number * len(paths) // frames] for number in range(frames)]
    return np.concatenate([tools.read_picture(path) for path in picked])
