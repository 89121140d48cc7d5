"""Fetches the pictures and captions of a video that is on this machine."""

import logging
from pathlib import Path

from tubeseek.core.errors import MediaError
from tubeseek.core.files import remove_unfinished
from tubeseek.core.passages import Cue, caption_passages
from tubeseek.core.types import Media, Passage, Still, Video
from tubeseek.media.captions import read_captions
from tubeseek.media.frames import probe
from tubeseek.media.pictures import read_picture
from tubeseek.media.stills import write_stills, write_thumbnail
from tubeseek.sources.caption_choice import local_files
from tubeseek.sources.local.files import require_file, unversioned

logger = logging.getLogger(__name__)

_CHECK_PIXELS = 64  # of the longer side: a JPEG is then read in full at an eighth of its size


def fetch_local(video: Video, folder: Path) -> Media:
    """Return the picture beside the video, or one cut from the video, and stills along it.

    Args:
        video: As a local source listed it.
        folder: Where what is cut from the video goes.

    Raises:
        VideoUnavailableError: A file is gone.
        MediaError: The picture is broken, or there is none and the video cannot be decoded.
        OSError: The folder cannot be written.
    """
    remove_unfinished(folder)
    picture = require_file(unversioned(video.picture))
    passages = local_captions(video)
    if not video.file:
        return Media(video, _whole(picture), (), passages)
    file = require_file(Path(video.file))
    if picture == file:
        thumbnail = write_thumbnail(file, folder, probe(file).duration_seconds)
        return Media(video, thumbnail, write_stills(file, folder), passages)
    return Media(video, _whole(picture), _stills_if_any(file, folder), passages)


def local_captions(video: Video) -> tuple[Passage, ...]:
    """Return the captions of a video as passages; empty where it has none that can be read."""
    return tuple(caption_passages(video.id, local_cues(video)))


def local_cues(video: Video) -> list[Cue]:
    """Return the cues of the first caption file beside a video that can be read and has any.

    A broken one costs a warning: a video is found by its pictures all the same.
    """
    for path in local_files(video):
        try:
            cues = read_captions(path)
        except MediaError as error:
            logger.warning("Captions left out: %s", error)
            continue
        if cues:
            return cues
    return []


def _whole(picture: Path) -> Path:
    """Return the path of a picture that can be read in full."""
    read_picture(picture, _CHECK_PIXELS)
    return picture


def _stills_if_any(file: Path, folder: Path) -> tuple[Still, ...]:
    """Return the stills; a video whose file is broken is found by its picture all the same."""
    try:
        return write_stills(file, folder)
    except MediaError:
        return ()
