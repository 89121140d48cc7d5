"""Measures how well a library is searched, along the same path that its users search by."""

from tubeseek.evaluation.measure import EvaluationTarget
from tubeseek.evaluation.metrics import Placement, Scores, placements_of, score
from tubeseek.evaluation.moments import MomentScores, evaluate_moments
from tubeseek.evaluation.run import Comparison, Run, ask, compare_runs
from tubeseek.evaluation.statistics import Difference, Estimate, compare, estimate
from tubeseek.evaluation.topics import Judgement, Topic, read_judgements
from tubeseek.evaluation.tuning import TuningResult, tune

__all__ = [
    "Comparison",
    "Difference",
    "Estimate",
    "EvaluationTarget",
    "Judgement",
    "MomentScores",
    "Placement",
    "Run",
    "Scores",
    "Topic",
    "TuningResult",
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
