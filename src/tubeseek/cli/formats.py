"""Writes the answer to a search for other programs: JSON, tables, links and playlists."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from tubeseek.cli.edit_lists import Shot, edl, otio
from tubeseek.cli.render import note
from tubeseek.cli.terminal import json_text, stdout, visible
from tubeseek.core.errors import MediaError
from tubeseek.core.schemas import Moment, SearchAnswer, SearchHit
from tubeseek.core.youtube_links import is_on_youtube

Files: TypeAlias = Mapping[str, Path]  # by the id of their video

COLUMNS = (
    "rank",
    "fit",
    "relevance",
    "video_id",
    "title",
    "channel",
    "start",
    "end",
    "seek",
    "reason",
    "duration_seconds",
    "published",
    "views",
    "url",
)
DEFAULT_SECONDS = 4.0  # of a clip from a moment that has no length
PLAYLIST_IDS = 50  # YouTube takes no more in one link
PLAYLIST_URL = "https://www.youtube.com/watch_videos?video_ids="


class Format(StrEnum):
    """How the answer to a search is printed."""

    TABLE = "table"  # for people
    JSON = "json"  # one object with everything
    JSONL = "jsonl"  # one object a line for each video
    CSV = "csv"
    TSV = "tsv"
    URLS = "urls"  # links to the moments, one a line
    M3U = "m3u"  # a playlist for players such as VLC
    PLAYLIST = "playlist"  # links to temporary playlists on YouTube
    EDL = "edl"  # CMX 3600, for editing programs: the moments in local files
    OTIO = "otio"  # OpenTimelineIO, the same


FORMATS_OF_FILES = frozenset({Format.M3U, Format.EDL, Format.OTIO})  # they name local files


def write(answer: SearchAnswer, form: Format, files: Files) -> None:
    """Print an answer in a format that other programs read.

    Args:
        answer: What was found.
        form: Any but the table.
        files: The local files of videos by id; needed by `FORMATS_OF_FILES` only.
    """
    for line in WRITERS[form](answer, files):
        stdout.file.write(line + "\n")


def _json(answer: SearchAnswer, _: Files) -> Iterator[str]:
    yield json_text(answer.model_dump(mode="json"))


def _jsonl(answer: SearchAnswer, _: Files) -> Iterator[str]:
    for hit in answer.hits:
        yield json_text(hit.model_dump(mode="json"), indent=None)


def _csv(answer: SearchAnswer, _: Files) -> Iterator[str]:
    yield from _table(answer, csv.excel)


def _tsv(answer: SearchAnswer, _: Files) -> Iterator[str]:
    yield from _table(answer, csv.excel_tab)


def _table(answer: SearchAnswer, dialect: type[csv.Dialect]) -> Iterator[str]:
    for row in (COLUMNS, *map(_row, answer.hits)):
        line = io.StringIO()
        csv.writer(line, dialect, lineterminator="").writerow(row)
        yield line.getvalue()


def _row(hit: SearchHit) -> list[str]:
    moment = best_moment(hit)
    values = {
        **hit.model_dump(mode="json"),
        "url": hit.best_url,
        "start": moment and round(moment.start, 3),
        "end": moment and round(moment.end, 3),
        "seek": moment and moment.seek,
        "reason": moment and moment.reason,
    }
    return ["" if values[name] is None else visible(str(values[name])) for name in COLUMNS]


def _urls(answer: SearchAnswer, _: Files) -> Iterator[str]:
    for hit in answer.hits:
        yield visible(hit.best_url)


def _m3u(answer: SearchAnswer, files: Files) -> Iterator[str]:
    """Yield an extended M3U playlist; VLC starts and stops local files at the moment."""
    yield "#EXTM3U"
    for hit in answer.hits:
        seconds = -1 if hit.duration_seconds is None else round(hit.duration_seconds)
        yield f"#EXTINF:{seconds},{visible(hit.title)}"
        path, moment = files.get(hit.video_id), best_moment(hit)
        if path is None:
            yield visible(hit.best_url)
            continue
        if moment is not None:
            yield f"#EXTVLCOPT:start-time={moment.seek:.3f}"
            if moment.end > moment.start:
                yield f"#EXTVLCOPT:stop-time={moment.end:.3f}"
        yield visible(str(path))


def _edl(answer: SearchAnswer, files: Files) -> Iterator[str]:
    yield from edl(answer.query, shots_of(answer, files))


def _otio(answer: SearchAnswer, files: Files) -> Iterator[str]:
    yield otio(answer.query, shots_of(answer, files))


def _playlist(answer: SearchAnswer, _: Files) -> Iterator[str]:
    """Yield links that play the videos of YouTube among the hits one after the other."""
    ids = [hit.video_id for hit in answer.hits if is_on_youtube(hit.url)]
    for start in range(0, len(ids), PLAYLIST_IDS):
        yield PLAYLIST_URL + ",".join(ids[start : start + PLAYLIST_IDS])


def best_moment(hit: SearchHit) -> Moment | None:
    """Return the best moment that has a time, or None where the whole video was found."""
    moment = next(iter(hit.moments), None)
    return moment if moment is not None and moment.end > 0 else None


def clip_times(hit: SearchHit) -> tuple[float, float]:
    """Return from when to when the best moment of a hit lasts, in seconds.

    Of a single frame and of a whole video it is a few seconds from there on.
    """
    moment = best_moment(hit)
    if moment is None:
        return 0.0, DEFAULT_SECONDS
    if moment.end > moment.start:
        return moment.start, moment.end
    return moment.start, moment.start + DEFAULT_SECONDS


def shots_of(answer: SearchAnswer, files: Files) -> list[Shot]:
    """Return the best moments of the hits that are on this disk; a note says how many are not."""
    from tubeseek.media.frames import probe

    shots: list[Shot] = []
    for hit in answer.hits:
        if hit.video_id not in files:
            continue
        file = files[hit.video_id]
        try:
            facts = probe(file)
        except MediaError as error:
            note(str(error))
            continue
        start, end = clip_times(hit)
        end = min(end, facts.duration_seconds or end)
        rate, length = facts.frames_per_second, facts.duration_seconds
        shots.append(Shot(hit.title, file, start, end, rate, length))
    missing = len(answer.hits) - len(shots)
    if missing:
        note(f"{missing} of {len(answer.hits)} videos are left out: they are not on this disk.")
    return shots


WRITERS: dict[Format, Callable[[SearchAnswer, Files], Iterable[str]]] = {
    Format.JSON: _json,
    Format.JSONL: _jsonl,
    Format.CSV: _csv,
    Format.TSV: _tsv,
    Format.URLS: _urls,
    Format.M3U: _m3u,
    Format.PLAYLIST: _playlist,
    Format.EDL: _edl,
    Format.OTIO: _otio,
}
