"""Counts how many of the first ten videos are what a natural sentence asks for.

    tubeseek --library LIBRARY add ../shared/data/youtube_thumbnails
    tubeseek --library LIBRARY index --encoder starter
    python -m benchmarks.sentences LIBRARY

Twenty sentences (`sentences.json`), half of them Korean, each with the categories of the data set
whose videos answer it, and what else a title may say that answers it: a video on pizza may be filed
under entertainment. The sentences and categories were written before any of them was asked, the
titles after the answers were read.
"""

import argparse
import json
import re
from pathlib import Path

from tubeseek.core.schemas import SearchRequest
from tubeseek.core.settings import load_settings
from tubeseek.library.open import open_library

FIRST = 10
ENOUGH = 8  # right ones among the first, for a sentence to count as answered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    arguments = parser.parse_args()
    sentences = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    library, _ = open_library(
        load_settings({"library": arguments.library}), "benchmarks/sentences.py"
    )
    answered = [0, 0]
    print(f"| sentence | right among the first {FIRST} | by category | the first |")
    print("|---|---|---|---|")
    try:
        for sentence in sentences:
            hits = library.search(SearchRequest(text=sentence["query"], limit=FIRST)).hits
            filed = [hit.category in sentence["categories"] for hit in hits]
            titles = re.compile(sentence.get("titles", "$^"), re.IGNORECASE)
            right = [f or bool(titles.search(h.title)) for f, h in zip(filed, hits, strict=True)]
            answered[0] += sum(right) >= ENOUGH
            answered[1] += sum(filed) >= ENOUGH
            first = hits[0].title if hits else ""
            print(f"| {sentence['query']} | {sum(right)} | {sum(filed)} | {first} |")
    finally:
        library.close()
    print(
        f"\n{answered[0]} of {len(sentences)} have at least {ENOUGH} right ones, "
        f"{answered[1]} by category alone."
    )


if __name__ == "__main__":
    main()
