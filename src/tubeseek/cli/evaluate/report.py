"""Writes the report of `tubeseek eval --report` from a library that is open in this process."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from tubeseek.cli import render
from tubeseek.core.errors import ConfigError
from tubeseek.core.installation import install_command
from tubeseek.core.schemas import Operations, VideoFacts

if TYPE_CHECKING:
    from tubeseek.evaluation import Comparison, Run

PICTURE_SIZE = (416, 416)  # at most, in pixels; twice the size shown
JPEG_QUALITY = 80


def require_reporting(library: Operations) -> None:
    """Raise an error now if a report cannot be written after minutes of searching.

    Raises:
        ConfigError: A package is missing, or the library is open in a server.
    """
    from importlib.util import find_spec

    from tubeseek.library.library import Library

    if not all(map(find_spec, ("jinja2", "matplotlib", "sklearn"))):
        raise ConfigError(
            f"a report needs Jinja, matplotlib and scikit-learn: {install_command('report')}"
        )
    if not isinstance(library, Library):
        raise ConfigError(
            "a report reads the vectors of the library, which a server has open; stop "
            "`tubeseek serve` or the app, or leave --report out"
        )


def write(
    library: Operations,
    folder: Path,
    runs: "Sequence[Run]",
    comparison: "Comparison | None",
    encoders: Sequence[str],
    videos: Sequence[VideoFacts],
    *,
    titles: bool,
    training: Path | None,
    queries: str,
    seed: int,
) -> None:
    """Write a report and print its path.

    Args:
        library: A library that is open in this process.
        folder: Where to write.
        runs: The measured systems.
        comparison: The comparison of two of them, or None.
        encoders: The encoders whose vectors are drawn; "" is the default one.
        videos: All videos of the library.
        titles: Whether to pair videos with their titles; if not, with the queries they answer.
        training: The folder of an adapter whose curves are shown, and whose training videos are
            left out; or None.
        queries: Where the queries come from, in a sentence.
        seed: The seed of intervals and maps.
    """
    from tubeseek.evaluation.geometry import pairs_of, texts_of_titles, texts_of_topics
    from tubeseek.evaluation.measure import short_names
    from tubeseek.evaluation.report.build import Material, build
    from tubeseek.evaluation.report.render import write_report
    from tubeseek.evaluation.report.training import read_learned, read_training
    from tubeseek.library.library import Library

    if not isinstance(library, Library):
        raise TypeError("call require_reporting first")
    indexes = [library.index(name) for name in encoders]
    learned = read_learned(training) if training is not None else frozenset()
    by_id = {video.id: video for video in videos}
    texts = texts_of_titles(videos) if titles else texts_of_topics(runs[0].topics, by_id)
    pairs = pairs_of(indexes, [text for text in texts if text[0].id not in learned], seed)

    def picture(video_id: str) -> bytes | None:
        media = library.media(video_id)
        return small_picture(media.thumbnail) if media is not None else None

    material = Material(
        runs=runs,
        comparison=comparison,
        pairs=[
            (name or index.spec.name, index_pairs)
            for name, index, index_pairs in zip(short_names(encoders), indexes, pairs, strict=True)
        ],
        paired="its title" if titles else "the queries that it answers",
        videos=by_id,
        picture=picture,
        training=read_training(training) if training is not None else None,
        queries=queries,
        seed=seed,
    )
    render.note(f"report: {write_report(build(material), folder)}")


def small_picture(path: Path) -> bytes | None:
    """Return a small JPEG of a picture, or None if it cannot be read any more."""
    from PIL import Image

    try:
        with Image.open(path) as opened:
            small = opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None  # the report shows no picture then
    small.thumbnail(PICTURE_SIZE)
    file = BytesIO()
    small.save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()
