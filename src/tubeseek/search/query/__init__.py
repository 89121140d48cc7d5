"""Reads the query language: a text as terms that are added, subtracted or excluded."""

from tubeseek.core.schemas.search import MAX_TERMS
from tubeseek.search.query.expression import (
    Exclusion,
    Expression,
    LikeVideo,
    Operand,
    Part,
    Picture,
    Term,
    Words,
)
from tubeseek.search.query.parser import parse

__all__ = [
    "MAX_TERMS",
    "Exclusion",
    "Expression",
    "LikeVideo",
    "Operand",
    "Part",
    "Picture",
    "Term",
    "Words",
    "parse",
]
