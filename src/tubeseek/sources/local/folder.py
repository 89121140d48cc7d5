"""Lists and fetches video files on this machine, and archives that yt-dlp made of a channel.

Ids. The id of a video is its YouTube id if its `.info.json` or its name has one, as in
`Title [dQw4w9WgXcQ].mp4`. For any other file it is a hash of the path relative to the added folder,
the size and the first 64 KiB: moving or renaming the added folder keeps all ids, and two folders
may each hold a `clip.mp4`. A file that is renamed within the folder or edited is a new video, and
the old one counts as gone.

Sync. `Video.picture` names the picture beside the video, or else the video file, followed by the
times and sizes of both: it changes when either does.

Order. Folder by folder, files by name; hidden ones are left out. A link is followed if it leads out
of the added folder (inside, its target is found anyway), and no folder is entered twice.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from tubeseek.core.errors import ItemError, MediaError, SourceError
from tubeseek.core.types import Media, Video
from tubeseek.media.frames import probe
from tubeseek.sources.local.files import VIDEO_SUFFIXES, local_path, require_storable, versioned
from tubeseek.sources.local.media import fetch_local
from tubeseek.sources.local.walk import Bundle, bundles, nfc, walk
from tubeseek.sources.local.ytdlp_archive import id_in_name, read_info, title_of
from tubeseek.sources.youtube.locators import video_url

HASHED_BYTES = 1 << 16
ID_BYTES = 8  # of the hash: two of a million files collide with a chance of 1 in 30 million
_TS_SYNC = b"G"  # every packet of an MPEG transport stream begins with it; TypeScript does not


class FolderSource:
    """Implements `VideoSource` for folders of videos; a locator is a folder or one video file."""

    def list(self, locator: str) -> Iterator[Video | Exception]:
        """Yield the videos below a folder, each probed but not decoded.

        Raises:
            SourceError: The folder does not exist or has no video; or, at the end, some folders
                could not be read, so that videos missing from the list may still exist.
        """
        path = local_path(locator)
        if path.is_file():
            if path.suffix.lower() not in VIDEO_SUFFIXES:
                raise SourceError(f"{path} is not a video; add one of {' '.join(VIDEO_SUFFIXES)}")
            yield from _listed(path.parent, _only(path))
            return
        unreadable: list[OSError] = []
        is_empty = True
        for item in _listed(path, walk(path, unreadable)):
            is_empty = False
            yield item
        if unreadable:
            raise SourceError(
                f"{len(unreadable)} folders in {path} cannot be read, such as"
                f" {unreadable[0].filename} ({unreadable[0].strerror}); check their permissions"
            )
        if is_empty:
            raise SourceError(f"there is no video in {path}; looked for {' '.join(VIDEO_SUFFIXES)}")

    def fetch(self, video: Video, folder: Path) -> Media:
        """Return the picture beside the video, or one cut from it, and stills along it."""
        return fetch_local(video, folder)

    def close(self) -> None:
        """Do nothing: no resource is open."""


def _only(file: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield the folder of a video file with its name and those of its companion files."""
    names = sorted(p.name for p in file.parent.iterdir() if p.name.startswith(f"{file.stem}."))
    companions = [name for name in names if not name.lower().endswith(VIDEO_SUFFIXES)]
    yield file.parent, [file.name, *companions]


def _listed(root: Path, folders: Iterator[tuple[Path, list[str]]]) -> Iterator[Video | Exception]:
    paths: dict[str, Path] = {}
    for folder, names in folders:
        for bundle in bundles(names):
            path = folder / (bundle.video or bundle.info)
            try:
                items = list(_items(root, folder, bundle))
            except OSError as error:  # it vanished meanwhile, or may not be read
                message = f"{path} cannot be read ({error.strerror}); check it"
                items = [ItemError(message, file=str(path))]
            for item in items:
                if isinstance(item, Video):
                    if item.id in paths:
                        yield SourceError(f"{path} has the same id ({item.id}) as {paths[item.id]}")
                        continue
                    paths[item.id] = path
                yield item


def _items(root: Path, folder: Path, bundle: Bundle) -> Iterator[Video | Exception]:
    """Yield an error for each file of a bundle that cannot be used, and then its video."""
    file = folder / bundle.video
    if bundle.video and _is_typescript(file):
        return
    info: Video | None = None
    has_video, duration = bool(bundle.video), None
    try:
        require_storable(folder / bundle.stem)
    except SourceError as error:
        yield error
        return
    if bundle.info:
        try:
            info = read_info(folder / bundle.info)
        except SourceError as error:
            yield error
    if has_video:
        try:
            duration = probe(file).duration_seconds
        except MediaError as error:
            yield ItemError(str(error), file=str(file))
            has_video = False
    if has_video:
        picture = folder / bundle.picture if bundle.picture else file
        video = info or _from_name(root, file, bundle.stem)
        yield replace(
            _with_files(video, folder, bundle, versioned(picture, file)),
            url=video.url or file.as_uri(),
            file=str(file),
            duration_seconds=video.duration_seconds or duration,
        )
    elif info is not None and bundle.picture:
        yield _with_files(info, folder, bundle, versioned(folder / bundle.picture))
    elif info is not None and not bundle.video:
        yield MediaError(
            f"{folder / bundle.info} has neither a video nor a picture beside it; get one of them"
        )


def _with_files(video: Video, folder: Path, bundle: Bundle, picture: str) -> Video:
    """Add the picture to a video, and its subtitles as `extra["subtitles.ko"]` and so on."""
    subtitles = {
        f"subtitles.{language}".rstrip("."): str(folder / name)
        for language, name in sorted(bundle.subtitles.items())
    }
    extra = MappingProxyType({**video.extra, **subtitles})
    return replace(video, picture=picture, extra=extra)


def _from_name(root: Path, file: Path, stem: str) -> Video:
    """Return the video that the name of a file describes."""
    youtube_id = id_in_name(stem)
    return Video(
        youtube_id or _hashed_id(root, file),
        video_url(youtube_id) if youtube_id else file.as_uri(),
        nfc(title_of(stem)),
    )


def _hashed_id(root: Path, file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.read(HASHED_BYTES)
    digest = hashlib.sha256(nfc(file.relative_to(root).as_posix()).encode())
    digest.update(b"\0%d\0" % file.stat().st_size)
    digest.update(head)
    return digest.hexdigest()[: 2 * ID_BYTES]


def _is_typescript(file: Path) -> bool:
    """Return whether a file is called .ts without being an MPEG transport stream."""
    if file.suffix.lower() != ".ts":
        return False
    with file.open("rb") as opened:
        return opened.read(1) not in (_TS_SYNC, b"")
