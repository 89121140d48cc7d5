"""Trains an encoder for epochs, validates it after each, and ends with the best weights.

A step's random numbers and an epoch's batches are functions of the seed, so a run that was killed
and resumed gives the same result as one without interruption.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from tubeseek.core.errors import TrainingError
from tubeseek.training import checkpoint
from tubeseek.training.checkpoint import Progress
from tubeseek.training.config import TrainConfig
from tubeseek.training.data.batches import Item, batches, same_mask, share
from tubeseek.training.data.pairs import Pair
from tubeseek.training.distributed import Processes, broadcast_from_main
from tubeseek.training.metrics import measure
from tubeseek.training.step import LoadedBatch, Stepper
from tubeseek.training.trainable import Trainable

Log = Callable[[Mapping[str, float], int], None]  # takes the figures of a step and its number
SEED_STRIDE = 1_000_003  # a prime, so that runs with neighbouring seeds share no step's seed


class Loop:
    """Trains one encoder on one split."""

    def __init__(
        self,
        trainable: Trainable,
        train: Sequence[Pair],
        validation: Sequence[Pair],
        config: TrainConfig,
        processes: Processes,
        folder: Path | None,
        identity: Mapping[str, Any],
        *,
        stop_after: int | None = None,
    ) -> None:
        """Args:
        trainable: The encoder as it was; `run` leaves it with the best weights.
        train: The pairs to learn from.
        validation: The pairs that decide which epoch is best; without any, the last one is.
        config: The settings of the run.
        processes: The processes that train together.
        folder: Where checkpoints are written; None: nowhere.
        identity: What must be equal for a checkpoint to be resumed.
        stop_after: How many epochs to train, if fewer than the learning rate is planned for.
        """
        self._trainable, self._train, self._validation = trainable, train, validation
        self._config, self._processes, self._folder = config, processes, folder
        self._epochs = config.epochs if stop_after is None else stop_after
        self._identity = {**config.to_dict(), **identity, "processes": processes.count}
        per_epoch = len(self.epoch_batches(0))
        self.steps_per_epoch = -(-per_epoch // config.accumulate)
        self.steps = self._epochs * self.steps_per_epoch
        self.stepper = Stepper(trainable, config, config.epochs * self.steps_per_epoch)
        self.progress = Progress()

    def resume(self) -> bool:
        """Restore the checkpoint in the folder; return False if there is none.

        Raises:
            TrainingError: It does not fit, or the processes do not find the same one.
        """
        if self._folder is None:
            return False
        progress = checkpoint.restore(
            self._folder, self.stepper.weights, self.stepper.optimizer, self._identity
        )
        step = -1 if progress is None else progress.step
        if broadcast_from_main([step], self._trainable.device) != [step]:
            raise TrainingError(
                f"the processes do not find the same checkpoint in {self._folder}; choose an --out "
                f"that all of them share"
            )
        if progress is None:
            return False
        self.progress = progress
        return True

    def run(self, log: Log) -> Iterator[int]:
        """Train until the last epoch, or until validation has not improved for `patience` epochs.

        Args:
            log: Called after every step and every validation.

        Yields:
            After each step, how many are done.
        """
        progress = self.progress
        if not progress.best_state:
            self._validate(0, log)
        while progress.epoch < self._epochs and not self._has_enough():
            yield from self._epoch(progress.epoch, log)
            progress.epoch, progress.batch = progress.epoch + 1, 0
            self._validate(progress.epoch, log)
            self._save()
        self._put(progress.best_state)

    def _epoch(self, epoch: int, log: Log) -> Iterator[int]:
        progress, config = self.progress, self._config
        waiting = self.epoch_batches(epoch)[progress.batch :]
        ready = self._read_ahead(waiting)
        for start in range(0, len(waiting), config.accumulate):
            count = len(waiting[start : start + config.accumulate])
            torch.manual_seed(
                (config.seed * SEED_STRIDE + progress.step) * self._processes.count
                + self._processes.rank
            )
            facts: dict[str, float] = {}
            for loaded in islice(ready, count):
                for name, value in self.stepper.backward(loaded, count).items():
                    facts[name] = facts.get(name, 0.0) + float(value) / count
            facts["lr"] = self.stepper.learning_rate(progress.step)
            facts["gradient"] = self.stepper.update(progress.step)
            facts["temperature"] = self.stepper.temperature
            progress.step += 1
            progress.batch += count
            progress.steps.append({"step": progress.step, "epoch": epoch + 1, **facts})
            log(facts, progress.step)
            if progress.step % config.checkpoint_steps == 0:
                self._save()
            yield progress.step

    def _read_ahead(self, waiting: Sequence[Sequence[Item]]) -> Iterator[LoadedBatch]:
        """Read each batch while the one before it is trained on."""
        with ThreadPoolExecutor(1, thread_name_prefix="pairs") as reader:
            ahead = [reader.submit(self.loaded, batch) for batch in waiting[:1]]
            for batch in waiting[1:]:
                ahead.append(reader.submit(self.loaded, batch))
                yield ahead.pop(0).result()
            for last in ahead:
                yield last.result()

    def loaded(self, batch: Sequence[Item]) -> LoadedBatch:
        """Read this process's share of a batch, and which items of the batch mean the same."""
        own = share(batch, self._processes.rank, self._processes.count)
        size = self._config.chunk or len(own)
        chunks = [own[at : at + size] for at in range(0, len(own), size)]
        augmented = self._config.within_pictures > 0
        return LoadedBatch(
            [self._trainable.load(chunk, augmented=augmented) for chunk in chunks],
            torch.from_numpy(same_mask([item.pair for item in batch])),
        )

    def epoch_batches(self, epoch: int) -> list[list[Item]]:
        """Return the batches of one epoch, over all processes."""
        return batches(
            self._train,
            self._config.batch,
            seed=self._config.seed,
            epoch=epoch,
            processes=self._processes.count,
        )

    def _validate(self, epoch: int, log: Log) -> None:
        """Keep the weights if they are the best so far; all processes decide alike."""
        progress = self.progress
        if not self._validation:
            progress.best, progress.best_state = epoch, self._weights()
            return
        scores = measure(self._trainable, self._validation)
        recall, mrr = broadcast_from_main([scores.recall, scores.mrr], self._trainable.device)
        log({"validation_recall@10": recall, "validation_mrr": mrr}, progress.step)
        row = {"epoch": float(epoch), "recall@10": recall, "mrr": mrr}
        best = max(map(_merit, progress.epochs), default=(-1.0, -1.0))
        progress.epochs.append(row)
        if _merit(row) > best:
            progress.best, progress.best_state = epoch, self._weights()

    def _weights(self) -> dict[str, torch.Tensor]:
        return {name: weight.detach().clone() for name, weight in self.stepper.weights.items()}

    def _has_enough(self) -> bool:
        return self.progress.epoch - self.progress.best >= self._config.patience

    def _save(self) -> None:
        if self._folder is not None and self._processes.is_main:
            checkpoint.save(
                self._folder,
                self.progress,
                self.stepper.weights,
                self.stepper.optimizer,
                self._identity,
            )

    def _put(self, state: Mapping[str, torch.Tensor]) -> None:
        with torch.no_grad():
            for name, weight in self.stepper.weights.items():
                weight.copy_(state[name])


def _merit(row: Mapping[str, float]) -> tuple[float, float]:
    """Return what to compare epochs by: recall, then MRR, as recall on few pairs is often equal."""
    return row["recall@10"], row["mrr"]
