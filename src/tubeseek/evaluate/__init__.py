"""Measuring how well a library is searched, over the same path that its users search by."""

from tubeseek.evaluate.asking import Run, ask
from tubeseek.evaluate.comparison import Comparison, compare_runs
from tubeseek.evaluate.intervals import Difference, Estimate, compare, estimate
from tubeseek.evaluate.judgements import Judgement, read_judgements
from tubeseek.evaluate.measuring import Measuring
from tubeseek.evaluate.metrics import Placement, Scores, placements_of, score
from tubeseek.evaluate.moments import MomentScores, evaluate_moments
from tubeseek.evaluate.topics import Topic
from tubeseek.evaluate.tuning import Tuned, tune

__all__ = [
    "Comparison",
    "Difference",
    "Estimate",
    "Judgement",
    "Measuring",
    "MomentScores",
    "Placement",
    "Run",
    "Scores",
    "Topic",
    "Tuned",
    "ask",
    "compare",
    "compare_runs",
    "estimate",
    "evaluate_moments",
    "placements_of",
    "read_judgements",
    "score",
    "tune",
]
