"""`train` as a whole: split, measure, learn, measure again, write the adapter."""

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
    General,
    Outcome,
    PairScores,
    measure,
    not_learned,
    warnings_of,
)
from tubeseek.training.model_card import code_version, write_adapter
from tubeseek.training.run_folder import WORK
from tubeseek.training.run_state import RunStateFile, standing_in
from tubeseek.training.tracking import Curves, ReportTo, open_reporter
from tubeseek.training.trainable import Trainable

STAGE = "train"
MESSAGES_SHOWN = 5  # of rows that were left out


class TrainingRun:
    """One run. `run` tells of it as it goes; `outcomes` and `warnings` are there at its end."""

    def __init__(
        self,
        trainable: Trainable,
        pairs: PairSet,
        config: TrainConfig,
        processes: Processes,
        out: Path,
        *,
        data: str,
        general: General | None = None,
        report_to: ReportTo = ReportTo.NONE,
    ) -> None:
        """Divides the pairs.

        Args:
            trainable: The encoder.
            pairs: What there is to learn from and to measure on.
            config: How.
            processes: With whom.
            out: Folder of the adapter.
            data: What the card calls the pairs.
            general: What must not be forgotten, if that is to be measured.
            report_to: A tracker beside the curves in the folder.

        Raises:
            InputError: The pairs cannot be divided, or a part is too small.
        """
        self.trainable, self._pairs, self._config = trainable, pairs, config
        self._processes, self.out, self._data = processes, out, data
        self._general, self._report_to = general, report_to
        self.split = split_pairs(
            pairs.pairs, seed=config.seed, validation=config.validation, test=config.test
        )
        require_parts(self.split)
        learned = (*self.split.train, *self.split.validation)
        self._remembered = not_learned(general, learned) if general else ()
        self.outcomes: dict[str, Outcome] = {}
        self.warnings: list[str] = []
        self._loop: Loop | None = None

    @property
    def is_main(self) -> bool:
        """Whether this process is the one that writes and speaks."""
        return self._processes.is_main

    def run(self) -> Generator[Event, None, None]:
        """Trains and writes the adapter.

        Raises:
            TrainingError: It cannot go on; the last checkpoint is kept.
        """
        work = self.out / WORK
        with standing_in(work if self._processes.is_main else None) as standing:
            yield from self._run(work, standing)

    def _run(self, work: Path, standing: RunStateFile) -> Iterator[Event]:
        standing.update(self._plan())
        yield from self._tell_of_pairs()
        yield from self._prepare()
        start = {name: w.detach().clone() for name, w in self.trainable.parameters().items()}
        self._loop = loop = self._new_loop(self.split.train, self.split.validation, work)
        before = self._measured()  # what is learned starts at nothing: the encoder as it was
        metrics = {name: SetRecord(before=scores.record()) for name, scores in before.items()}
        standing.update(RunRecord(steps=loop.steps, metrics=metrics))
        if loop.resume():
            yield _notice(f"goes on after step {loop.progress.step} of {loop.steps}")
        yield Event(EventKind.STARTED, STAGE, "training", total=loop.steps)
        with self._log(work, loop) as log:
            for step in loop.run(log):
                yield Event(EventKind.ADVANCED, STAGE, done=step)
        chosen = measure(self.trainable, self.split.validation)
        if self._config.refit and loop.progress.best:
            yield from self._refit(loop.progress.best, start)
        after = self._measured() | {"validation": chosen}
        self.outcomes = {name: Outcome(before[name], after[name]) for name in before}
        self.warnings = warnings_of(self.outcomes, self._general, best_epoch=loop.progress.best)
        for warning in self.warnings:
            yield _notice(warning)
        if self._processes.is_main:
            write_adapter(self.trainable, self.record(), self.out / WORK, self.out)
        standing.update(RunRecord(finished=True))
        counts = {"epochs": loop.progress.epoch, "steps": loop.progress.step}
        yield Event(EventKind.FINISHED, STAGE, counts=counts)

    def rehearse(self) -> DryRun:
        """What it would cost; writes nothing but the features of pictures, which a run needs."""
        for _ in self._prepare():
            pass
        loop = self._new_loop(self.split.train, self.split.validation, None)
        return rehearse(loop, self._config.epochs, self._processes.device)

    def _tell_of_pairs(self) -> Iterator[Event]:
        left_out, parts = [*self._pairs.left_out, *self.split.leaks], self.split
        for message in left_out[:MESSAGES_SHOWN]:
            yield _notice(message)
        if len(left_out) > MESSAGES_SHOWN:
            yield _notice(f"and {len(left_out) - MESSAGES_SHOWN} more were left out")
        if self._general is not None:
            learned = len(self._general.pairs.pairs) - len(self._remembered)
            if learned:
                name = self._general.name
                yield _notice(f"{learned} of {name} are learned from, and not measured there")
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
        """Learns again from the start, as long as was best, with the validation pairs as well.

        They have told what they were kept for; with few channels a tenth more of them is worth
        more than anything else that could be done with them.
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
        sets = [self._pairs] + ([self._general.pairs] if self._general else [])
        for pairs in sets:
            total = len(pairs.pairs)
            yield Event(EventKind.STARTED, STAGE, "reading pictures and texts", total=total)
            for done in self.trainable.prepare(pairs.pairs, pairs.digest):
                yield Event(EventKind.ADVANCED, STAGE, done=done)

    def _measured(self) -> dict[str, PairScores]:
        parts = self._parts()
        found = {name: measure(self.trainable, parts[name]) for name in ("test", "validation")}
        if self._general is not None:
            found[self._general.name] = measure(self.trainable, self._remembered)
        return found

    @contextmanager
    def _log(self, work: Path, loop: Loop) -> Iterator[Log]:
        if not self.is_main:
            yield _log_nothing
            return
        config, progress = {**self._config.to_dict(), **self.trainable.facts()}, loop.progress
        name, step = self.out.name, progress.step
        reporter = open_reporter(self._report_to, name, work, config, step=step)
        with closing(Curves(work, reporter)) as curves:
            curves.again(_curves_of(progress).rows())
            yield curves.log

    def record(self) -> RunRecord:
        """Return what `training.json` holds; only after `run`."""
        if self._loop is None:
            raise ValueError("nothing was trained yet")
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
        """Return what is known before the run starts."""
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
    """Only the first process speaks."""
