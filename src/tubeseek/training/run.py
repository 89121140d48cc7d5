"""Runs a training: splits the pairs, measures, trains, measures again and writes the adapter."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import torch
from torch import Tensor

from tubeseek.core.events import Event, EventKind
from tubeseek.core.schemas.run_record import (
    CurvesRecord,
    DataRecord,
    RunRecord,
    SetRecord,
    SplitRecord,
)
from tubeseek.training.checkpoint import Progress
from tubeseek.training.config import TrainConfig
from tubeseek.training.data.pairs import Pair, PairSet
from tubeseek.training.data.split import PARTS, require_parts, split_pairs
from tubeseek.training.distributed import Processes
from tubeseek.training.dry_run import DryRun, rehearse
from tubeseek.training.loop import Log, Loop
from tubeseek.training.metrics import (
    Outcome,
    PairScores,
    RetentionSet,
    exclude_learned,
    measure,
    warnings_of,
)
from tubeseek.training.model_card import code_version, write_adapter
from tubeseek.training.run_folder import WORK
from tubeseek.training.run_state import RunStateFile, open_run_state
from tubeseek.training.tracking import Curves, ReportTo, open_reporter
from tubeseek.training.trainable import Trainable

STAGE = "train"
MESSAGES_SHOWN = 5  # about pairs that were left out


class TrainingRun:
    """One training run; `outcomes` and `warnings` are set when `run` ends."""

    def __init__(
        self,
        trainable: Trainable,
        pairs: PairSet,
        config: TrainConfig,
        processes: Processes,
        out: Path,
        *,
        data: str,
        retention: RetentionSet | None = None,
        report_to: ReportTo = ReportTo.NONE,
    ) -> None:
        """Split the pairs.

        Args:
            trainable: The encoder.
            pairs: The pairs to train and to measure on.
            config: The settings.
            processes: The processes that train together.
            out: The folder of the adapter.
            data: The name of the pairs in the card.
            retention: Pairs on which the encoder must not get worse; None measures nothing.
            report_to: A tracker that gets the curves, besides the folder.

        Raises:
            InputError: The pairs cannot be split, or a part is too small.
        """
        self.trainable, self._pairs, self._config = trainable, pairs, config
        self._processes, self.out, self._data = processes, out, data
        self._retention, self._report_to = retention, report_to
        self.split = split_pairs(
            pairs.pairs, seed=config.seed, validation=config.validation, test=config.test
        )
        require_parts(self.split)
        learned = (*self.split.train, *self.split.validation)
        self._retention_pairs = exclude_learned(retention, learned) if retention else ()
        self.outcomes: dict[str, Outcome] = {}
        self.warnings: list[str] = []
        self._loop: Loop | None = None

    @property
    def is_main(self) -> bool:
        """Whether this is the process that writes files and messages."""
        return self._processes.is_main

    def run(self) -> Generator[Event, None, None]:
        """Train and write the adapter.

        Raises:
            TrainingError: The run cannot go on; the last checkpoint is kept.
        """
        work = self.out / WORK
        with open_run_state(work if self._processes.is_main else None) as state_file:
            yield from self._run(work, state_file)

    def _run(self, work: Path, state_file: RunStateFile) -> Iterator[Event]:
        state_file.update(self._plan())
        yield from self._describe_pairs()
        yield from self._prepare()
        start = {name: w.detach().clone() for name, w in self.trainable.parameters().items()}
        self._loop = loop = self._new_loop(self.split.train, self.split.validation, work)
        before = self._measure_sets()  # the new weights add nothing yet: the encoder as it was
        metrics = {name: SetRecord(before=scores.record()) for name, scores in before.items()}
        state_file.update(RunRecord(steps=loop.steps, metrics=metrics))
        if loop.resume():
            yield _notice(f"goes on after step {loop.progress.step} of {loop.steps}")
        yield Event(EventKind.STARTED, STAGE, "training", total=loop.steps)
        with self._log(work, loop) as log:
            for step in loop.run(log):
                yield Event(EventKind.ADVANCED, STAGE, done=step)
        validation = measure(self.trainable, self.split.validation)
        if self._config.refit and loop.progress.best:
            yield from self._refit(loop.progress.best, start)
        after = self._measure_sets() | {"validation": validation}  # a refit learns from these pairs
        self.outcomes = {name: Outcome(before[name], after[name]) for name in before}
        self.warnings = warnings_of(self.outcomes, self._retention, best_epoch=loop.progress.best)
        for warning in self.warnings:
            yield _notice(warning)
        if self._processes.is_main:
            write_adapter(self.trainable, self.record(), self.out / WORK, self.out)
        state_file.update(RunRecord(finished=True))
        counts = {"epochs": loop.progress.epoch, "steps": loop.progress.step}
        yield Event(EventKind.FINISHED, STAGE, counts=counts)

    def rehearse(self) -> DryRun:
        """Estimate the cost; write nothing but the features of pictures, which a run reuses."""
        for _ in self._prepare():
            pass
        loop = self._new_loop(self.split.train, self.split.validation, None)
        return rehearse(loop, self._config.epochs, self._processes.device)

    def _describe_pairs(self) -> Iterator[Event]:
        left_out, parts = [*self._pairs.left_out, *self.split.leaks], self.split
        for message in left_out[:MESSAGES_SHOWN]:
            yield _notice(message)
        if len(left_out) > MESSAGES_SHOWN:
            yield _notice(f"and {len(left_out) - MESSAGES_SHOWN} more were left out")
        if self._retention is not None:
            learned = len(self._retention.pairs.pairs) - len(self._retention_pairs)
            if learned:
                name = self._retention.name
                yield _notice(f"{learned} pairs of {name} are in the training data: not measured")
        yield _notice(
            f"{len(parts.train)} pairs to learn from, {len(parts.validation)} to choose the epoch, "
            f"{len(parts.test)} of other channels to report"
        )

    def _new_loop(
        self,
        train: Sequence[Pair],
        validation: Sequence[Pair],
        work: Path | None,
        epochs: int | None = None,
    ) -> Loop:
        identity = {
            **self.trainable.facts(),
            "encoder": self.trainable.fingerprint,
            "data": self._pairs.digest,
            "pairs": len(train),
        }
        return Loop(
            self.trainable,
            train,
            validation,
            self._config,
            self._processes,
            work,
            identity,
            stop_after=epochs,
        )

    def _refit(self, epochs: int, start: Mapping[str, Tensor]) -> Iterator[Event]:
        """Train again from the start for the best number of epochs, with the validation pairs too.

        Once the epoch is chosen they are not needed for validation any more, and with few channels
        a tenth more training data helps.
        """
        with torch.no_grad():
            for name, weight in self.trainable.parameters().items():
                weight.copy_(start[name])
        pairs = (*self.split.train, *self.split.validation)
        loop = self._new_loop(pairs, (), self.out / WORK / "refit", epochs)
        loop.resume()
        yield Event(EventKind.STARTED, STAGE, "training with validation pairs", total=loop.steps)
        for step in loop.run(_log_nothing):
            yield Event(EventKind.ADVANCED, STAGE, done=step)

    def _prepare(self) -> Iterator[Event]:
        sets = [self._pairs] + ([self._retention.pairs] if self._retention else [])
        for pairs in sets:
            total = len(pairs.pairs)
            yield Event(EventKind.STARTED, STAGE, "reading pictures and texts", total=total)
            for done in self.trainable.prepare(pairs.pairs, pairs.digest):
                yield Event(EventKind.ADVANCED, STAGE, done=done)

    def _measure_sets(self) -> dict[str, PairScores]:
        parts = self._parts()
        scores = {name: measure(self.trainable, parts[name]) for name in ("test", "validation")}
        if self._retention is not None:
            scores[self._retention.name] = measure(self.trainable, self._retention_pairs)
        return scores

    @contextmanager
    def _log(self, work: Path, loop: Loop) -> Iterator[Log]:
        if not self.is_main:
            yield _log_nothing
            return
        config, progress = {**self._config.to_dict(), **self.trainable.facts()}, loop.progress
        name, step = self.out.name, progress.step
        reporter = open_reporter(self._report_to, name, work, config, step=step)
        with closing(Curves(work, reporter)) as curves:
            curves.rewrite(_curves_of(progress).rows())
            yield curves.log

    def record(self) -> RunRecord:
        """Return the content of `training.json`; call it after `run`."""
        if self._loop is None:
            raise ValueError("the run has no record before it has run")
        progress = self._loop.progress
        ids = {name: tuple(pair.id for pair in pairs) for name, pairs in self._parts().items()}
        return self._plan().updated(
            RunRecord(
                best_epoch=progress.best,
                epochs_run=progress.epoch,
                metrics={name: outcome.record() for name, outcome in self.outcomes.items()},
                warnings=tuple(self.warnings),
                curves=_curves_of(progress),
                ids=ids,
            )
        )

    def _plan(self) -> RunRecord:
        """Return the part of the record that is known before the run starts."""
        return RunRecord(
            name=self.out.name,
            base_model=self.trainable.name,
            base_fingerprint=self.trainable.fingerprint,
            method=self.trainable.facts(),
            config=self._config.to_dict(),
            code=code_version(),
            data=DataRecord(
                name=self._data,
                digest=self._pairs.digest,
                pairs=len(self._pairs.pairs),
                left_out=len(self._pairs.left_out) + len(self.split.leaks),
            ),
            split=SplitRecord(
                seed=self._config.seed,
                train=len(self.split.train),
                validation=len(self.split.validation),
                test=len(self.split.test),
            ),
            metrics={},
        )

    def _parts(self) -> dict[str, Sequence[Pair]]:
        return {name: getattr(self.split, name) for name in PARTS}


def _curves_of(progress: Progress) -> CurvesRecord:
    return CurvesRecord.model_validate({"steps": progress.steps, "epochs": progress.epochs})


def _notice(message: str) -> Event:
    return Event(EventKind.NOTICE, STAGE, message)


def _log_nothing(facts: Mapping[str, float], step: int) -> None:
    """Take the place of a log in all processes but the main one."""
