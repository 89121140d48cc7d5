"""`tubeseek eval --report`: what the report needs of a library that is open in this process."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from tubeseek.cli import render
from tubeseek.core.errors import ConfigError
from tubeseek.core.schemas import Operations, VideoFacts

if TYPE_CHECKING:
    from tubeseek.evaluation import Comparison, Run

PICTURE_SIZE = (416, 416)  # at most, in pixels; twice what is shown
JPEG_QUALITY = 80


def require_reporting(library: Operations) -> None:
    """Before anything is asked, which may take minutes.

    Raises:
        ConfigError: What draws is not installed, or the library is open in a server.
    """
    from importlib.util import find_spec

    from tubeseek.library.library import Library

    if not (find_spec("matplotlib") and find_spec("sklearn")):
        raise ConfigError(
            'a report needs matplotlib and scikit-learn: pip install "tubeseek[report]"'
        )
    if not isinstance(library, Library):
        raise ConfigError(
            "a report reads the vectors of the library, which a server has open now; stop "
            "`tubeseek serve` or the app and run this again, or leave --report out"
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
    asked: str,
    seed: int,
) -> None:
    """Writes the report and says where.

    Args:
        library: Open in this process.
        folder: Where to write.
        runs: What was asked.
        comparison: Of two of them.
        encoders: Whose vectors are drawn; an empty name means the one that is asked.
        videos: Of the library.
        titles: Whether titles were asked for; else the queries stand for what is said of a video.
        training: The folder of the adapter whose curves are shown; what it learned from is not.
        asked: How the queries came about, in a sentence.
        seed: Of intervals and maps.
    """
    from tubeseek.evaluation.geometry import pairs_of, texts_of_titles, texts_of_topics
    from tubeseek.evaluation.measure import short_names
    from tubeseek.evaluation.report.build import Material, build
    from tubeseek.evaluation.report.render import write_report
    from tubeseek.evaluation.report.training import read_learned, read_training
    from tubeseek.library.library import Library

    if not isinstance(library, Library):
        raise TypeError("require_reporting comes first")
    indexes = [library.index(name) for name in encoders]
    learned = read_learned(training) if training is not None else frozenset()
    known = {video.id: video for video in videos}
    said = texts_of_titles(videos) if titles else texts_of_topics(runs[0].topics, known)
    pairs = pairs_of(indexes, [one for one in said if one[0].id not in learned], seed)

    def picture(video_id: str) -> bytes | None:
        media = library.media(video_id)
        return small_picture(media.thumbnail) if media is not None else None

    material = Material(
        runs=runs,
        comparison=comparison,
        pairs=[
            (name or index.spec.name, one)
            for name, index, one in zip(short_names(encoders), indexes, pairs, strict=True)
        ],
        paired="its title" if titles else "the queries that it answers",
        videos=known,
        picture=picture,
        training=read_training(training) if training is not None else None,
        asked=asked,
        seed=seed,
    )
    render.note(f"report: {write_report(build(material), folder)}")


def small_picture(path: Path) -> bytes | None:
    """A small JPEG of a picture; None where it cannot be read any more."""
    from PIL import Image

    try:
        with Image.open(path) as opened:
            small = opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None  # a report does without it
    small.thumbnail(PICTURE_SIZE)
    file = BytesIO()
    small.save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()
