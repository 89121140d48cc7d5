"""Finds the pictures that the rows of a data set mean, by id or by the name that a row gives."""

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from tubeseek.core.errors import SourceError
from tubeseek.sources.local.files import PICTURE_SUFFIXES, require_storable
from tubeseek.sources.local.ytdlp_archive import id_in_name

IMAGES = "images"
FOLDERS = (
    *(IMAGES, "image", "img", "imgs", "thumbnails", "thumbnail", "thumbs", "pictures", "photos"),
    *("이미지", "썸네일", "사진"),
)


class DatasetPictures:
    """The pictures of a data set: those in its folder of pictures and beside its table."""

    def __init__(self, root: Path) -> None:
        """Args:
            root: The folder of the table.

        Raises:
            SourceError: A folder cannot be read.
        """
        self._root, self._real_root = root, root.resolve()
        self.folders = [name for name in FOLDERS if (root / name).is_dir()]
        self._by_key: dict[str, str] = {}  # path relative to the root
        self._by_youtube_id: dict[str, str] = {}
        for folder in (*self.folders, ""):
            for name in _picture_names(root / folder):
                path = f"{folder}/{name}" if folder else name
                self._by_key.setdefault(_picture_key(name), path)
                if youtube_id := id_in_name(Path(name).stem):
                    self._by_youtube_id.setdefault(youtube_id, path)
        self._claimed: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def of_id(self, video_id: str) -> Path | None:
        """Return the picture that is named by an id, or None."""
        keys = (_picture_key(f"{video_id}{suffix}") for suffix in PICTURE_SUFFIXES)
        name = next((self._by_key[key] for key in keys if key in self._by_key), None)
        return self._existing(name or self._by_youtube_id.get(video_id))

    def of_name(self, name: str) -> Path | None:
        """Return the picture, or the video file, that a row names; None if it does not exist.

        Raises:
            SourceError: The path leads out of the data set.
        """
        name = name.replace("\\", "/")
        if not _within(self._root / name, self._real_root):
            raise SourceError(f"{name} leads out of the dataset; copy the picture into it")
        for folder in ("", *self.folders):
            if path := self._existing(f"{folder}/{name}" if folder else name):
                return path
        return self._existing(self._by_key.get(_picture_key(name.rpartition("/")[2])))

    def unclaimed(self) -> Iterator[str]:
        """Yield the pictures in the folders of pictures that were not asked for, by name."""
        for path in sorted(self._by_key.values()):
            if "/" in path and path not in self._claimed:
                yield path

    def _existing(self, name: str | None) -> Path | None:
        if not name or not (path := self._root / name).is_file():
            return None
        self._claimed.add(name)
        if not _within(path, self._real_root):
            raise SourceError(f"{name} leads out of the dataset; copy the picture into it")
        require_storable(path)
        return path


def _picture_names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and entry.name.lower().endswith(PICTURE_SUFFIXES)
            )
    except OSError as error:
        raise SourceError(f"{folder} cannot be read ({error.strerror}); check it") from error


def _picture_key(name: str) -> str:
    """Return a key by which names match: macOS decomposes letters, cameras write .JPG."""
    stem, dot, suffix = unicodedata.normalize("NFC", name).rpartition(".")
    return stem + dot + suffix.lower()


def _within(path: Path, real_root: Path) -> bool:
    """Return whether a path lies inside a folder once its links are followed."""
    try:
        return path.resolve().is_relative_to(real_root)
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, a loop of links
        return False
