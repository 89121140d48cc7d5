"""Downloaded videos: on disk for as long as they are cut or, if the user keeps them, for good."""

import logging
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from tubeseek.core.errors import MediaError
from tubeseek.core.types import Still
from tubeseek.media.stills import write_stills
from tubeseek.sources.youtube.download import SUFFIXES, choose_format, download
from tubeseek.sources.youtube.records import Info
from tubeseek.sources.youtube.session import Session

logger = logging.getLogger(__name__)

KEPT_NAME = "film"  # .mp4, .webm ...
LOCK_SUFFIX = ".lock"


class VideoFileCache:
    """Downloaded videos of one run, in a folder of its own that ends with it. Thread-safe.

    What a run that was killed has left is removed by the next one: each run holds the lock of its
    folder, which lies beside it, and a folder whose lock is free is nobody's.
    """

    def __init__(self, root: Path, *, downloads: bool = False, keeps: bool = False) -> None:
        """Args:
        root: Holds the folders of all runs.
        downloads: Whether videos are to be downloaded at all.
        keeps: Whether they are moved to the pictures of their video instead of removed.
        """
        self.downloads, self._keeps, self._root = downloads, keeps, root
        self._mutex = threading.Lock()
        self._own: Path | None = None
        self._held: FileLock | None = None
        for lock in root.glob(f"*{LOCK_SUFFIX}"):
            _remove_if_nobodys(lock)

    def find(self, video_id: str, pictures: Path) -> Path | None:
        """The file of a video that was kept, or downloaded by this run and not yet removed."""
        here = self._own.glob(f"{_name(video_id)}.*") if self._own else ()
        found = (*pictures.glob(f"{KEPT_NAME}.*"), *here)
        return next((path for path in found if path.suffix.lstrip(".") in SUFFIXES), None)

    def fetch(
        self,
        session: Session,
        info: Info,
        video_id: str,
        pictures: Path,
        check: Callable[[], None],
    ) -> Path | None:
        """The file of a video: as `find` finds it, else downloaded if that is wanted.

        Args:
            session: Asks the site.
            info: What yt-dlp said of the video just now.
            video_id: Its id in the library.
            pictures: The folder of its pictures, where a kept file lies.
            check: What it raises ends the download.

        Returns:
            None if no download is wanted, or the site has none that can be had, which is told.

        Raises:
            VideoUnavailableError: It cannot be had now, or is too large.
            RateLimitedError: The site asks us to stop.
            OSError: The file cannot be written.
        """
        found = self.find(video_id, pictures)
        if found or not self.downloads:
            return found
        form = None if info.get("is_live") else choose_format(info)
        if form is None:
            logger.warning(
                "%s: there is no file of it to download; its storyboard is used instead",
                info.get("webpage_url"),
            )
            return None
        name = f"{_name(video_id)}.{form['ext']}"
        path = self._folder() / name
        download(session, {**form, "webpage_url": info.get("webpage_url")}, path, check)
        if not self._keeps:
            return path
        pictures.mkdir(parents=True, exist_ok=True)
        return path.replace(pictures / f"{KEPT_NAME}.{form['ext']}")

    def release(self, video_id: str) -> None:
        """Removes what this run has of a video, whole or in part."""
        for path in self._own.glob(f"{_name(video_id)}.*") if self._own else ():
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Removes what this run still has, but what is kept."""
        with self._mutex:
            if self._own and self._held:
                self._held.release()
                _remove_if_nobodys(Path(self._held.lock_file))
                self._own = self._held = None

    def _folder(self) -> Path:
        with self._mutex:
            if self._own is None:
                name = uuid4().hex
                self._root.mkdir(parents=True, exist_ok=True)
                self._held = FileLock(self._root / f"{name}{LOCK_SUFFIX}", thread_local=False)
                self._held.acquire(timeout=0)
                self._own = self._root / name
                self._own.mkdir()
            return self._own


def stills_of_file(video_file: Path, pictures: Path) -> tuple[Still, ...] | None:
    """Stills along a downloaded video; None if it is damaged, which is told."""
    try:
        return write_stills(video_file, pictures)
    except MediaError as error:
        logger.warning("%s; its storyboard is used instead", error)
        return None


def _remove_if_nobodys(lock_file: Path) -> None:
    lock = FileLock(lock_file)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):  # a run is at work there, or it is not ours to write
        return
    shutil.rmtree(lock_file.with_suffix(""), ignore_errors=True)  # Windows: a file still open
    lock.release()
    lock_file.unlink(missing_ok=True)
    with suppress(OSError):  # other runs have folders there
        lock_file.parent.rmdir()


def _name(video_id: str) -> str:
    """A name without dots that any file system takes."""
    return sha256(video_id.encode()).hexdigest()[:32]
