"""What is said in a video on this machine, by the caption files that lie beside it."""

import logging

from tubeseek.errors import MediaError
from tubeseek.media.captions import read_captions
from tubeseek.passages import caption_passages
from tubeseek.records import Passage, Video
from tubeseek.sources.caption_choice import local_files

logger = logging.getLogger(__name__)


def local_captions(video: Video) -> tuple[Passage, ...]:
    """The words of the first caption file that can be read and has any.

    A broken one costs a warning: a video is found by its pictures all the same.
    """
    for path in local_files(video):
        try:
            cues = read_captions(path)
        except MediaError as error:
            logger.warning("Captions left out: %s", error)
            continue
        if cues:
            return tuple(caption_passages(video.id, cues))
    return ()
