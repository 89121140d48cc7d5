"""Chooses the queries that a report shows: the most gained and lost, or the best and worst."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tubeseek.core.schemas import VideoFacts
from tubeseek.evaluation.metrics import first_ranks
from tubeseek.evaluation.report.document import Example, ExampleVideo
from tubeseek.evaluation.run import Run

PictureOf = Callable[[str], bytes | None]  # a small JPEG of a video by its id


def examples(
    numbers: Sequence[int],
    runs: Sequence[Run],
    videos: Mapping[str, VideoFacts],
    picture: PictureOf,
) -> tuple[Example, ...]:
    """Return topics, each with its right video and what each system ranked first."""
    return tuple(_example(number, runs, videos, picture) for number in numbers)


def best_and_worst(run: Run, most: int) -> tuple[list[int], list[int]]:
    """Return the numbers of the topics whose right video ranks highest, and lowest."""
    order = np.argsort(first_ranks(run.placements), kind="stable").tolist()
    return order[:most], order[::-1][:most]


def gained_and_lost(runs: Sequence[Run], order: Sequence[int], most: int) -> tuple[list[int], ...]:
    """Return the topics that changed most for the better, and for the worse.

    Args:
        runs: Before and after.
        order: All topics, the one that gained most first.
        most: The most topics of each kind.
    """
    before, after = (first_ranks(run.placements) for run in runs)
    gained = [at for at in order if after[at] < before[at]]
    lost = [at for at in reversed(order) if after[at] > before[at]]
    return gained[:most], lost[:most]


def _example(
    number: int, runs: Sequence[Run], videos: Mapping[str, VideoFacts], picture: PictureOf
) -> Example:
    topic = runs[0].topics[number]
    right = next(iter(topic.gains))
    shown = [_shown("right answer", right, videos, picture)]
    for run in runs:
        first = run.firsts[number]
        label = f"first by {run.name}" + (", which is right" if first in topic.gains else "")
        shown.append(_shown(label, first, videos, picture))
    ranks = [
        f"{run.name}: " + _rank(run.placements[number].first, run.depth) for run in runs
    ]  # "starter: rank 12"
    return Example(topic.query, ", ".join(ranks), tuple(shown))


def _rank(rank: float, depth: int) -> str:
    return f"rank {rank:g}" if math.isfinite(rank) else f"not among the first {depth}"


def _shown(
    label: str, video_id: str, videos: Mapping[str, VideoFacts], picture: PictureOf
) -> ExampleVideo:
    if not video_id:
        return ExampleVideo(label, "nothing was found", None)
    return ExampleVideo(label, videos[video_id].title, picture(video_id))
