"""Measures how often BM25 finds a Korean title, for each way of cutting text into terms.

    pip install kiwipiepy openpyxl
    python benchmarks/korean_words.py --data ../shared/data

The 50 queries of `korean_words.json` were written before anything was measured: words of real
titles as stems, or with other particles and endings. A second set is made by a program: three nouns
of a title, as the analyser Kiwi sees them, each with a particle drawn at random.
"""

import argparse
import csv
import html
import json
import random
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import qdrant_edge as qe
from kiwipiepy import Kiwi  # type: ignore[import-untyped]

from tubeseek.core import bm25

Cut = Callable[[str], list[str]]

CUTOFF = 10
MADE_QUERIES = 400
SEED = 5
HANGUL = re.compile("[가-힣]+")
WORD = re.compile(r"[가-힣]+|[^\W_가-힣]+")
# Most frequent particles and endings, longest first.
TAILS = tuple(
    "에서는 입니다 에서 에게 부터 까지 처럼 보다 이랑 하고 이나 한테 께서 에는 에도 이다 하다 하는 "  # noqa: SIM905
    "하기 했다 되는 되다 이 가 은 는 을 를 의 에 와 과 도 만 로 랑 나 한 해 된 다 기".split()
)
CONTENT_TAGS = ("NN", "NR", "NP", "VV", "VA", "XR", "SL", "SN", "SH", "MAG", "MM")


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one way of cutting on one set of queries."""

    ranks: list[int | None]  # of the title meant; None where it was not found
    cut_ms: float  # per 1,000 titles
    query_ms: float
    postings: int

    def recall(self, at: int) -> float:
        return sum(rank is not None and rank <= at for rank in self.ranks) / len(self.ranks)


def read_titles(folder: Path) -> dict[str, str]:
    """Return titles by id, from the tables and the recorded search answers."""
    titles: dict[str, str] = {}
    for name in ("mukbang_vlog_test.csv", "sample_vid.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            titles |= {row["video_id"]: row["title"] for row in csv.DictReader(file)}
    script = (folder / "searchListResponse_bigsaigon.js").read_text(encoding="utf-8")
    entry = re.compile(r'videoId: "(.*?)".*?title:\s*(["\'])(.*?)\2,\n', re.DOTALL)
    titles |= {match[1]: html.unescape(match[3]) for match in entry.finditer(script)}
    for path in sorted(folder.glob("*.xlsx")):
        titles |= dict(_read_sheet(path))
    return titles


def _read_sheet(path: Path) -> Iterator[tuple[str, str]]:
    book = openpyxl.load_workbook(path, read_only=True)
    head, *rows = list(book.worksheets[0].iter_rows(values_only=True))
    key = head.index("VideoID") if "VideoID" in head else head.index("썸네일ID")
    title = head.index("Title") if "Title" in head else head.index("영상제목")
    for row in rows:
        if row[key] and row[title]:
            yield str(row[key]), html.unescape(str(row[title]))
    book.close()


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def whole_words(text: str) -> list[str]:
    return WORD.findall(folded(text))


def stripped(text: str) -> list[str]:
    """Return the words without their last particle or ending, as long as two syllables stay."""
    stems = []
    for word in whole_words(text):
        tails = (t for t in TAILS if word.endswith(t) and len(word) - len(t) >= 2)
        tail = next(tails, "") if HANGUL.fullmatch(word) else ""
        stems.append(word.removesuffix(tail))
    return stems


def pairs(text: str) -> list[str]:
    """Return pairs of syllables, without first syllables alone; other words whole."""
    terms: list[str] = []
    for word in whole_words(text):
        if len(word) > 1 and HANGUL.fullmatch(word):
            terms += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            terms.append(word)
    return terms


def qdrant(tokenizer: qe.TokenizerType) -> tuple[Cut, Cut]:
    """Return the default tokenizer of Qdrant, for titles and for queries.

    Its terms come out as numbers, each once for a text.
    """
    model = qe.Bm25(qe.Bm25Config(tokenizer=tokenizer))
    return (
        lambda text: [str(index) for index in model.embed_document(folded(text)).indices],
        lambda text: [str(index) for index in model.embed_query(folded(text)).indices],
    )


def analysed(kiwi: Kiwi) -> Cut:
    """Return a function that gives the dictionary forms of nouns, verbs and adjectives."""

    def cut(text: str) -> list[str]:
        tokens = kiwi.tokenize(folded(text))
        return [token.form for token in tokens if token.tag.startswith(CONTENT_TAGS)]

    return cut


def made_queries(kiwi: Kiwi, titles: dict[str, str]) -> list[tuple[str, str]]:
    """Return (query, id) pairs: three nouns of a title, each with a particle or without."""
    draw = random.Random(SEED)  # noqa: S311 - no secret
    made: list[tuple[str, str]] = []
    for key in draw.sample(sorted(titles), len(titles)):
        tokens = kiwi.tokenize(titles[key])
        nouns = {t.form: None for t in tokens if t.tag in ("NNG", "NNP")}
        korean = [noun for noun in nouns if HANGUL.fullmatch(noun)]
        if len(korean) >= 3:
            chosen = draw.sample(korean, 3)
            made.append((" ".join(noun + _particle(noun, draw) for noun in chosen), key))
        if len(made) == MADE_QUERIES:
            break
    return made


def _particle(noun: str, draw: random.Random) -> str:
    """Draw a fitting particle: many depend on whether the last syllable ends in a consonant."""
    closed = (ord(noun[-1]) - ord("가")) % 28 > 0
    fitting = ["이", "을", "은", "과"] if closed else ["가", "를", "는", "와"]
    return draw.choice(["", "", "에서", "의", "도", *fitting])


def measure(
    cut: Cut, cut_query: Cut, titles: dict[str, str], queries: list[tuple[str, str]]
) -> Result:
    """Rank by BM25 with the average length of these titles, so that no way is favoured."""
    start = time.perf_counter()
    texts = {key: Counter(cut(title)) for key, title in titles.items()}
    cut_ms = (time.perf_counter() - start) * 1e6 / len(titles)
    average = sum(text.total() for text in texts.values()) / len(texts)
    postings: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for key, text in texts.items():
        norm = bm25.K1 * (1 - bm25.B + bm25.B * text.total() / average)
        for term, times in text.items():
            postings[term].append((key, times * (bm25.K1 + 1) / (times + norm)))
    ranks: list[int | None] = []
    start = time.perf_counter()
    for query, right in queries:
        scores: dict[str, float] = defaultdict(float)
        for term in set(cut_query(query)):
            matches = postings.get(term, [])
            idf = bm25.inverse_document_frequency(len(titles), len(matches))
            for key, weight in matches:
                scores[key] += idf * weight
        own = scores.get(right)
        ranks.append(None if own is None else 1 + sum(score > own for score in scores.values()))
    query_ms = (time.perf_counter() - start) * 1e3 / len(queries)
    return Result(ranks, cut_ms, query_ms, sum(map(len, postings.values())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the shared test data")
    titles = read_titles(parser.parse_args().data / "youtube_metadata_ko")
    written = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    queries = [(entry["query"], entry["id"]) for entry in written]
    start = time.perf_counter()
    kiwi = Kiwi(num_workers=1)
    kiwi.tokenize("가")
    print(f"{len(titles)} titles; Kiwi loads in {time.perf_counter() - start:.1f} s")
    made = made_queries(kiwi, titles)
    with_kiwi = analysed(kiwi)

    def with_both(text: str) -> list[str]:
        return bm25.terms(text) + with_kiwi(text)

    ways: dict[str, tuple[Cut, Cut]] = {
        "whole words": (whole_words, whole_words),
        "Qdrant word": qdrant(qe.TokenizerType.Word),
        "Qdrant multilingual": qdrant(qe.TokenizerType.Multilingual),
        "Qdrant prefix": qdrant(qe.TokenizerType.Prefix),
        "particles stripped": (stripped, stripped),
        "Kiwi": (with_kiwi, with_kiwi),
        "pairs": (pairs, pairs),
        "pairs + first syllable": (bm25.terms, bm25.terms),
        "both of these and Kiwi": (with_both, with_both),
    }
    print(
        "| terms | recall@1 | recall@10 | made: recall@10 | ms per 1,000 | ms a query | postings |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, (cut, cut_query) in ways.items():
        by_hand = measure(cut, cut_query, titles, queries)
        generated = measure(cut, cut_query, titles, made)
        print(
            f"| {name} | {by_hand.recall(1):.2f} | {by_hand.recall(CUTOFF):.2f} "
            f"| {generated.recall(CUTOFF):.2f}"
            f" | {by_hand.cut_ms:.0f} | {by_hand.query_ms:.2f} | {by_hand.postings:,} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
