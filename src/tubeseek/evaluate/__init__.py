"""Measuring how well a library is searched, over the same path that its users search by."""

from tubeseek.evaluate.judgements import Judgement, read_judgements
from tubeseek.evaluate.moments import MomentScores, evaluate_moments

__all__ = ["Judgement", "MomentScores", "evaluate_moments", "read_judgements"]
