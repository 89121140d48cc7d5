"""Fetching on this machine: the pictures of a video that lies on disk already."""

from pathlib import Path

from tubeseek.errors import MediaError
from tubeseek.media.frames import probe
from tubeseek.media.pictures import read_picture
from tubeseek.media.stills import write_stills, write_thumbnail
from tubeseek.records import Media, Still, Video
from tubeseek.sources.caption_files import local_captions
from tubeseek.sources.local_files import require_file, unversioned

_CHECK_PIXELS = 64  # of the longer side: a JPEG is then read in full at an eighth of its size


def fetch_local(video: Video, folder: Path) -> Media:
    """The picture beside the video where it lies, or one cut from the video; and stills along it.

    Args:
        video: As a local source listed it.
        folder: Where what is cut from the video goes.

    Raises:
        VideoUnavailableError: A file is gone.
        MediaError: The picture is broken, or there is none and the video cannot be decoded.
        OSError: The folder cannot be written.
    """
    picture = require_file(unversioned(video.picture))
    passages = local_captions(video)
    if not video.file:
        return Media(video, _whole(picture), (), passages)
    file = require_file(Path(video.file))
    if picture == file:
        thumbnail = write_thumbnail(file, folder, probe(file).duration_seconds)
        return Media(video, thumbnail, write_stills(file, folder), passages)
    return Media(video, _whole(picture), _stills_if_any(file, folder), passages)


def _whole(picture: Path) -> Path:
    read_picture(picture, _CHECK_PIXELS)
    return picture


def _stills_if_any(file: Path, folder: Path) -> tuple[Still, ...]:
    """Stills only add to a picture: a video without any is found by its picture all the same."""
    try:
        return write_stills(file, folder)
    except MediaError:
        return ()
