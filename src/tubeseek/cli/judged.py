"""Where `tubeseek eval` takes queries and their right answers from."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tubeseek.messages import VideoFacts

if TYPE_CHECKING:
    from tubeseek.evaluate import Judgement, Topic


@dataclass(frozen=True, slots=True)
class Sources:
    """Where queries and their right answers come from."""

    judgements_file: Path | None
    qrels: Path | None
    topics_file: Path | None
    sample: int | None
    seed: int

    @property
    def titles(self) -> bool:
        return self.judgements_file is None and self.qrels is None

    @property
    def told(self) -> str:
        """Where the queries come from, for who reads the figures later."""
        if self.titles:
            return "each the title of a video of this library, which has to be found"
        return f"judged in {(self.judgements_file or self.qrels or Path()).name}"

    def judgements(self) -> "list[Judgement]":
        from tubeseek.evaluate.measuring import sampled

        return sampled(self._all_judgements(), self.sample, self.seed)

    def _all_judgements(self) -> "list[Judgement]":
        from tubeseek.evaluate import read_judgements

        return read_judgements(self.judgements_file) if self.judgements_file else []

    def topics(self, videos: "list[VideoFacts]") -> "list[Topic]":
        from tubeseek.evaluate.measuring import sampled
        from tubeseek.evaluate.topics import (
            read_trec,
            topics_of_judgements,
            topics_of_titles,
            with_places,
        )

        if self.qrels and self.topics_file:
            found = read_trec(self.qrels, self.topics_file)
        elif self.judgements_file:
            found = topics_of_judgements(self._all_judgements())
        else:
            found = topics_of_titles(videos)
        return sampled(with_places(found, videos), self.sample, self.seed)
