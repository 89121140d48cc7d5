"""Stores downloaded videos for the length of a run or, if the user keeps them, for good."""

import logging
import shutil
import threading
from collections.abc import Callable, Iterable
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
    """Keeps the downloaded videos of one run in a folder that is removed with it. Thread-safe.

    The next run removes what a killed run left behind: each run locks a file beside its folder, and
    a folder whose lock is free belongs to no run.
    """

    def __init__(self, root: Path, *, downloads: bool = False, keeps: bool = False) -> None:
        """Args:
        root: Folder with the folders of all runs.
        downloads: Whether videos are downloaded at all.
        keeps: Whether they are moved beside the pictures of their video instead of removed.
        """
        self.downloads, self._keeps, self._root = downloads, keeps, root
        self._mutex = threading.Lock()
        self._own: Path | None = None
        self._own_lock: FileLock | None = None
        for lock in root.glob(f"*{LOCK_SUFFIX}"):
            _remove_if_unlocked(lock)

    def find(self, video_id: str, pictures: Path) -> Path | None:
        """Return the file of a video that was kept, or downloaded by this run and not removed."""
        kept = kept_file(pictures)
        if kept is not None or self._own is None:
            return kept
        return _video_file(self._own.glob(f"{_name(video_id)}.*"))

    def fetch(
        self,
        session: Session,
        info: Info,
        video_id: str,
        pictures: Path,
        check: Callable[[], None],
    ) -> Path | None:
        """Return the file of a video, as `find` does; download it if there is none yet.

        Args:
            session: Sends the requests.
            info: The info dictionary of the video, just fetched: the addresses in it expire.
            video_id: Its id in the library.
            pictures: The folder of its pictures, where a kept file lies.
            check: Called before and while downloading; an exception of it ends the download.

        Returns:
            None if this cache downloads nothing, or if the site offers no file, which is logged.

        Raises:
            VideoUnavailableError: The file is not available now, or is too large.
            RateLimitedError: The site refuses further requests.
            OSError: The file cannot be written.
        """
        existing = self.find(video_id, pictures)
        if existing or not self.downloads:
            return existing
        form = None if info.get("is_live") else choose_format(info)
        if form is None:
            logger.warning(
                "%s: no file to download; its storyboard is used instead",
                info.get("webpage_url"),
            )
            return None
        name = f"{_name(video_id)}.{form['ext']}"
        path = self._folder(check) / name
        download(session, {**form, "webpage_url": info.get("webpage_url")}, path, check)
        if not self._keeps:
            return path
        pictures.mkdir(parents=True, exist_ok=True)
        return path.replace(pictures / f"{KEPT_NAME}.{form['ext']}")

    def release(self, video_id: str) -> None:
        """Remove what this run downloaded of a video, whole or in part."""
        for path in self._own.glob(f"{_name(video_id)}.*") if self._own else ():
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove what this run downloaded, except the files that are kept."""
        with self._mutex:
            if self._own and self._own_lock:
                self._own_lock.release()
                _remove_if_unlocked(Path(self._own_lock.lock_file))
                self._own = self._own_lock = None

    def _folder(self, check: Callable[[], None]) -> Path:
        with self._mutex:
            if self._own is None:
                check()  # a thread that comes here after `close` must not begin a folder anew
                name = uuid4().hex
                self._root.mkdir(parents=True, exist_ok=True)
                self._own_lock = FileLock(self._root / f"{name}{LOCK_SUFFIX}", thread_local=False)
                self._own_lock.acquire(timeout=0)
                self._own = self._root / name
                self._own.mkdir()
            return self._own


def kept_file(pictures: Path) -> Path | None:
    """Return the downloaded video that was kept in the folder of its pictures, if there is one."""
    return _video_file(pictures.glob(f"{KEPT_NAME}.*"))


def stills_of_file(video_file: Path, pictures: Path) -> tuple[Still, ...] | None:
    """Write stills along a downloaded video; return None if it is damaged, which is logged."""
    try:
        return write_stills(video_file, pictures)
    except MediaError as error:
        logger.warning("%s; its storyboard is used instead", error)
        return None


def _video_file(paths: Iterable[Path]) -> Path | None:
    return next((path for path in paths if path.suffix.lstrip(".") in SUFFIXES), None)


def _remove_if_unlocked(lock_file: Path) -> None:
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
    """Return a name without dots that any file system accepts."""
    return sha256(video_id.encode()).hexdigest()[:32]
