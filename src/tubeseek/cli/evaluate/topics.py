"""Reads the queries of `tubeseek eval` and their right answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tubeseek.cli import render
from tubeseek.core.schemas import VideoFacts

if TYPE_CHECKING:
    from tubeseek.evaluation import Judgement, Topic


@dataclass(frozen=True, slots=True)
class Sources:
    """Where queries and their right answers come from."""

    judgements_file: Path | None
    qrels: Path | None
    topics_file: Path | None
    sample: int | None
    seed: int
    training: Path | None  # the folder of an adapter

    @property
    def titles(self) -> bool:
        return self.judgements_file is None and self.qrels is None

    @property
    def description(self) -> str:
        """Where the queries come from, for readers of the report."""
        held_out = " that the training run did not learn from" if self.training else ""
        if self.titles:
            return f"each the title of a video of this library{held_out}, which has to be found"
        return f"judged in {(self.judgements_file or self.qrels or Path()).name}"

    def judgements(self) -> "list[Judgement]":
        from tubeseek.evaluation.measure import sampled

        judgements, learned = self._all_judgements(), self._learned()
        left = [judgement for judgement in judgements if judgement.video_id not in learned]
        self._report_learned(len(judgements), len(left))
        return sampled(left, self.sample, self.seed)

    def _all_judgements(self) -> "list[Judgement]":
        from tubeseek.evaluation import read_judgements

        return read_judgements(self.judgements_file) if self.judgements_file else []

    def topics(self, videos: "list[VideoFacts]") -> "list[Topic]":
        from tubeseek.evaluation.measure import sampled
        from tubeseek.evaluation.topics import (
            read_trec,
            topics_of_judgements,
            topics_of_titles,
            with_places,
            without,
        )

        if self.qrels and self.topics_file:
            topics = read_trec(self.qrels, self.topics_file)
        elif self.judgements_file:
            topics = topics_of_judgements(self._all_judgements())
        else:
            topics = topics_of_titles(videos)
        topics = with_places(topics, videos)
        left = without(topics, self._learned())
        self._report_learned(len(topics), len(left))
        return sampled(left, self.sample, self.seed)

    def _learned(self) -> frozenset[str]:
        """Return the ids of the videos that the run of `training` learned from."""
        from tubeseek.evaluation.report.training import read_learned

        return read_learned(self.training) if self.training else frozenset()

    def _report_learned(self, queries: int, left: int) -> None:
        from tubeseek.core.errors import InputError

        if queries and not left:
            raise InputError(
                f"the run in {self.training} learned from the videos of all queries; give "
                "judgements of other videos, or leave --training out"
            )
        if left < queries:
            render.note(
                f"{queries - left:,} of {queries:,} queries are left out, because the run in "
                f"{self.training} learned from their videos"
            )
