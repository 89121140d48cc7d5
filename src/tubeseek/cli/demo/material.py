"""Writes the demo's folder: videos, what yt-dlp would write beside them, and where each shot is.

toys-1.mp4 toys-1.jpg toys-1.info.json   for each video
shots.json                               what is shown when
judgements.jsonl                         60 queries with the shots that answer them
"""

import json
import random
from collections.abc import Generator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from tubeseek.cli.demo.plan import FRAMES_PER_SECOND, VideoPlan, plan_videos
from tubeseek.cli.demo.render import HEIGHT, RENDERING, WIDTH, render_thumbnail, render_video
from tubeseek.cli.demo.stamps import fetch_stamps
from tubeseek.core.errors import SourceError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.files import remove_unfinished, write_atomically

STAGE = "demo"
SITE = "Stamps"  # stands where yt-dlp names the site, so the ids meet no other video's
SHOTS_FILE = "shots.json"
JUDGEMENTS_FILE = "judgements.jsonl"
QUERIES_PER_LANGUAGE = 30
CREDIT = (
    "Demo video of tubeseek. The pictures and their names come from the Tux Paint stamp "
    "collection (https://tuxpaint.org/stamps/), copyright 2002-2022 Bill Kendrick and "
    "contributors, GNU General Public License, version 2 or later; this video is under the same "
    "licence. The channel, the date and the number of views are invented.\n"
    "tubeseek 시연용 영상입니다. 그림과 이름은 Tux Paint 스탬프 모음(GPL-2 이상)에서 가져왔으며 "
    "이 영상에도 같은 라이선스가 적용됩니다. 채널, 날짜, 조회수는 지어낸 것입니다."
)


def make_demo(
    folder: Path, cache: Path, *, stamps: Path | None = None, count: int = 40, seed: int = 0
) -> Generator[Event, None, None]:
    """Make the demo's videos in `folder`, one event for each; keep those already made.

    Args:
        folder: Where the videos go; made if need be.
        cache: Where the stamps are kept, 25 MB.
        stamps: Stamps at hand (see `fetch_stamps`); None asks apt for them, 161 MB.
        count: How many videos.
        seed: Another seed makes other videos; better give it another folder.

    Raises:
        SourceError: There are no stamps, or none that can be shown.
        MediaError: A video cannot be made.
    """
    yield Event(EventKind.STARTED, STAGE, "getting the Tux Paint stamps")
    plans = plan_videos(fetch_stamps(cache, stamps), count, seed)
    if not plans:
        raise SourceError(
            "No theme of the demo has enough stamps with an English and a Korean description. "
            "Give the whole Tux Paint stamp collection, or add a folder of your own videos: "
            "tubeseek add FOLDER"
        )
    yield Event(EventKind.STARTED, STAGE, "making videos", total=len(plans))
    folder.mkdir(parents=True, exist_ok=True)
    remove_unfinished(folder)
    made = 0
    for done, plan in enumerate(plans, start=1):
        made += _make_video(plan, folder)
        yield Event(EventKind.ADVANCED, STAGE, plan.title, library_id(plan), done, len(plans))
    shots = describe_shots(plans)
    _write_if_new(folder / SHOTS_FILE, _as_json(shots))
    _write_if_new(folder / JUDGEMENTS_FILE, _as_lines(judgements(shots["shots"])))
    counts = {"made": made, "kept": len(plans) - made, "shots": sum(len(p.shots) for p in plans)}
    yield Event(EventKind.FINISHED, STAGE, counts=counts)


def _make_video(plan: VideoPlan, folder: Path) -> bool:
    """Make a video with the files beside it. Return False when they are all there."""
    video, picture = folder / f"{plan.id}.mp4", folder / f"{plan.id}.jpg"
    information = folder / f"{plan.id}.info.json"
    expected = _as_json(describe(plan))
    # Written last, so where it says what it should, the others were made to the same plan.
    if video.is_file() and picture.is_file() and _holds(information, expected):
        return False
    render_video(plan, video)
    render_thumbnail(plan, picture)
    _write_if_new(information, expected)
    return True


def describe(plan: VideoPlan) -> dict[str, Any]:
    """Describe a video in the fields and units of yt-dlp's info.json."""
    chapters = [
        {"start_time": shot.start, "end_time": shot.end, "title": shot.title} for shot in plan.shots
    ]
    contents = "\n".join(f"{_clock(shot.start)} {shot.title}" for shot in plan.shots)
    return {
        "id": plan.id,
        "title": plan.title,
        "description": f"{contents}\n\n{CREDIT}",
        "channel": plan.channel.name,
        "channel_id": plan.channel.id,
        "uploader": plan.channel.name,
        "upload_date": f"{plan.published:%Y%m%d}",
        "duration": plan.duration_seconds,
        "view_count": plan.views,
        "tags": [name for shot in plan.shots for name in (shot.english, shot.korean)],
        "categories": [plan.channel.category],
        "language": "en",
        "chapters": chapters,
        "license": "GPL-2.0-or-later",
        "ext": "mp4",
        "width": WIDTH,
        "height": HEIGHT,
        "fps": FRAMES_PER_SECOND,
        "_type": "video",
        "extractor": SITE.lower(),
        "extractor_key": SITE,
        "_tubeseek_demo": _fingerprint(plan),
    }


def library_id(plan: VideoPlan) -> str:
    """Return the id of the video in a library, which begins with the site as other sites' do."""
    return f"{SITE.lower()}-{plan.id}"


def describe_shots(plans: Sequence[VideoPlan]) -> dict[str, Any]:
    """List which stamp each shot shows, as the ground truth for searches for moments."""
    shots = [
        {
            "video_id": library_id(plan),
            "start": shot.start,
            "end": shot.end,
            "english": shot.stamp.english,
            "korean": shot.stamp.korean,
            "title": shot.title,
            "stamp": shot.stamp.name,
        }
        for plan in plans
        for shot in plan.shots
    ]
    return {"videos": len(plans), "shots": shots}


def judgements(shots: Sequence[Mapping[str, Any]], seed: int = 0) -> list[dict[str, Any]]:
    """Return queries with known answers for `tubeseek eval`, one for each of some random shots.

    A query is the description of the shot's stamp, half of them in English and half in Korean.
    """
    chance = random.Random(seed)  # noqa: S311  no secret
    drawn = chance.sample(list(shots), min(2 * QUERIES_PER_LANGUAGE, len(shots)))
    return [
        {
            "query": shot[language],
            "video_id": shot["video_id"],
            "start": shot["start"],
            "end": shot["end"],
            "group": language,
        }
        for number, shot in enumerate(drawn)
        for language in (("english", "korean")[number % 2],)
    ]


def _fingerprint(plan: VideoPlan) -> str:
    """Return a hash of all that the pictures depend on and info.json does not already say."""
    parts = [str(RENDERING), str(plan.background)]
    for shot in plan.shots:
        parts += [shot.stamp.name, str(shot.stamp.path.stat().st_size), str(shot.zooms_in)]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def _clock(seconds: float) -> str:
    """Format a time as YouTube does in chapters: 75.5 -> "1:15"."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _as_lines(values: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def _as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write_if_new(path: Path, text: str) -> None:
    """Write `text` unless the file holds it already."""
    if _holds(path, text):
        return
    write_atomically(path, text.encode())


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8", errors="replace") == text
