"""Fetching on this machine: the pictures of a video that lies on disk already."""

from pathlib import Path

from tubeseek.errors import MediaError
from tubeseek.media.frames import probe
from tubeseek.media.pictures import read_picture
from tubeseek.media.stills import write_stills, write_thumbnail
from tubeseek.records import Media, Still, Video
from tubeseek.sources.local_files import require_file, unversioned

_CHECK_PIXELS = 64  # of the longer side: a JPEG is then read in full at an eighth of its size


def fetch_local(video: Video, folder: Path) -> Media:
    """The picture beside the video where it lies, or else one cut from the video; and stills of it.

    Args:
        video: As a local source listed it.
        folder: Where what is cut from the video goes.

    Raises:
        VideoUnavailableError: A file is gone.
        MediaError: The picture is broken, or there is none and the video cannot be decoded.
        OSError: The folder cannot be written.
    """
    picture = require_file(unversioned(video.picture))
    if not video.file:
        return Media(video, _whole(picture))
    file = require_file(Path(video.file))
    if picture == file:
        duration = probe(file).duration_seconds
        thumbnail = write_thumbnail(file, folder, duration)
        return Media(video, thumbnail, write_stills(file, folder, duration))
    return Media(video, _whole(picture), _stills_if_any(file, folder))


def _whole(picture: Path) -> Path:
    read_picture(picture, _CHECK_PIXELS)
    return picture


def _stills_if_any(file: Path, folder: Path) -> tuple[Still, ...]:
    """Stills only add to a picture: a video without any is found by its picture all the same."""
    try:
        return write_stills(file, folder, probe(file).duration_seconds)
    except MediaError:
        return ()
