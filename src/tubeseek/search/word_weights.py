"""Weighs the terms of a query by what holding them tells, in place of BM25's IDF."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache

from tubeseek.core.bm25 import QueryWord, passages_holding, query_words, term_set
from tubeseek.core.protocols import PassageStore
from tubeseek.search.background import background_queries
from tubeseek.search.evidence import term_weight, weighted_terms

COMMON_SHARE = 0.03  # of the background queries: what fewer hold is chance
ASKING_SHARE = 0.25  # words that ask for a video do not say which
ASKING = frozenset(
    re.findall(
        r"\w+",
        """
    show me give find search please want see watch looking video videos clip clips footage
    film films movie movies scene scenes something
    보여줘 보여 보여주는 보여주세요 찾아 찾아줘 찾아주세요 영상 동영상 비디오
    장면 나오는 있는 하는 되는 관한 대한 만드는
    """,
    )
)


def weigh_query(query: str, store: PassageStore, passages: int) -> dict[str, float]:
    """Return the weight of each term of a query, in nats.

    Args:
        query: As it was typed.
        store: Knows how many passages hold a term.
        passages: How many the store holds.
    """
    words = query_words(query)
    idf = store.inverse_document_frequencies({term for word in words for term in word.terms})
    holding = {term: passages_holding(rarity, passages) for term, rarity in idf.items()}
    return weighted_terms([word.terms for word in words], _weights(words, holding, passages))


def _weights(
    words: Collection[QueryWord], holding: Mapping[str, float], passages: int
) -> dict[str, float]:
    common = background_shares()
    return {
        term: term_weight(
            holding.get(term, 0.0),
            passages,
            max(common.get(term, 0.0), ASKING_SHARE if word.text in ASKING else 0.0),
        )
        for word in words
        for term in word.terms
    }


@cache
def background_shares() -> Mapping[str, float]:
    """Return the share of the background queries that hold a term, where it is not chance."""
    queries = background_queries()
    counts = Counter(term for query in queries for term in term_set(query))
    shares = {term: count / len(queries) for term, count in counts.items()}
    return {term: share for term, share in shares.items() if share >= COMMON_SHARE}
