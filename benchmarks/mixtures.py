"""Measures what adding, subtracting and excluding words changes in the photos that are found.

    python benchmarks/mixtures.py --data ../shared/data

300 photos with five captions each (Flickr8k) become a library of pictures without words (their
titles are their ids). The product's search, which reads the operators, searches them. A
photo counts as showing a thing when one of its captions names it.

The pairs are chosen by a rule, from the list of things below: a and b make a pair when at least
`LEAST_NAMED` photos name a, and at least `LEAST_BOTH` name both, so that there is something to
lose and something to push away. (a, b) and (b, a) are two pairs.
"""

import argparse
import csv
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import TypeAlias

import numpy as np

from tubeseek.core.schemas import AddRequest, IndexRequest, Scope, SearchRequest
from tubeseek.core.settings import load_settings
from tubeseek.library.library import Library
from tubeseek.library.open import open_library

DEPTH = 10  # photos that are looked at, of each query
LEAST_NAMED = 10  # photos that name the first thing of a pair
LEAST_BOTH = 4  # photos that name both
# Things, not people or what they do, which the starter does not know. Each with the words that name
# it; all that the captions name often were taken.
THINGS: dict[str, str] = {
    "dog": "dogs? pupp(y|ies)",
    "ball": "balls? football basketball baseball",
    "toy": "toys?",
    "hat": "hats? caps?",
    "bike": "bikes? bicycles? motorcycles? motorbikes?",
    "car": "cars? trucks? vehicles?",
    "rock": "rocks? rocky boulders?",
    "mountain": "mountains? mountainside",
    "hill": "hills? hillside",
    "snow": "snow snowy",
    "grass": "grass grassy lawn",
    "field": "fields?",
    "tree": "trees?",
    "water": "water",
    "beach": "beach beaches",
    "lake": "lakes?",
    "ocean": "ocean sea",
    "pool": "pools?",
    "road": "roads?",
    "street": "streets? sidewalk",
    "building": "buildings?",
    "wall": "walls?",
}
QUERIES = ("{a}", "{a} -{b}", "{a} - {b}", "{a} + {b}", "{a} and {b}")
Named: TypeAlias = Mapping[str, frozenset[str]]  # of each thing, the ids of the photos that name it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--encoder", default="starter")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    photos = options.data / "photos_captions"
    with (photos / "metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named = {thing: named_by(rows, words.split()) for thing, words in THINGS.items()}
    pairs = choose_pairs(named)
    print(f"{len(rows)} photos, {len(pairs)} pairs: {', '.join(f'{a}/{b}' for a, b in pairs)}\n")
    with tempfile.TemporaryDirectory() as work:
        library = make_library(Path(work), photos, rows, options.encoder)
        try:
            table(library, named, pairs, len(rows))
        finally:
            library.close()


def named_by(rows: Iterable[Mapping[str, str]], words: Sequence[str]) -> frozenset[str]:
    """Return the ids of photos with a caption that holds one of `words` (regular expressions)."""
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
    return frozenset(
        row["id"]
        for row in rows
        if any(pattern.search(row[f"caption_{number}"]) for number in range(1, 6))
    )


def choose_pairs(named: Named) -> list[tuple[str, str]]:
    """Return the pairs, in the order of the list."""
    return [
        (a, b)
        for a, b in permutations(named, 2)
        if len(named[a]) >= LEAST_NAMED and len(named[a] & named[b]) >= LEAST_BOTH
    ]


def make_library(
    work: Path, photos: Path, rows: Sequence[Mapping[str, str]], encoder: str
) -> Library:
    """Make a library of the photos that knows nothing of their captions."""
    dataset = work / "dataset"
    dataset.mkdir()
    with (dataset / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Id", "Title", "File"])
        table.writerows([row["id"], row["id"], f"images/{row['id']}.jpg"] for row in rows)
    (dataset / "images").mkdir()
    for row in rows:
        (dataset / "images" / f"{row['id']}.jpg").write_bytes((photos / row["file"]).read_bytes())
    library, _ = open_library(
        load_settings({"library": work / "library", "threads": 1}), "benchmarks/mixtures.py"
    )
    list(library.run(AddRequest(locators=(str(dataset.resolve()),))))
    list(library.run(IndexRequest(encoder=encoder)))
    indexed = sum(index.videos for index in library.status().indexes)
    if indexed != len(rows):
        raise SystemExit(f"{indexed} of {len(rows)} photos were indexed; look at the data")
    return library


def table(library: Library, named: Named, pairs: Sequence[tuple[str, str]], photos: int) -> None:
    """Print the shares of each query's ten best that name a, b and both; means over the pairs."""
    print(f"| query, {DEPTH} best | captions name a | captions name b | name both |")
    print("|---|---|---|---|")
    chance = [
        (len(named[a]) / photos, len(named[b]) / photos, len(named[a] & named[b]) / photos)
        for a, b in pairs
    ]
    _row("all photos", chance)
    for query in QUERIES:
        shares = []
        for a, b in pairs:
            text = query.format(a=a, b=b)
            request = SearchRequest(text=text, using=Scope.PICTURES, limit=DEPTH, fold=False)
            ids = [hit.video_id for hit in library.search(request).hits]
            if len(ids) != DEPTH:
                raise SystemExit(f"{text!r} found {len(ids)} photos, not {DEPTH}")
            sets = (named[a], named[b], named[a] & named[b])
            shares.append(
                tuple(sum(video_id in showing for video_id in ids) / DEPTH for showing in sets)
            )
        _row(f"`{query.format(a='a', b='b')}`", shares)


def _row(name: str, shares: Sequence[Sequence[float]]) -> None:
    cells = np.array(shares).mean(axis=0)  # (3,)
    print(f"| {name} | " + " | ".join(f"{cell:.0%}" for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
