"""Draws the plots of a report. Each function takes figures and returns a picture as PNG."""

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from itertools import pairwise

import numpy as np
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tubeseek.evaluation.geometry import Pairs, alignment, other_cosines, pair_cosines, uniformity
from tubeseek.evaluation.report.training import TrainingCurves
from tubeseek.evaluation.run import Run, recall_curve
from tubeseek.evaluation.statistics import FloatArray

# Okabe and Ito, "Color Universal Design", 2008: colour-blind readers can distinguish them.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#999933")
GREY = "#B0B0B0"
DOTS_PER_INCH = 160
MOST_GROUPS = len(COLOURS)
OTHERS = "others"
LONGEST_NAME = 24  # characters of a category
LABELS = {
    "loss": "loss",
    "alignment": "alignment term of the loss",
    "uniformity": "uniformity term of the loss",
    "within_texts": "within-texts term of the loss",
    "within_pictures": "within-pictures term of the loss",
    "validation_recall": "validation recall@10",
}
# Fonts with Hangul and Han, as systems call them. matplotlib reads the first face of a collection.
CJK_FONTS = (
    "Noto Sans CJK KR",
    "Noto Sans CJK JP",
    "Noto Sans KR",
    "NanumGothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "Source Han Sans KR",
    "Droid Sans Fallback",
)


def recall_curves(runs: Sequence[Run]) -> bytes:
    """Draw recall@k over k."""
    with _style():
        figure = Figure(figsize=(7, 4.2))
        axes = figure.subplots()
        for run, colour in zip(runs, COLOURS, strict=False):
            curve = recall_curve(run)
            axes.plot(np.arange(1, len(curve) + 1), curve, color=colour, label=run.name, lw=2)
        axes.set_xscale("log")
        axes.set_xticks(_marks(runs[0].depth), [str(k) for k in _marks(runs[0].depth)])
        axes.minorticks_off()
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("k, how many videos are looked at")
        axes.set_ylabel("recall@k")
        axes.legend(loc="upper left")
        return _png(figure)


def training_curves(training: TrainingCurves) -> bytes:
    """Draw the loss, the terms that a run had, and validation recall, over its steps."""
    with _style():
        names = list(training.curves)
        rows = (len(names) + 1) // 2
        figure = Figure(figsize=(9, 2.9 * rows))
        table = figure.subplots(rows, 2, squeeze=False).ravel()
        for axes, name in zip(table, names, strict=False):
            steps, values = training.curves[name]
            marker = "o" if len(steps) < 30 else ""
            axes.plot(steps, values, color=COLOURS[0], marker=marker, ms=3.5, lw=1.6)
            axes.set_title(LABELS[name])
            axes.set_xlabel("step")
        for axes in table[len(names) :]:
            axes.set_axis_off()
        return _png(figure)


def alignment_uniformity(named: Sequence[tuple[str, Pairs]]) -> bytes:
    """Draw each system as a point: the distance of pairs against the spread of pictures."""
    with _style():
        figure = Figure(figsize=(6, 4.6))
        axes = figure.subplots()
        points = [(uniformity(p.pictures[p.videos()]), alignment(p)) for _, p in named]
        for (name, _), point, colour in zip(named, points, COLOURS, strict=False):
            axes.scatter(*point, s=90, color=colour, zorder=3, label=name)
        for start, end in pairwise(points):
            arrow = {"arrowstyle": "->", "color": GREY, "shrinkA": 8, "shrinkB": 8, "lw": 1.5}
            axes.annotate("", end, start, arrowprops=arrow)
        _roomy(axes, points)
        axes.set_xlabel("uniformity of pictures (left is more even)")
        axes.set_ylabel("alignment of pairs (lower is closer)")
        axes.legend(loc="best")
        return _png(figure)


def cosine_histograms(named: Sequence[tuple[str, Pairs]]) -> bytes:
    """Draw the cosines of texts with their own pictures, and with those of other videos."""
    with _style():
        figure = Figure(figsize=(4.6 * len(named) + 0.6, 3.8))
        row = figure.subplots(1, len(named), squeeze=False)[0]
        for axes, (name, pairs) in zip(row, named, strict=True):
            own, other = pair_cosines(pairs), other_cosines(pairs)
            bins = np.histogram_bin_edges(np.concatenate([own, other]), bins=40).tolist()
            style = {"density": True, "bins": bins, "alpha": 0.65}
            axes.hist(other, color=GREY, label="another's picture", **style)
            axes.hist(own, color=COLOURS[0], label="its own picture", **style)
            axes.axvline(float(other.mean()), ymax=0.78, color="#707070", ls=":", lw=1.5)
            axes.axvline(float(own.mean()), ymax=0.78, color=COLOURS[0], ls="--", lw=1.5)
            axes.set_title(f"{name}: means {own.mean():.3f} and {other.mean():.3f}")
            axes.set_xlabel("cosine with the text")
            axes.margins(y=0.3)  # for the legend
            axes.set_yticks([])
            axes.legend(loc="upper right", fontsize=9)
        row[0].set_ylabel("density")
        return _png(figure)


def library_maps(named: Sequence[tuple[str, FloatArray]], groups: Sequence[str]) -> bytes:
    """Draw a map of the videos for each system, coloured by category."""
    with _style():
        figure = Figure(figsize=(max(6.4, 4.8 * len(named)), 5.0))
        row = figure.subplots(1, len(named), squeeze=False)[0]
        shown = [*largest(groups), OTHERS]
        coloured = dict(zip(shown, [*COLOURS[: len(shown) - 1], GREY], strict=True))
        mapped = np.array([group if group in coloured else OTHERS for group in groups])
        for axes, (name, points) in zip(row, named, strict=True):
            for group, colour in coloured.items():
                inside = mapped == group
                if inside.any():
                    label = _short(group)
                    axes.scatter(*points[inside].T, s=11, color=colour, label=label, linewidths=0)
            axes.set_title(name)
            axes.set_xticks([])
            axes.set_yticks([])
            axes.set_aspect("equal", adjustable="datalim")
            axes.spines[:].set_visible(False)
        handles, labels = row[0].get_legend_handles_labels()
        columns = min(len(labels), 5 if len(named) > 1 else 4)
        figure.legend(handles, labels, loc="lower center", ncols=columns, markerscale=2.2)
        figure.subplots_adjust(left=0.02, right=0.98, top=0.93, bottom=0.17, wspace=0.05)
        return _png(figure, tight=False)


def group_bars(runs: Sequence[Run], dimension: str, seed: int = 0) -> bytes:
    """Draw recall@10 of each group with its 95 % interval."""
    with _style():
        scores = [run.scores_by(dimension, seed) for run in runs]
        names = list(scores[0])[: MOST_GROUPS * 2]
        figure = Figure(figsize=(7.5, 1.4 + 0.42 * len(names) * (0.6 + 0.4 * len(runs))))
        axes = figure.subplots()
        height = 0.8 / len(runs)
        for at, (run, group_scores) in enumerate(zip(runs, scores, strict=True)):
            recall = [group_scores[name].recall[10] for name in names]
            values = np.array([bar.value for bar in recall])
            spread = [values - [bar.low for bar in recall], [bar.high for bar in recall] - values]
            places = np.arange(len(names)) + (at - (len(runs) - 1) / 2) * height
            axes.barh(
                places,
                values,
                height * 0.9,
                xerr=spread,
                ecolor="#404040",
                capsize=2,
                color=COLOURS[at],
                label=run.name,
            )
        labels = [f"{_short(name)} ({scores[0][name].queries})" for name in names]
        axes.set_yticks(range(len(names)), labels)
        axes.invert_yaxis()
        axes.set_xlim(0, 1.02)
        axes.set_xlabel("recall@10 with its 95 % interval")
        axes.grid(visible=False, axis="y")
        if len(runs) > 1:
            figure.legend(loc="upper right", ncols=len(runs), bbox_to_anchor=(1.0, 1.0))
        return _png(figure)


def largest(groups: Sequence[str]) -> list[str]:
    """Return the groups that get a colour of their own, the largest first."""
    named = [group for group in groups if group]
    counted = sorted(set(named), key=lambda group: (-named.count(group), group))
    return counted[:MOST_GROUPS]


@cache
def cjk_font() -> str | None:
    """Return a font of this machine that has Hangul; None if there is none."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CJK_FONTS if name in installed), None)


def _style() -> AbstractContextManager[None]:
    fonts = ["DejaVu Sans", *([cjk_font()] if cjk_font() else [])]
    return rc_context(
        {
            "font.family": fonts,
            "font.size": 10,
            "axes.titlesize": 11,
            "axes.grid": True,
            "grid.color": "#E4E4E4",
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "legend.frameon": False,
        }
    )


def _png(figure: Figure, *, tight: bool = True) -> bytes:
    FigureCanvasAgg(figure)
    if tight:
        figure.tight_layout()
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DOTS_PER_INCH)
    return file.getvalue()


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _marks(depth: int) -> list[int]:
    return [k for k in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if k <= depth]


def _roomy(axes: Axes, points: Sequence[tuple[float, float]]) -> None:
    """Leave room around few points, so that a small difference does not look like a large one."""
    x, y = zip(*points, strict=True)
    left, right = _widened(x)
    axes.set_xlim(left, min(right, 0.1))  # uniformity is never above 0
    axes.set_ylim(*_widened(y))


def _widened(values: Sequence[float]) -> tuple[float, float]:
    middle, half = (min(values) + max(values)) / 2, max(0.15, max(values) - min(values))
    return middle - half, middle + half
