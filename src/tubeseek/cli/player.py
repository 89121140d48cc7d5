"""Opens a moment in a player or in the browser."""

import shutil
import subprocess
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tubeseek.core.errors import InputError
from tubeseek.core.schemas import SearchHit

# Programs that start at a second, with their options; the first that is installed is taken.
PLAYERS = {"mpv": "--start={seconds:.3f}", "vlc": "--start-time={seconds:.3f}"}


def choose_hit(hits: Sequence[SearchHit], rank: int) -> SearchHit:
    """Return the hit of a rank.

    Raises:
        InputError: No hit of this rank is shown.
    """
    for hit in hits:
        if hit.rank == rank:
            return hit
    shown = f"ranks {hits[0].rank} to {hits[-1].rank} are shown" if hits else "nothing was found"
    raise InputError(f"--open {rank}: there is no such result; {shown}")


def open_moment(url: str, file: Path | None, seconds: float) -> str:
    """Play a video from a second on, without waiting for its end.

    Args:
        url: The link to the moment, for the browser.
        file: The local file, which mpv or VLC plays where one of them is installed.
        seconds: Where to start.

    Returns:
        What was opened, and with what.

    Raises:
        InputError: The file has gone, the link is none that a browser should open, or there is no
            browser.
    """
    if file is not None:
        if not file.exists():
            raise InputError(f"{file} has gone; `tubeseek sync` notes what is no longer there")
        for player, option in PLAYERS.items():
            if program := shutil.which(player):
                _start([program, option.format(seconds=seconds), str(file.absolute())])
                return f"{file.name} in {player}"
    if file is None and urlsplit(url).scheme not in ("http", "https"):
        raise InputError(f"{url} is no link that a browser can open")
    if not webbrowser.open(url):
        raise InputError(f"no browser could be started; open {url} yourself")
    return f"{url} in the browser"


def _start(command: Sequence[str]) -> None:
    subprocess.Popen(  # noqa: S603  a list, no shell; the path is absolute
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
