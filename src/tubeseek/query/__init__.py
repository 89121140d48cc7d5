"""The query language: a text as terms that are added, subtracted or left out."""

from tubeseek.query.expression import (
    Exclusion,
    Expression,
    LikeVideo,
    Operand,
    Part,
    Picture,
    Term,
    Words,
)
from tubeseek.query.parser import MAX_TERMS, parse

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
