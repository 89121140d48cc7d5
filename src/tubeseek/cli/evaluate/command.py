"""Measures how well a library is searched: `tubeseek eval`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tubeseek.cli import render
from tubeseek.cli.evaluate import figures
from tubeseek.cli.evaluate import report as report_files
from tubeseek.cli.evaluate.topics import Sources
from tubeseek.cli.options import Json, settings_of
from tubeseek.core.schemas import Operations, Scope, SearchRequest, VideoFacts
from tubeseek.library.open import connect

if TYPE_CHECKING:
    from tubeseek.evaluation import Comparison, EvaluationTarget, Run, Topic, TuningResult


def eval_library(
    context: typer.Context,
    judgements: Annotated[
        Path | None,
        typer.Argument(
            help='A file of JSON lines: {"query", "video_id", "start", "end"}. By default the '
            "queries are the titles of the library, each with its own video as the answer."
        ),
    ] = None,
    qrels: Annotated[
        Path | None,
        typer.Option(help="Read judgements from this file in TREC format; needs --topics."),
    ] = None,
    topics: Annotated[
        Path | None,
        typer.Option(help="Read the queries of --qrels from this file of topic, tab, query."),
    ] = None,
    moments: Annotated[
        bool,
        typer.Option("--moments", help="Measure whether the right moment is found, not the video."),
    ] = False,
    using: Annotated[
        list[Scope] | None,
        typer.Option(help="Search the pictures, the words, or both. May be repeated."),
    ] = None,
    encoder: Annotated[
        str | None, typer.Option(help="Search only the index of this encoder.")
    ] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Compare the indexes of two encoders, and test which is better."),
    ] = None,
    tune: Annotated[
        bool, typer.Option("--tune", help="Find out how much weight each index should have.")
    ] = False,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Also measure by category, channel or group. May be repeated."),
    ] = None,
    depth: Annotated[
        int,
        typer.Option(
            min=10, max=1000, help="Get this many videos for each query; others are not found."
        ),
    ] = 100,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Measure only this many queries, drawn at random.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a report with plots into this folder.")
    ] = None,
    training: Annotated[
        Path | None,
        typer.Option(
            help="Leave out the videos that the adapter in this folder was trained on, and show "
            "its curves in the report."
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="Seed the sample, the intervals and the tests with this number.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Measure how well searches find the right videos of this library."""
    from tubeseek.core.errors import ConfigError

    if (qrels is None) != (topics is None) or (qrels and judgements):
        raise ConfigError("give a file of judgements, or --qrels with --topics, or none")
    if moments and judgements is None:
        raise ConfigError("--moments needs a file of judgements with start and end")
    if compare and (moments or tune or encoder):
        raise ConfigError("--compare cannot be used with --moments, --tune or --encoder")
    if compare and len(using or ()) > 1:
        raise ConfigError("--compare searches both indexes the same way: give --using once")
    if tune and (using or encoder or by):
        raise ConfigError("--tune weighs all indexes: leave --using, --encoder and --by out")
    if moments and by:
        raise ConfigError("--by groups videos, not moments: leave it or --moments out")
    if report and (moments or tune):
        raise ConfigError("--report cannot be used with --moments or --tune")
    task = _Task(
        sources=Sources(judgements, qrels, topics, sample, seed, training),
        using=using,
        encoder=encoder,
        by=by or [],
        depth=depth,
        seed=seed,
        quiet=context.obj.quiet,
        as_json=as_json,
        report=report,
        training=training,
    )
    settings = settings_of(context)
    with closing(connect(settings, "tubeseek eval")) as library:
        if report:
            report_files.require_reporting(library)
        if moments:
            task.moments(library, settings.weights if tune else None)
        elif compare:
            task.compare(library, compare)
        elif tune:
            task.tune(library, settings.weights)
        else:
            task.figures(library)


@dataclass(frozen=True, slots=True)
class _Task:
    """The options of the command; each method measures one thing and shows it."""

    sources: Sources
    using: list[Scope] | None
    encoder: str | None
    by: list[str]
    depth: int
    seed: int
    quiet: bool
    as_json: bool
    report: Path | None
    training: Path | None

    def figures(self, library: Operations) -> None:
        """Measure the ranks of the right videos."""
        using = self.using or ([Scope.PICTURES] if self.sources.titles else list(Scope))
        if self.sources.titles and set(using) != {Scope.PICTURES}:
            render.note("The words include the titles, so that they find titles easily.")
        videos, topics = self._topics(library, (self.encoder,) if self.encoder else ())
        with self._target(library, len(using) * len(topics)) as target:
            runs = [
                target.run(part.value, topics, SearchRequest(using=part, encoder=self.encoder))
                for part in using
            ]
        if self.as_json:
            systems = {run.name: figures.run_facts(run, self.seed) for run in runs}
            render.as_json({"queries": len(topics), "depth": self.depth, "systems": systems})
        else:
            figures.runs(runs, self.by, self.seed)
        self._report(library, runs, None, [self.encoder or ""], videos)

    def moments(self, library: Operations, tuned_from: Mapping[str, float] | None) -> None:
        """Measure the ranks of the right moments."""
        judgements = self.sources.judgements()
        if tuned_from is not None:
            with self._target(library, None) as target:
                self._show_tuned(target.tune_moments(judgements, tuned_from), "moment MRR")
            return
        using = self.using or list(Scope)
        with self._target(library, len(using) * len(judgements)) as target:
            scores = {
                part: target.moments(judgements, SearchRequest(using=part, encoder=self.encoder))
                for part in using
            }
        if self.as_json:
            render.as_json({part.value: figures.as_facts(score) for part, score in scores.items()})
        else:
            figures.moments(scores)

    def compare(self, library: Operations, encoders: tuple[str, str]) -> None:
        """Measure the gain of one index over another."""
        using = (self.using or [Scope.PICTURES])[0]
        videos, topics = self._topics(library, encoders)
        with self._target(library, 2 * len(topics)) as target:
            comparison = target.compare(topics, encoders, using)
        if self.as_json:
            render.as_json(figures.comparison_facts(comparison, self.seed))
        else:
            figures.comparison(comparison, self.by, self.seed)
        self._report(library, [comparison.a, comparison.b], comparison, encoders, videos)

    def tune(self, library: Operations, current: Mapping[str, float]) -> None:
        """Find the best weight of each index."""
        _, topics = self._topics(library)
        with self._target(library, None) as target:
            self._show_tuned(target.tune(topics, current), "MRR")

    def _show_tuned(self, result: "TuningResult", measure: str) -> None:
        if self.as_json:
            render.as_json(figures.as_facts(result))
        else:
            figures.tuned(result, measure)

    def _topics(
        self, library: Operations, encoders: Sequence[str] = ()
    ) -> "tuple[list[VideoFacts], list[Topic]]":
        """Return the videos of the library and the queries, and warn of videos without an index."""
        from tubeseek.evaluation import EvaluationTarget
        from tubeseek.evaluation.measure import unindexed

        missing = unindexed(library.status(), encoders)
        if missing:
            render.note(f"{missing} videos are not indexed and count as not found: tubeseek index")
        videos = EvaluationTarget(library).videos()
        return videos, self.sources.topics(videos)

    def _report(
        self,
        library: Operations,
        runs: "Sequence[Run]",
        comparison: "Comparison | None",
        encoders: Sequence[str],
        videos: "Sequence[VideoFacts]",
    ) -> None:
        if self.report is None:
            return
        report_files.write(
            library,
            self.report,
            runs,
            comparison,
            encoders,
            videos,
            titles=self.sources.titles,
            training=self.training,
            queries=f"{len(runs[0].topics):,} queries, {self.sources.description}.",
            seed=self.seed,
        )

    @contextmanager
    def _target(self, library: Operations, queries: int | None) -> "Iterator[EvaluationTarget]":
        from tubeseek.evaluation import EvaluationTarget

        quiet = self.quiet or self.as_json
        with render.progress("searching", queries, quiet=quiet) as advance:
            yield EvaluationTarget(library, self.depth, self.seed, advance)
