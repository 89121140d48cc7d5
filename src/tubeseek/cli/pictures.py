"""Shows pictures in terminals: by the protocol of kitty, as sixels, or as coloured half blocks."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tubeseek.cli import terminal
from tubeseek.core.errors import ConfigError, InputError
from tubeseek.core.installation import install_command
from tubeseek.core.schemas import SearchAnswer, SearchHit
from tubeseek.core.settings import Settings
from tubeseek.library.open import videos_on_disk

if TYPE_CHECKING:
    from tubeseek.core.types import Media

WIDTH_COLUMNS = 28


def picture_printer() -> Callable[[Path], None]:
    """Return a function that prints a picture file at the cursor.

    Raises:
        InputError: Output does not go to a terminal.
        ConfigError: The package that draws is not installed.
    """
    if not terminal.stdout.is_terminal:
        raise InputError("--pictures needs a terminal; leave it out where output goes to a file")
    logging.getLogger("textual_image").setLevel(logging.ERROR)  # it warns of guessed cell sizes
    try:
        from textual_image.renderable import Image  # asks the terminal what it can show
    except ImportError as error:
        raise ConfigError(f"--pictures needs a package: {install_command('pictures')}") from error

    def show(picture: Path) -> None:
        image: Any = Image(picture, width=min(WIDTH_COLUMNS, terminal.stdout.width), height="auto")
        terminal.stdout.print(image)

    return show


def hit_printer(
    show: Callable[[Path], None], answer: SearchAnswer, settings: Settings
) -> Callable[[SearchHit], None]:
    """Return a function that prints the frame that was found of a hit, if it is on this disk."""
    on_disk = videos_on_disk(settings, (hit.video_id for hit in answer.hits))

    def show_hit(hit: SearchHit) -> None:
        _, media = on_disk.get(hit.video_id, (None, None))
        if media is None:
            return
        moment = next(iter(hit.moments), None)
        is_frame = moment is not None and moment.kind != "thumbnail"
        picture = picture_at(media, moment.seek) if moment and is_frame else media.thumbnail
        if picture.is_file():
            show(picture)

    return show_hit


def picture_at(media: "Media", seconds: float) -> Path:
    """Return the still that stands for a second, or the thumbnail where there are no stills."""
    from tubeseek.core.segment_plan import still_at

    if not media.stills:
        return media.thumbnail
    return still_at(media.stills, seconds).path
