"""`tubeseek eval`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tubeseek.cli import render
from tubeseek.cli.evaluate import figures
from tubeseek.cli.evaluate import report as report_files
from tubeseek.cli.evaluate.topics import Sources
from tubeseek.cli.options import settings_of
from tubeseek.core.schemas import Operations, SearchRequest, Using, VideoFacts
from tubeseek.library.open import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tubeseek.evaluation import Comparison, EvaluationTarget, Run, Topic, TuningResult


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
    report: Annotated[
        Path | None, typer.Option(help="A folder for a report with its plots.")
    ] = None,
    training: Annotated[
        Path | None,
        typer.Option(
            help="An adapter's folder: what it learned from is not asked, the report shows its "
            "curves."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of sample, intervals and tests.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """Measure how well this library is searched, on queries whose answers are known."""
    from tubeseek.core.errors import ConfigError

    if (qrels is None) != (topics is None) or (qrels and judgements):
        raise ConfigError("give a file of judgements, or --qrels with --topics, or none")
    if moments and judgements is None:
        raise ConfigError("--moments needs a file of judgements with start and end")
    if compare and (moments or tune or encoder):
        raise ConfigError("--compare stands alone: leave --moments, --tune and --encoder out")
    if compare and len(using or ()) > 1:
        raise ConfigError("--compare asks both encoders the same way: give --using once")
    if tune and (using or encoder or by):
        raise ConfigError("--tune weighs all indexes: leave --using, --encoder and --by out")
    if moments and by:
        raise ConfigError("--by is of videos, not of moments: leave it or --moments out")
    if report and (moments or tune):
        raise ConfigError("--report is of figures or of --compare: leave --moments and --tune out")
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
    library = connect(settings, "tubeseek eval")
    try:
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
    finally:
        library.close()


@dataclass(frozen=True, slots=True)
class _Task:
    """What was asked for; each method measures one kind of thing and shows it."""

    sources: Sources
    using: list[Using] | None
    encoder: str | None
    by: list[str]
    depth: int
    seed: int
    quiet: bool
    as_json: bool
    report: Path | None
    training: Path | None

    def figures(self, library: Operations) -> None:
        """Where the right videos stand."""
        using = self.using or ([Using.PICTURES] if self.sources.titles else list(Using))
        if self.sources.titles and set(using) != {Using.PICTURES}:
            render.note("The words hold the titles themselves: asked of them, titles are easy.")
        videos, topics = self._asked(library, (self.encoder,) if self.encoder else ())
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
        self._report(library, runs, None, [self.encoder or ""], videos)

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
        videos, topics = self._asked(library, encoders)
        with self._measuring(library, 2 * len(topics)) as measuring:
            found = measuring.compare(topics, encoders, using)
        if self.as_json:
            render.as_json(figures.comparison_facts(found, self.seed))
        else:
            figures.comparison(found, self.by, self.seed)
        self._report(library, [found.a, found.b], found, encoders, videos)

    def tune(self, library: Operations, current: Mapping[str, float]) -> None:
        """How much each index should count."""
        _, topics = self._asked(library)
        with self._measuring(library, None) as measuring:
            self._show_tuned(measuring.tune(topics, current), "MRR")

    def _show_tuned(self, found: "TuningResult", measure: str) -> None:
        if self.as_json:
            render.as_json(figures.as_facts(found))
        else:
            figures.tuned(found, measure)

    def _asked(
        self, library: Operations, encoders: Sequence[str] = ()
    ) -> "tuple[list[VideoFacts], list[Topic]]":
        """The videos of the library and what is asked of them, by these or by the usual indexes."""
        from tubeseek.evaluation import EvaluationTarget
        from tubeseek.evaluation.measure import unindexed

        lacking = unindexed(library.status(), encoders)
        if lacking:
            render.note(f"{lacking} videos are not indexed and count as not found: tubeseek index")
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
            asked=f"{len(runs[0].topics):,} queries, {self.sources.told}.",
            seed=self.seed,
        )

    @contextmanager
    def _measuring(self, library: Operations, queries: int | None) -> "Iterator[EvaluationTarget]":
        from tubeseek.evaluation import EvaluationTarget

        quiet = self.quiet or self.as_json
        with render.counting("asking", queries, quiet=quiet) as advance:
            yield EvaluationTarget(library, self.depth, self.seed, advance)
