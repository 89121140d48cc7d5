"""Builds a report from what was measured."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tubeseek.core.schemas import VideoFacts
from tubeseek.evaluation.geometry import Pairs, flat_map
from tubeseek.evaluation.report import document, examples, plots
from tubeseek.evaluation.report.document import Block, Document, Examples, Plot, Section
from tubeseek.evaluation.report.training import TrainingCurves
from tubeseek.evaluation.run import Comparison, Run

MOST_EXAMPLES = 6  # of the best, and as many of the worst


@dataclass(frozen=True, slots=True)
class Material:
    """The measurements that a report shows.

    Attributes:
        runs: The systems; if there is a comparison, the present one and its replacement.
        comparison: The comparison of the two.
        pairs: The pairs of each encoder by name, with the same texts in the same order; without
            those that `training` learned from.
        paired: What each video is paired with, such as "its title".
        videos: The videos of the library, by id.
        picture: Returns a small JPEG of a video by its id; None if there is none.
        training: The curves of the run that made the second system.
        queries: Where the queries come from, in a sentence.
        seed: The seed of intervals and maps.
    """

    runs: Sequence[Run]
    comparison: Comparison | None
    pairs: Sequence[tuple[str, Pairs]]
    paired: str
    videos: Mapping[str, VideoFacts]
    picture: Callable[[str], bytes | None]
    training: TrainingCurves | None
    queries: str
    seed: int = 0


def build(material: Material) -> Document:
    """Build the whole report."""
    names = ", ".join(name for name, _ in material.pairs)
    sections = [
        Section("Figures", tuple(_figures(material))),
        *([Section("Training", tuple(_training(material.training)))] if material.training else []),
        Section("Texts and pictures in the encoder's space", tuple(_space(material))),
        *_examples(material),
    ]
    return Document(f"Search quality: {names}", material.queries, tuple(sections))


def _figures(material: Material) -> Iterator[Block]:
    runs, seed = material.runs, material.seed
    yield document.figures(runs, seed)
    yield (
        "In brackets are 95 % bootstrap intervals over the queries. recall@k is the share of "
        f"queries whose right video is among the first k of {runs[0].depth} that were asked for."
    )
    if material.comparison is not None:
        a, b = (run.name for run in runs)
        yield f"What {b} has over {a}, query by query (p: paired randomisation test, two-sided):"
        yield document.gains(material.comparison)
    yield Plot("recall", plots.recall_curves(runs), "recall@k over k: higher is better.")
    if "category" in runs[0].dimensions() and len(runs[0].scores_by("category")) > 1:
        caption = "recall@10 of the queries of each category; in brackets how many there are."
        yield Plot("categories", plots.group_bars(runs, "category", seed), caption)


def _training(training: TrainingCurves) -> Iterator[Block]:
    yield Plot(
        "training",
        plots.training_curves(training),
        "Loss and what it is made of, and recall on the validation set, over the steps of the run.",
    )


def _space(material: Material) -> Iterator[Block]:
    named = material.pairs
    first = named[0][1].videos()
    groups = [named[0][1].groups[at] for at in first]
    unseen = " that the training run did not learn from" if material.training else ""
    yield (
        f"{len(groups):,} videos{unseen}, each with {material.paired} and the mean direction "
        "of its pictures."
    )
    yield Plot(
        "cosines",
        plots.cosine_histograms(named),
        "How near texts lie to their own pictures and to those of other videos: the further apart "
        "the two hills, the better. Lines mark the means. Cosines of different encoders cannot be "
        "compared, how far the hills are apart can.",
    )
    yield document.geometry(named)
    yield Plot(
        "alignment-uniformity",
        plots.alignment_uniformity(named),
        "Alignment, the mean squared distance of pairs, against uniformity, how evenly pictures "
        "cover the sphere (Wang and Isola 2020). Down and to the left is better.",
    )
    if any(groups):
        flat = [(name, flat_map(pairs.pictures[first], material.seed)) for name, pairs in named]
        yield Plot(
            "map",
            plots.library_maps(flat, groups),
            "The library laid out flat by t-SNE, coloured by category. Which videos are neighbours "
            "means something; the size and distance of islands does not.",
        )
        if plots.cjk_font() is None and not "".join(groups).isascii():
            yield "This machine has no font for some of these names; fonts-noto-cjk has them."
    yield (
        f"The other direction, each video's pictures asked of all these {len(named[0][1].ids):,} "
        "texts, exact:"
    )
    yield document.pictures_to_texts(named, material.seed)


def _examples(material: Material) -> Iterator[Section]:
    runs = material.runs
    if material.comparison is not None:
        chosen = examples.gained_and_lost(runs, material.comparison.by_change(), MOST_EXAMPLES)
        headings = ("Queries that gained most", "Queries that lost most")
    else:
        chosen = examples.best_and_worst(runs[0], MOST_EXAMPLES)
        headings = ("Queries that went best", "Queries that went worst")
    for heading, numbers in zip(headings, chosen, strict=True):
        shown = examples.examples(numbers, runs, material.videos, material.picture)
        yield Section(heading, (Examples(shown),) if shown else ("There is none.",))
