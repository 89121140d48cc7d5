"""Lists and fetches video files on this machine, and archives that yt-dlp made of a channel.

Ids. The id of a video is its YouTube id if its `.info.json` or its name has one, as in
`Title [dQw4w9WgXcQ].mp4`, `Title-dQw4w9WgXcQ.mp4` or `dQw4w9WgXcQ.mp4`. For any other file it is a
hash of the path relative to the added folder, the size and the first 64 KiB: moving or renaming the
added folder keeps all ids, and two folders may each hold a `clip.mp4`. A file that is renamed
within the folder or edited is a new video, and the old one counts as gone.

What there is. An `.info.json` alone is a video on its site, where its pictures are fetched. In a
folder without any video, each picture is taken as one.

Sync. `Video.picture` names the picture beside the video, or else the video file, followed by the
times and sizes of both: it changes when either does. What cannot be read has failed, and is kept.

Order. Folder by folder, files by name; hidden ones are left out. A link is followed if it leads out
of the added folder (inside, its target is found anyway), and no folder is entered twice.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeAlias

from tubeseek.core.errors import (
    ItemError,
    ListingNotice,
    MediaError,
    SourceError,
    VideoUnavailableError,
)
from tubeseek.core.protocols import CaptionSource, VideoFileSource, VideoSource
from tubeseek.core.text_files import storable
from tubeseek.core.types import Media, Passage, Video
from tubeseek.media.frames import VideoFacts, probe
from tubeseek.sources.local.files import (
    PICTURE_SUFFIXES,
    VIDEO_SUFFIXES,
    local_path,
    require_storable,
    versioned,
)
from tubeseek.sources.local.media import fetch_local, local_captions
from tubeseek.sources.local.walk import Bundle, bundles, nfc, pictures_of, walk, without_format
from tubeseek.sources.local.ytdlp_archive import facts_in_name, read_info
from tubeseek.sources.youtube.locators import video_url

HASHED_BYTES = 1 << 16
ID_BYTES = 8  # of the hash: two of a million files collide with a chance of 1 in 30 million
_TS_SYNC = b"G"  # every packet of an MPEG transport stream begins with it; TypeScript does not
_CHANNEL_ID = re.compile(r"UC[\w-]{22}", re.ASCII)  # the folders of TubeArchivist

Folders: TypeAlias = Iterator[tuple[Path, list[str]]]


class OnlineSource(VideoSource, CaptionSource, VideoFileSource, Protocol):
    """Fetches the videos of which a folder has the facts alone."""


class FolderSource:
    """Implements `VideoSource` for folders of videos; a locator is a folder or one video file.

    It also is a `CaptionSource` and a `VideoFileSource`, for videos that are fetched online.
    """

    def __init__(self, online: OnlineSource | None = None) -> None:
        """Args:
        online: Fetches what only an `.info.json` describes; it is not closed here.
        """
        self._online = online

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
            yield from _listed(path.parent, _only(path), bundles)
            return
        unreadable: list[OSError] = []
        is_empty = True
        for item in _listed(path, walk(path, unreadable), bundles):
            is_empty = False
            yield item
        if is_empty and not unreadable:
            for item in _listed(path, walk(path, unreadable), pictures_of):
                if is_empty:
                    yield ListingNotice(f"{path} holds no video; each picture is taken as one")
                is_empty = False
                yield item
        if unreadable:
            raise SourceError(
                f"{len(unreadable)} folders in {path} cannot be read, such as"
                f" {unreadable[0].filename} ({unreadable[0].strerror}); check their permissions"
            )
        if is_empty:
            suffixes = " ".join((*VIDEO_SUFFIXES, *PICTURE_SUFFIXES))
            raise SourceError(f"there is no video in {path}; looked for {suffixes}")

    def fetch(self, video: Video, folder: Path) -> Media:
        """Return the picture beside the video, or one cut from it, and stills along it.

        What is not here is fetched online, with the captions that are here.
        """
        if not _is_online(video):
            return fetch_local(video, folder)
        if self._online is None:
            raise VideoUnavailableError(f"{video.url}: is not on this machine", final=False)
        media = self._online.fetch(video, folder)
        captions = local_captions(video)
        return replace(media, passages=captions, captions_owed="") if captions else media

    def captions(self, video: Video) -> tuple[tuple[Passage, ...], str]:
        if self._online is None or not _is_online(video):
            return local_captions(video), ""
        return self._online.captions(video)

    def video_file(self, video: Video, folder: Path) -> Path | None:
        if self._online is None or not _is_online(video):
            return None
        return self._online.video_file(video, folder)

    def release(self, video_id: str) -> None:
        if self._online is not None:
            self._online.release(video_id)

    def close(self) -> None:
        """Do nothing: no resource of its own is open."""


def _is_online(video: Video) -> bool:
    """Return whether the pictures of a video are on its site: those here are files."""
    return not Path(video.picture.rpartition("#")[0]).is_absolute()


def _only(file: Path) -> Folders:
    """Yield the folder of a video file with its name and those of its companion files."""
    stem = without_format(file.stem)
    names = sorted(p.name for p in file.parent.iterdir() if p.name.startswith(f"{stem}."))
    companions = [name for name in names if not name.lower().endswith(VIDEO_SUFFIXES)]
    yield file.parent, [file.name, *companions]


def _listed(
    root: Path, folders: Folders, group: Callable[[Sequence[str]], Iterator[Bundle]]
) -> Iterator[Video | Exception]:
    paths: dict[str, Path] = {}
    for folder, names in folders:
        for bundle in group(names):
            path = folder / (*bundle.videos, bundle.info, bundle.picture)[0]
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
    videos = [file for name in bundle.videos if not _is_typescript(file := folder / name)]
    if bundle.videos and not videos:
        return
    try:
        require_storable(folder / bundle.stem)
    except SourceError as error:
        yield error
        return
    info: Video | None = None
    if bundle.info:
        try:
            info = read_info(folder / bundle.info)
        except SourceError as error:
            known_by = [*videos, *([folder / bundle.picture] if bundle.picture else [])]
            yield ItemError(str(error), file=str(known_by[0]) if known_by else "")
        if info is None and not videos:
            return  # of a channel or playlist, or damaged
    file, facts, fault = _probed(videos)
    if fault:
        yield ItemError(str(fault), video_id=info.id if info else "", file=str(videos[0]))
    if facts:
        picture = folder / bundle.picture if bundle.picture else file
        video = info or _from_name(root, file, bundle.stem, facts)
        yield replace(
            _with_files(video, folder, bundle, versioned(picture, file)),
            url=video.url or file.as_uri(),
            file=str(file),
            duration_seconds=video.duration_seconds or facts.duration_seconds,
            is_live=False,  # any more
        )
    elif info is not None and bundle.picture:
        yield _with_files(info, folder, bundle, versioned(folder / bundle.picture))
    elif info is not None and not videos and info.url.startswith(("https://", "http://")):
        yield _with_files(info, folder, bundle, info.picture)
    elif info is not None and not videos:
        yield MediaError(
            f"{folder / bundle.info} has neither a video nor a picture beside it, and no address"
        )
    elif info is None and not videos:
        picture = folder / bundle.picture
        video = _from_name(root, picture, bundle.stem, None)
        yield replace(video, picture=versioned(picture))


def _probed(videos: Sequence[Path]) -> tuple[Path, VideoFacts | None, MediaError | None]:
    """Return the first of several files that holds pictures with its facts, or why none does."""
    reason: MediaError | None = None
    for file in videos:
        try:
            return file, probe(file), None
        except MediaError as error:
            reason = reason or error
    return videos[0] if videos else Path(), None, reason


def _with_files(video: Video, folder: Path, bundle: Bundle, picture: str) -> Video:
    """Add the picture to a video, and its subtitles as `extra["subtitles.ko"]` and so on."""
    subtitles = {
        f"subtitles.{language}".rstrip("."): str(folder / name)
        for language, name in sorted(bundle.subtitles.items())
    }
    extra = MappingProxyType({**video.extra, **subtitles})
    return replace(video, picture=picture, extra=extra)


def _from_name(root: Path, file: Path, stem: str, facts: VideoFacts | None) -> Video:
    """Return the video that the name of a file describes, and its tags if the name is an id."""
    name = facts_in_name(stem)
    is_tagged = not name.title and facts is not None
    title = storable(" ".join(facts.title.split())) if is_tagged and facts else ""
    return Video(
        name.youtube_id or _hashed_id(root, file),
        video_url(name.youtube_id) if name.youtube_id else file.as_uri(),
        nfc(name.title or title or stem),
        channel=storable(facts.artist) if is_tagged and facts else "",
        channel_id=file.parent.name if _CHANNEL_ID.fullmatch(file.parent.name) else "",
        published=name.published,
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
