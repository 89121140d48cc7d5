"""Decides which stamp is shown in which video and when; the same stamps give the same plan."""

import random
import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise

from tubeseek.cli.demo.stamps import Stamp
from tubeseek.cli.demo.themes import THEMES, UNSUITABLE, Channel, Theme

FRAMES_PER_SECOND = 12
SHOT_SECONDS = (3.0, 3.5, 4.0, 4.5, 5.0)  # whole frames, so that chapters begin on one
CLEAR_SECONDS = 0.25  # around a still: no cut to another shot
SHOTS_PER_VIDEO = 5
FEWEST_SHOTS, MOST_SHOTS = 4, 6
SMALLEST_SIDE_PIXELS = 45  # below, a stamp is a blur on a screen of 640x360
SHARP_SIDE_PIXELS = 100  # from here on it is not
NAMES_IN_TITLE = 3
LONGEST_ENGLISH, LONGEST_KOREAN = 32, 16  # letters of a chapter title
FIRST_DAY, DAYS = date(2022, 1, 3), 1000  # the invented days of publication

# Light enough for dark stamps, coloured enough for white ones, and never black.
BACKGROUNDS = (
    (214, 228, 240),
    (224, 236, 216),
    (244, 230, 208),
    (238, 220, 226),
    (222, 218, 238),
    (208, 232, 230),
    (240, 238, 214),
    (226, 226, 226),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One stamp on the screen during [start, end)."""

    stamp: Stamp
    english: str  # its name in a title, e.g. "cow"
    korean: str
    start: float
    end: float
    zooms_in: bool  # else out

    @property
    def title(self) -> str:
        """The chapter's title in both languages."""
        return f"{self.english[:1].upper()}{self.english[1:]} | {self.korean}"


@dataclass(frozen=True, slots=True)
class VideoPlan:
    """The plan of one video: how to make it and how to describe it."""

    id: str  # also the name of its files
    title: str
    channel: Channel
    published: date
    views: int
    background: tuple[int, int, int]  # RGB
    shots: tuple[Shot, ...]

    @property
    def duration_seconds(self) -> float:
        return self.shots[-1].end


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A stamp that may be shown, with its short names."""

    stamp: Stamp
    english: str
    korean: str


def plan_videos(stamps: Sequence[Stamp], count: int = 40, seed: int = 0) -> list[VideoPlan]:
    """Group stamps by theme into videos of four to six shots, each stamp in one video only.

    No two shots have the same name in either language, so a query by name has one right shot.

    Args:
        stamps: The collection; stamps without Korean or colour and small ones are left out.
        count: How many videos to plan; there are fewer if the stamps are too few.
        seed: Decides order, lengths, colours and the invented facts.
    """
    chooser = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    pending = _groups(_candidates(stamps), chooser)
    # The themes take turns, so that a small count still shows something of each.
    turns = max((len(groups) for _, groups in pending), default=0)
    chosen = [
        (theme, part, groups[part])
        for part in range(turns)
        for theme, groups in pending
        if part < len(groups)
    ][:count]
    position = {theme.slug: place for place, theme in enumerate(THEMES)}
    chosen.sort(key=lambda item: (position[item[0].slug], item[1]))
    return [
        _plan_video(theme, part, group, place, chooser)
        for place, (theme, part, group) in enumerate(chosen)
    ]


def _candidates(stamps: Iterable[Stamp]) -> list[_Candidate]:
    """Return the suitable stamps, the best picture first, each name once in either language."""
    candidates = [
        _Candidate(stamp, english, korean)
        for stamp in stamps
        if stamp.name not in UNSUITABLE
        and stamp.has_colour
        and max(stamp.size) >= SMALLEST_SIDE_PIXELS
        and (english := short_english(stamp.english))
        and (korean := short_korean(stamp.korean))
    ]
    candidates.sort(key=_rank)
    taken: set[str] = set()
    unique = []
    for item in candidates:
        names = {item.english.lower(), item.korean.replace(" ", "")}
        if taken.isdisjoint(names):
            taken |= names
            unique.append(item)
    return unique


def _rank(item: _Candidate) -> tuple[bool, bool, int, int, str]:
    """Return a key that sorts photographs, sharp pictures and familiar things to the front."""
    side = max(item.stamp.size)
    words = len(item.english.split())  # "horse" is better known than "Indian blackbuck"
    return item.stamp.is_drawing, side < SHARP_SIDE_PIXELS, words, -side, item.stamp.name


def short_english(description: str) -> str:
    """Return the name of a thing without article and remarks; "" if there is no short one.

    A name with a comma counts as none, because it would break the list of names in a title.

    >>> short_english("A black cat."), short_english("Mercury—the planet closest to the Sun.")
    ('black cat', 'Mercury')
    """
    name = _first_clause(description)
    name = re.sub(r"^(an?|the|our|some) ", "", name, flags=re.IGNORECASE)
    return name if len(name) <= LONGEST_ENGLISH and "," not in name else ""


def short_korean(description: str) -> str:
    """Return the short name in Korean; "" if there is none, or no Korean letters.

    >>> short_korean("지구 – 우리의 행성!"), short_korean("호두 (껍질안의)"), short_korean("F-22")
    ('지구', '호두', '')
    """
    name = _first_clause(description)
    is_korean = any("가" <= letter <= "힣" for letter in name)
    return name if is_korean and len(name) <= LONGEST_KOREAN and "," not in name else ""


def _first_clause(description: str) -> str:
    """Return the text before the first dash, bracket or full stop, without quotation marks."""
    clause = re.split(r"[—–(!.;:]| - ", description, maxsplit=1)[0]
    return re.sub(r"[“”\"']", "", clause).strip()


def _groups(
    candidates: Iterable[_Candidate], chooser: random.Random
) -> list[tuple[Theme, list[list[_Candidate]]]]:
    """Return the candidates of each theme in groups for a video, the best pictures first."""
    by_theme: dict[str, list[_Candidate]] = {theme.slug: [] for theme in THEMES}
    for item in candidates:
        theme = next((theme for theme in THEMES if theme.takes(item.stamp)), None)
        if theme is not None:
            by_theme[theme.slug].append(item)
    result = []
    for theme in THEMES:
        items = by_theme[theme.slug]
        if len(items) < FEWEST_SHOTS:
            continue
        videos = max(1, round(len(items) / SHOTS_PER_VIDEO))
        while len(items) < videos * FEWEST_SHOTS:
            videos -= 1
        bounds = [len(items) * number // videos for number in range(videos + 1)]
        groups = [items[start:end][:MOST_SHOTS] for start, end in pairwise(bounds)]
        for group in groups:
            chooser.shuffle(group)
        result.append((theme, groups))
    return result


def _plan_video(
    theme: Theme, part: int, group: Sequence[_Candidate], place: int, chooser: random.Random
) -> VideoPlan:
    times = pairwise(_borders(len(group), chooser))
    shots = [
        Shot(item.stamp, item.english, item.korean, start, end, zooms_in=number % 2 == 0)
        for number, (item, (start, end)) in enumerate(zip(group, times, strict=True))
    ]
    english = ", ".join(shot.english for shot in shots[:NAMES_IN_TITLE])
    korean = ", ".join(shot.korean for shot in shots[:NAMES_IN_TITLE])
    return VideoPlan(
        id=f"{theme.slug}-{part + 1}",
        title=f"{theme.english}: {english} | {theme.korean}: {korean}",
        channel=theme.channel,
        published=FIRST_DAY + timedelta(days=chooser.randrange(DAYS)),
        views=round(10 ** chooser.uniform(2, 6)),  # log-uniform, as views roughly are
        background=BACKGROUNDS[place % len(BACKGROUNDS)],
        shots=tuple(shots),
    )


def _borders(shots: int, chooser: random.Random) -> list[float]:
    """Return where shots begin and where the last one ends, in seconds.

    YouTube takes its stills at one, two and three quarters of a video. Each quarter falls into a
    shot of its own, after the first and not onto a border, so that the stills and the thumbnail,
    which shows the first shot, show as many stamps as possible.
    """
    while True:  # six draws on average for four shots, fewer for more
        borders = [0.0, *accumulate(chooser.choices(SHOT_SECONDS, k=shots))]
        quarters = [borders[-1] * quarter for quarter in (0.25, 0.5, 0.75)]
        shown = {bisect(borders, moment) for moment in quarters} - {1}
        distance = min(abs(border - moment) for border in borders for moment in quarters)
        if len(shown) == len(quarters) and distance >= CLEAR_SECONDS:
            return borders
