"""Measuring how well a library is searched, over the same path that its users search by."""

from tubeseek.evaluate.intervals import Difference, Estimate, compare, estimate
from tubeseek.evaluate.judgements import Judgement, read_judgements
from tubeseek.evaluate.metrics import Placement, Scores, placements_of, score
from tubeseek.evaluate.moments import MomentScores, evaluate_moments

__all__ = [
    "Difference",
    "Estimate",
    "Judgement",
    "MomentScores",
    "Placement",
    "Scores",
    "compare",
    "estimate",
    "evaluate_moments",
    "placements_of",
    "read_judgements",
    "score",
]
