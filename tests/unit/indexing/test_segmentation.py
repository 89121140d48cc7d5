"""What an encoder of single frames and one of clips are given of the same video."""

from pathlib import Path

import numpy as np

from tests.helpers.made_videos import make_video, painted
from tubeseek.core.types import Media, SegmentKind, Still, Video
from tubeseek.indexing.segmentation import MOST_CLIPS_PER_VIDEO, IndexingTools, segments_of
from tubeseek.media.clips import read_clip
from tubeseek.media.pictures import read_picture
from tubeseek.media.stills import write_stills


def tools(folder: Path) -> IndexingTools:
    return IndexingTools({}, lambda path: read_picture(path)[None], read_clip, folder)


def made(tmp_path: Path, *, keep_file: bool) -> Media:
    file = tmp_path / "video.mp4"
    make_video(file, [painted((160, 96), seed) for seed in range(3)], seconds_each=8.0)
    stills = write_stills(file, tmp_path)
    video = Video("v", "", "", duration_seconds=24.0, file=str(file) if keep_file else "")
    return Media(video, stills[0].path, stills)


def test_single_frames_are_the_thumbnail_and_the_stills(tmp_path: Path) -> None:
    media = made(tmp_path, keep_file=True)
    cuts = [(segment, read()) for segment, read in segments_of(media, tools(tmp_path), 1)]
    assert cuts[0][0].kind is SegmentKind.THUMBNAIL
    assert [s.start for s, _ in cuts[1:]] == [still.seconds for still in media.stills]
    assert {clip.shape[0] for _, clip in cuts} == {1}


def test_clips_come_from_the_file_and_cover_it(tmp_path: Path) -> None:
    media = made(tmp_path, keep_file=True)
    cuts = [(segment, read()) for segment, read in segments_of(media, tools(tmp_path), 8)]
    assert [(s.kind, s.start, s.end) for s, _ in cuts] == [
        (SegmentKind.CLIP, 0.0, 12.0),
        (SegmentKind.CLIP, 12.0, 24.0),
    ]
    assert {clip.shape for _, clip in cuts} == {(8, 96, 160, 3)}
    assert np.abs(np.diff(cuts[0][1].astype(int), axis=0)).max() > 50  # the cut at 8 s is in it


def test_without_the_file_clips_come_from_the_tiles(tmp_path: Path) -> None:
    media = made(tmp_path, keep_file=False)
    cuts = [(segment, read()) for segment, read in segments_of(media, tools(tmp_path), 8)]
    assert [s.start for s, _ in cuts] == [0.0, 12.0]
    assert {clip.shape[0] for _, clip in cuts} == {8}


def test_with_neither_the_thumbnail_stands_still(tmp_path: Path) -> None:
    media = made(tmp_path, keep_file=False)
    bare = Media(media.video, media.thumbnail)
    ((segment, read),) = segments_of(bare, tools(tmp_path), 8)
    assert segment.kind is SegmentKind.THUMBNAIL
    clip = read()
    assert clip.shape[0] == 8
    assert (clip == clip[0]).all()


def test_a_long_stream_stays_bounded(tmp_path: Path) -> None:
    stills = tuple(Still(tmp_path / "s.jpg", float(at)) for at in range(0, 36_000, 30))
    stream = Video("v", "", "", duration_seconds=36_000.0)
    media = Media(stream, tmp_path / "t.jpg", stills)
    assert len(list(segments_of(media, tools(tmp_path), 8))) <= MOST_CLIPS_PER_VIDEO
