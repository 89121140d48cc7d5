"""Counts how many of the first ten videos are what a natural sentence asks for.

    tubeseek --library LIBRARY add ../shared/data/youtube_thumbnails
    tubeseek --library LIBRARY index --encoder starter
    python -m benchmarks.sentences LIBRARY

Twenty sentences (`sentences.json`), half of them Korean, each with the categories of the data set
whose videos answer it. They were written before any of them was asked.
"""

import argparse
import json
from pathlib import Path

from tubeseek.core.schemas import SearchRequest
from tubeseek.core.settings import Settings
from tubeseek.library.open import open_library

FIRST = 10
ENOUGH = 8  # right ones among the first, for a sentence to count as answered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    arguments = parser.parse_args()
    sentences = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    library, _ = open_library(Settings(library=arguments.library), "benchmarks/sentences.py")
    answered = 0
    print(f"| sentence | right among the first {FIRST} | the first |\n|---|---|---|")
    try:
        for sentence in sentences:
            hits = library.search(SearchRequest(text=sentence["query"], limit=FIRST)).hits
            right = sum(hit.category in sentence["categories"] for hit in hits)
            answered += right >= ENOUGH
            first = hits[0].title if hits else ""
            print(f"| {sentence['query']} | {right} | {first} |")
    finally:
        library.close()
    print(f"\n{answered} of {len(sentences)} have at least {ENOUGH} right ones.")


if __name__ == "__main__":
    main()
