"""Writes found moments for editing programs: CMX 3600 EDL, and OpenTimelineIO.

A CMX 3600 list has one frame rate and counts its frames without dropping numbers, so a second of
29.97 frames is counted as 30: it is the rate of the first file, and times in files of other rates
are rounded to its frames.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tubeseek.cli.terminal import visible
from tubeseek.core.errors import ConfigError
from tubeseek.core.installation import install_command

DEFAULT_RATE = 25.0  # frames a second, of files that do not say
FIRST_RECORD_SECOND = 3600  # programmes begin at 01:00:00:00
MAX_EVENTS = 999  # the numbers of events have three digits
REEL = "AX"  # the reel of what comes from a file


@dataclass(frozen=True, slots=True)
class Shot:
    """A stretch of a local file, in seconds."""

    title: str
    file: Path
    start: float
    end: float
    rate: float | None  # frames a second of the file
    duration: float | None  # of the whole file


def edl(name: str, shots: Sequence[Shot]) -> Iterator[str]:
    """Yield the lines of a CMX 3600 edit decision list that plays the shots one by one."""
    rate = next((shot.rate for shot in shots if shot.rate), DEFAULT_RATE)
    count = round(rate)  # of numbers in a second of timecode
    record = FIRST_RECORD_SECOND * count
    yield f"TITLE: {visible(name)}"
    yield "FCM: NON-DROP FRAME"
    for number, shot in enumerate(shots[:MAX_EVENTS], start=1):
        first = round(shot.start * rate)
        length = max(1, round(shot.end * rate) - first)
        times = (first, first + length, record, record + length)
        codes = " ".join(timecode(frames, count) for frames in times)
        yield ""
        yield f"{number:03}  {REEL:8} V     C        {codes}"
        yield f"* FROM CLIP NAME: {visible(shot.file.name)}"
        yield f"* SOURCE FILE: {visible(str(shot.file))}"
        yield f"* COMMENT: {visible(shot.title)}"
        record += length


def timecode(frames: int, frames_per_second: int) -> str:
    """Return a frame's number as hours, minutes, seconds and frames.

    >>> timecode(90_125, 25), timecode(29, 30)
    ('01:00:05:00', '00:00:00:29')
    """
    seconds, frame = divmod(frames, frames_per_second)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}:{frame:02}"


def otio(name: str, shots: Sequence[Shot]) -> str:
    """Return a timeline of the shots as OpenTimelineIO writes it, JSON.

    Raises:
        ConfigError: The package is not installed.
    """
    try:
        import opentimelineio
        from opentimelineio import opentime, schema
    except ImportError as error:
        raise ConfigError(f"--format otio needs a package: {install_command('edit')}") from error
    timeline = schema.Timeline(visible(name))
    track = schema.Track("V1", kind=schema.TrackKind.Video)
    timeline.tracks.append(track)
    for shot in shots:
        rate = shot.rate or DEFAULT_RATE
        media = schema.ExternalReference(shot.file.absolute().as_uri())
        if shot.duration is not None:
            media.available_range = opentime.TimeRange(
                opentime.RationalTime(0, rate),
                opentime.RationalTime.from_seconds(shot.duration, rate),
            )
        first = round(shot.start * rate)
        frames = max(1, round(shot.end * rate) - first)
        stretch = opentime.TimeRange(
            opentime.RationalTime(first, rate), opentime.RationalTime(frames, rate)
        )
        track.append(schema.Clip(visible(shot.title), media, stretch))
    return str(opentimelineio.adapters.write_to_string(timeline, "otio_json"))
