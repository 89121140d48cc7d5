"""Video files on this machine, and archives that yt-dlp made of a channel.

Ids. A video is known by its YouTube id where its `.info.json` or its name says so, as in
`Title [dQw4w9WgXcQ].mp4`. Any other file is known by a hash of its path relative to the folder that
was added, its size and its first 64 KiB: moving or renaming the added folder keeps all ids, and two
folders may each hold a `clip.mp4`. A file that is renamed within the folder or edited is a new
video, and the old one counts as gone.

Sync. `Video.picture` names the picture beside the video, or else the video file, followed by the
times and sizes of both: it changes when either does.

Order. Folder by folder, files by name; hidden ones are left out. A link is followed where it leads
out of the added folder (inside, its target is found anyway), and no folder is entered twice.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from tubeseek.core.errors import MediaError, SourceError
from tubeseek.core.types import Media, Video
from tubeseek.media.frames import probe
from tubeseek.sources.local.files import VIDEO_SUFFIXES, local_path, require_storable, versioned
from tubeseek.sources.local.media import fetch_local
from tubeseek.sources.local.walk import Bundle, bundles, nfc, walk
from tubeseek.sources.local.ytdlp_archive import id_in_name, read_info, title_of
from tubeseek.sources.youtube.locators import video_url

HASHED_BYTES = 1 << 16
ID_BYTES = 8  # of the hash: that two of a million files meet has a chance of one in 30 million
_TS_SYNC = b"G"  # every packet of an MPEG transport stream begins with it; TypeScript does not


class FolderSource:
    """Implements `VideoSource` for folders of videos; a locator is a folder or one video file."""

    def list(self, locator: str) -> Iterator[Video | Exception]:
        """The videos below a folder, each probed but not decoded.

        Raises:
            SourceError: There is nothing there or no video in it; or, at the end, some of the
                folders could not be read, so that what is missing need not be gone.
        """
        path = local_path(locator)
        if path.is_file():
            if path.suffix.lower() not in VIDEO_SUFFIXES:
                raise SourceError(f"{path} is no video; add one of {' '.join(VIDEO_SUFFIXES)}")
            yield from _listed(path.parent, _only(path))
            return
        unreadable: list[OSError] = []
        found = False
        for item in _listed(path, walk(path, unreadable)):
            found = True
            yield item
        if unreadable:
            raise SourceError(
                f"{len(unreadable)} folders in {path} cannot be read, first"
                f" {unreadable[0].filename} ({unreadable[0].strerror}); check their permissions"
            )
        if not found:
            raise SourceError(f"there is no video in {path}; looked for {' '.join(VIDEO_SUFFIXES)}")

    def fetch(self, video: Video, folder: Path) -> Media:
        """The picture beside the video, or one cut from it; and stills along it."""
        return fetch_local(video, folder)

    def close(self) -> None:
        """Nothing waits here."""


def _only(file: Path) -> Iterator[tuple[Path, list[str]]]:
    """The one file, with all in its folder that is no video and begins with its name."""
    beside = sorted(p.name for p in file.parent.iterdir() if p.name.startswith(f"{file.stem}."))
    others = [name for name in beside if not name.lower().endswith(VIDEO_SUFFIXES)]
    yield file.parent, [file.name, *others]


def _listed(root: Path, folders: Iterator[tuple[Path, list[str]]]) -> Iterator[Video | Exception]:
    paths: dict[str, Path] = {}
    for folder, names in folders:
        for bundle in bundles(names):
            path = folder / (bundle.video or bundle.info)
            try:
                items = list(_items(root, folder, bundle))
            except OSError as error:  # it vanished meanwhile, or may not be read
                items = [MediaError(f"{path} cannot be read ({error.strerror}); check it")]
            for item in items:
                if isinstance(item, Video):
                    if item.id in paths:
                        yield SourceError(f"{path} is {item.id} again, like {paths[item.id]}")
                        continue
                    paths[item.id] = path
                yield item


def _items(root: Path, folder: Path, bundle: Bundle) -> Iterator[Video | Exception]:
    """The video of a bundle, after one error for each file of it that cannot be used."""
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
            yield error
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
    """The video with its picture, and with its subtitles as `extra["subtitles.ko"]` and so on."""
    subtitles = {
        f"subtitles.{language}".rstrip("."): str(folder / name)
        for language, name in sorted(bundle.subtitles.items())
    }
    extra = MappingProxyType({**video.extra, **subtitles})
    return replace(video, picture=picture, extra=extra)


def _from_name(root: Path, file: Path, stem: str) -> Video:
    """What the name of a file says of the video in it."""
    youtube_id = id_in_name(stem)
    return Video(
        youtube_id or _hashed_id(root, file),
        video_url(youtube_id) if youtube_id else file.as_uri(),
        nfc(title_of(stem)),
    )


def _hashed_id(root: Path, file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.read(HASHED_BYTES)
    hashed = hashlib.sha256(nfc(file.relative_to(root).as_posix()).encode())
    hashed.update(b"\0%d\0" % file.stat().st_size)
    hashed.update(head)
    return hashed.hexdigest()[: 2 * ID_BYTES]


def _is_typescript(file: Path) -> bool:
    """Whether a file is called .ts without being an MPEG transport stream."""
    if file.suffix.lower() != ".ts":
        return False
    with file.open("rb") as opened:
        return opened.read(1) not in (_TS_SYNC, b"")
