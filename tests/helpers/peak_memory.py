"""Reads one video as `tubeseek index` does, in a process of its own, and says what that took.

python -m tests.helpers.peak_memory VIDEO_FILE SCRATCH_FOLDER
"""

import json
import sys
from functools import partial
from pathlib import Path

from tubeseek.core.types import Video
from tubeseek.indexing.segmentation import IndexingTools, segments_of
from tubeseek.media.clips import read_clip
from tubeseek.media.pictures import read_picture
from tubeseek.sources.local.folder import FolderSource

FRAMES_OF_A_CLIP = 8  # X-CLIP's


def main(file: Path, folder: Path) -> dict[str, object]:
    """Its segments for an encoder of stills and one of clips, all of their pixels in memory."""
    source = FolderSource()
    [video] = source.list(str(file))
    assert isinstance(video, Video), video
    media = source.fetch(video, folder)
    tools = IndexingTools(
        sources={"folder": source},
        read_picture=lambda path: read_picture(path, 640)[None],
        read_clip=partial(read_clip, longest_side=320),
        media_folder=folder,
    )
    read = [
        [(segment, pixels()) for segment, pixels in segments_of(media, tools, frames)]
        for frames in (1, FRAMES_OF_A_CLIP)
    ]
    stills, clips = ([segment.start for segment, _ in part] for part in read)
    shapes = {pixels.shape for _, pixels in read[1]}
    return {"stills": stills, "clips": clips, "clip_shapes": sorted(shapes), "peak": peak_bytes()}


def peak_bytes() -> int:
    """The most memory this process ever had.

    Not `getrusage`: its figure survives `exec`, so it is at least the peak of the process that
    started this one (Linux, `setmax_mm_hiwater_rss` in fs/exec.c).
    """
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
