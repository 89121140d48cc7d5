"""Measures what happens to pairs before training: titles, near duplicates, the split.

    python benchmarks/pairs.py --data ../shared/data

Prints the figures of docs/training-data.md and of the comment over `SAME_LOOK_BITS`: from how many
titles `clean_title` takes the name of their channel, which of 1,426 pictures look the same, how
many keep their look when they are saved or cut otherwise, and how large the parts of a split are.
"""

import argparse
import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from tubeseek.media.pictures import picture_from_bytes, read_picture
from tubeseek.training.data.near_duplicates import SAME_LOOK_BITS, look_of_picture, same_looks
from tubeseek.training.data.pairs import Pair, read_pairs
from tubeseek.training.data.split import PARTS, split_pairs
from tubeseek.training.data.titles import clean_title

SEEDS = 10
LOOK_PIXELS = 128  # of the longer side, as training reads pictures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    thumbnails = data / "youtube_thumbnails"
    titles(
        "thumbnails", [(row["Title"], row["Channel"]) for row in _rows(thumbnails / "metadata.csv")]
    )
    korean = _rows(data / "youtube_metadata_ko" / "mukbang_vlog_test.csv")
    titles("found by a search for 먹방", [(row["title"], row["channel_title"]) for row in korean])
    pairs = read_pairs(thumbnails).pairs
    split_sizes(pairs)
    pictures = [*pairs, *read_pairs(data / "photos_captions").pairs]
    near_duplicates(pictures)
    kept_looks(pictures)


def titles(name: str, rows: Sequence[tuple[str, str]]) -> None:
    """Print from how many titles the name of the channel is taken."""
    shorter = [clean_title(title, channel) != clean_title(title) for title, channel in rows]
    print(f"{name}: the channel's name goes from {sum(shorter):,} of {len(rows):,} titles")


def split_sizes(pairs: Sequence[Pair]) -> None:
    """Print the shares of the parts, over some seeds."""
    shares = []  # (seeds, 3)
    for seed in range(SEEDS):
        split = split_pairs(pairs, seed=seed)
        shares.append([len(p) / len(pairs) for p in (split.train, split.validation, split.test)])
    channels = len({pair.group for pair in pairs})
    print(f"\n{len(pairs):,} pairs of {channels} channels, divided with {SEEDS} seeds:")
    for part, sizes in zip(PARTS, np.transpose(shares), strict=True):
        print(f"- {part}: {sizes.min():.0%} to {sizes.max():.0%}")


def near_duplicates(pairs: Sequence[Pair]) -> None:
    """Print which pictures look the same."""
    same = list(same_looks([pair.look for pair in pairs]))
    print(f"\nof {len(pairs):,} pictures {len(same)} pairs look the same:")
    for i, j in same:
        print(f"- {_label(pairs[i])} = {_label(pairs[j])}")


def _label(pair: Pair) -> str:
    return f"{pair.id} ({pair.texts[0][:40]})"


def kept_looks(pairs: Sequence[Pair]) -> None:
    """Print the share of pictures whose look stays within `SAME_LOOK_BITS` after each change."""
    pairs = [pair for pair in pairs if pair.look is not None]
    print(f"\n| change, {len(pairs):,} pictures with a look | keep it | median of bits changed |")
    print("|---|---|---|")
    changed: dict[str, list[float]] = {name: [] for name in CHANGES}
    for pair in pairs:
        image = Image.fromarray(read_picture(pair.picture))
        for name, (change, quality) in CHANGES.items():
            after = _look(change(image), quality)
            bits = np.inf if after is None else ((pair.look or 0) ^ after).bit_count()
            changed[name].append(bits)
    for name, bits_changed in changed.items():
        kept = np.mean(np.array(bits_changed) <= SAME_LOOK_BITS)
        print(f"| {name} | {kept:.0%} | {np.median(bits_changed):.0f} |")


def _look(image: Image.Image, quality: int) -> int | None:
    """Return the look of a picture that is saved as JPEG, and read as training reads it."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return look_of_picture(picture_from_bytes(file.getvalue(), "changed", LOOK_PIXELS))


def _barred(image: Image.Image) -> Image.Image:
    side = max(image.size)
    return ImageOps.pad(image, (side, side), color="black")


def _cut(share: float) -> Callable[[Image.Image], Image.Image]:
    def cut(image: Image.Image) -> Image.Image:
        x, y = round(share * image.width), round(share * image.height)
        return image.crop((x, y, image.width - x, image.height - y))

    return cut


# What is done to a picture, and the quality of the JPEG that it is saved as afterwards.
CHANGES: dict[str, tuple[Callable[[Image.Image], Image.Image], int]] = {
    "saved as JPEG of quality 40": (lambda image: image, 40),
    "shrunk to a quarter": (lambda image: image.reduce(4), 75),
    "brightened by a quarter": (lambda image: ImageEnhance.Brightness(image).enhance(1.25), 75),
    "black bars that make it a square": (_barred, 75),
    "2 % cut off at each edge": (_cut(0.02), 75),
    "5 % cut off at each edge": (_cut(0.05), 75),
}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
