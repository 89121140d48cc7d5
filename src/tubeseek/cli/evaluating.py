"""`tubeseek eval`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tubeseek.app import connect
from tubeseek.cli import figures, render
from tubeseek.cli.globals import settings_of
from tubeseek.messages import Operations, SearchRequest, Using, VideoFacts

if TYPE_CHECKING:
    from tubeseek.evaluate import Judgement, Measuring, Topic, Tuned


def eval_library(
    context: typer.Context,
    judgements: Annotated[
        Path | None,
        typer.Argument(
            help='JSON lines: {"query", "video_id", "start", "end"}. Without it each title of the '
            "library is asked for its own video, of the pictures."
        ),
    ] = None,
    qrels: Annotated[
        Path | None, typer.Option(help="Judgements as TREC writes them, beside --topics.")
    ] = None,
    topics: Annotated[Path | None, typer.Option(help="Lines of topic, tab, query.")] = None,
    moments: Annotated[
        bool, typer.Option("--moments", help="Whether the right moment is found.")
    ] = False,
    using: Annotated[
        list[Using] | None, typer.Option(help="Which indexes to ask; may be given several times.")
    ] = None,
    encoder: Annotated[str | None, typer.Option(help="The index to ask, by its encoder.")] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Two indexes by their encoders: what the second has over the first."),
    ] = None,
    tune: Annotated[
        bool, typer.Option("--tune", help="Find out how much each index should count.")
    ] = False,
    by: Annotated[
        list[str] | None, typer.Option(help="Also by category, channel or group.")
    ] = None,
    depth: Annotated[
        int, typer.Option(min=10, max=1000, help="Videos asked for; lower ranks are not found.")
    ] = 100,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Ask only so many queries, drawn by chance.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of sample, intervals and tests.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """Measure how well this library is searched, on queries whose answers are known."""
    from tubeseek.errors import ConfigError

    if (qrels is None) != (topics is None) or (qrels and judgements):
        raise ConfigError("give a file of judgements, or --qrels with --topics, or none")
    if moments and judgements is None:
        raise ConfigError("--moments needs a file of judgements with start and end")
    if compare and (moments or tune or encoder):
        raise ConfigError("--compare stands alone: leave --moments, --tune and --encoder out")
    task = _Task(
        sources=_Sources(judgements, qrels, topics, sample, seed),
        using=using,
        encoder=encoder,
        by=by or [],
        depth=depth,
        seed=seed,
        quiet=context.obj.quiet,
        as_json=as_json,
    )
    settings = settings_of(context)
    library = connect(settings, "tubeseek eval")
    try:
        if moments:
            task.moments(library, settings.weights if tune else None)
        elif compare:
            task.compare(library, compare)
        elif tune:
            task.tune(library, settings.weights)
        else:
            task.figures(library)
    finally:
        library.close()


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where queries and their right answers come from."""

    judgements_file: Path | None
    qrels: Path | None
    topics_file: Path | None
    sample: int | None
    seed: int

    @property
    def titles(self) -> bool:
        return self.judgements_file is None and self.qrels is None

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


@dataclass(frozen=True, slots=True)
class _Task:
    """What was asked for; each method measures one kind of thing and shows it."""

    sources: _Sources
    using: list[Using] | None
    encoder: str | None
    by: list[str]
    depth: int
    seed: int
    quiet: bool
    as_json: bool

    def figures(self, library: Operations) -> None:
        """Where the right videos stand."""
        using = self.using or ([Using.PICTURES] if self.sources.titles else list(Using))
        if self.sources.titles and set(using) != {Using.PICTURES}:
            render.note("The words hold the titles themselves: asked of them, titles are easy.")
        topics = self._topics(library)
        with self._measuring(library, len(using) * len(topics)) as measuring:
            runs = [
                measuring.run(one.value, topics, SearchRequest(using=one, encoder=self.encoder))
                for one in using
            ]
        if self.as_json:
            systems = {run.name: figures.run_facts(run, self.seed) for run in runs}
            render.as_json({"queries": len(topics), "depth": self.depth, "systems": systems})
        else:
            figures.runs(runs, self.by, self.seed)

    def moments(self, library: Operations, tuned_from: Mapping[str, float] | None) -> None:
        """Where the right moments stand."""
        known = self.sources.judgements()
        if tuned_from is not None:
            with self._measuring(library, None) as measuring:
                self._show_tuned(measuring.tune_moments(known, tuned_from), "moment MRR")
            return
        using = self.using or list(Using)
        with self._measuring(library, len(using) * len(known)) as measuring:
            scores = {
                one: measuring.moments(known, SearchRequest(using=one, encoder=self.encoder))
                for one in using
            }
        if self.as_json:
            render.as_json({one.value: figures.as_facts(score) for one, score in scores.items()})
        else:
            figures.moments(scores)

    def compare(self, library: Operations, encoders: tuple[str, str]) -> None:
        """What one index has over another."""
        using = (self.using or [Using.PICTURES])[0]
        topics = self._topics(library)
        with self._measuring(library, 2 * len(topics)) as measuring:
            found = measuring.compare(topics, encoders, using)
        if self.as_json:
            render.as_json(figures.comparison_facts(found, self.seed))
        else:
            figures.comparison(found, self.seed)

    def tune(self, library: Operations, current: Mapping[str, float]) -> None:
        """How much each index should count."""
        topics = self._topics(library)
        with self._measuring(library, None) as measuring:
            self._show_tuned(measuring.tune(topics, current), "MRR")

    def _show_tuned(self, found: "Tuned", measure: str) -> None:
        if self.as_json:
            render.as_json(figures.as_facts(found))
        else:
            figures.tuned(found, measure)

    def _topics(self, library: Operations) -> "list[Topic]":
        from tubeseek.evaluate import Measuring
        from tubeseek.evaluate.measuring import unindexed

        lacking = unindexed(library.status())
        if lacking:
            render.note(f"{lacking} videos are not indexed and count as not found: tubeseek index")
        return self.sources.topics(Measuring(library).videos())

    @contextmanager
    def _measuring(self, library: Operations, queries: int | None) -> "Iterator[Measuring]":
        from tubeseek.evaluate import Measuring

        quiet = self.quiet or self.as_json
        with render.counting("asking", queries, quiet=quiet) as advance:
            yield Measuring(library, self.depth, self.seed, advance)
