"""Cuts moments out of local files: `tubeseek clip`, and `tubeseek search --save`."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from tubeseek.cli import render
from tubeseek.cli.completion import complete_ids
from tubeseek.cli.formats import clip_times
from tubeseek.cli.options import parse_seconds, settings_of
from tubeseek.core.errors import InputError, QueryError, TubeseekError
from tubeseek.core.schemas import SearchAnswer
from tubeseek.core.times import clock
from tubeseek.library.open import videos_on_disk

NAME_CHARACTERS = 60  # of a title in the name of a file
SUFFIX = ".mp4"

_NO_NAME = re.compile(r"[^\w.()+-]+")  # letters of any script are kept


def clip(
    context: typer.Context,
    video_id: Annotated[
        str,
        typer.Argument(
            metavar="VIDEO_ID",
            help="The id of a video as `tubeseek list` shows it. Its file must be on this disk.",
            autocompletion=complete_ids,
        ),
    ],
    start: Annotated[
        float,
        typer.Argument(metavar="START", parser=parse_seconds, help="Where to begin: 83.5, 1:23.5."),
    ],
    end: Annotated[
        float,
        typer.Argument(metavar="END", parser=parse_seconds, help="Where to end: 95, 1:35."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            help="Write this file, .mp4, .mov or .mkv. The default is named after the video.",
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file if it exists.")
    ] = False,
) -> None:
    """Cut a stretch out of a video whose file is on this disk.

    It is copied without loss where it begins at a keyframe, and encoded anew otherwise.
    """
    from tubeseek.media.cutting import cut

    on_disk = videos_on_disk(settings_of(context), [video_id])
    if video_id not in on_disk:
        raise QueryError(f"no video {video_id!r} in this library; `tubeseek list` shows them")
    video, _ = on_disk[video_id]
    if not video.file:
        raise InputError(
            f"the file of {video_id} is not on this disk; `tubeseek index --download --keep` keeps "
            "files of YouTube"
        )
    path = out or Path(file_name(video.title or video_id, start))
    made = cut(Path(video.file), start, end, path, overwrite=overwrite)
    how = "copied" if made.copied else "encoded anew"
    render.say(str(made.path))
    render.note(f"{made.end - made.start:.2f} s, {how}")
    if made.end < end:
        render.note(f"The video ends at {clock(made.end)}, and so does the clip.")


def save_moments(answer: SearchAnswer, files: Mapping[str, Path], folder: Path) -> bool:
    """Cut the best moment of each hit that is on this disk into a folder, and print the files.

    Returns:
        Whether every hit was saved; why one was not is printed.
    """
    from tubeseek.media.cutting import cut

    folder.mkdir(parents=True, exist_ok=True)
    whole = True
    for hit in answer.hits:
        file = files.get(hit.video_id)
        if file is None:
            render.note(f"{hit.rank}: not saved, its file is not on this disk")
            whole = False
            continue
        start, end = clip_times(hit)
        path = free_path(folder / f"{hit.rank:02} {file_name(hit.title, start)}")
        try:
            render.say(str(cut(file, start, end, path).path))
        except TubeseekError as error:
            render.error(error)
            whole = False
    return whole


def file_name(title: str, start: float) -> str:
    """Return the name of a clip, which any file system takes.

    >>> file_name("고양이/피아노: 1?", 83.5)
    '고양이 피아노 1 1m23.50s.mp4'
    """
    words = _NO_NAME.sub(" ", title).strip(" .-")[:NAME_CHARACTERS].strip(" .-") or "clip"
    minutes, seconds = divmod(start, 60)
    return f"{words} {int(minutes)}m{seconds:05.2f}s{SUFFIX}"


def free_path(path: Path) -> Path:
    """Return a path at which nothing is: the given one, or one with a number."""
    return next(candidate for candidate in _candidates(path) if not candidate.exists())


def _candidates(path: Path) -> Iterator[Path]:
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
