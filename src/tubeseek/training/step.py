"""One step of training: from a batch to gradients, and from gradients to new weights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tubeseek.core.errors import ModelUnavailableError, TrainingError
from tubeseek.encoders.device import is_out_of_memory
from tubeseek.training.config import Loss, TrainConfig
from tubeseek.training.distributed import average_gradients, gather
from tubeseek.training.grad_cache import cached_backward
from tubeseek.training.losses import LossTerms, contrastive_loss, sigmoid_loss, within_modality
from tubeseek.training.trainable import Trainable

LARGEST_NORM = 1.0  # of the gradients of a step; longer ones are shortened to it
# Temperatures of the losses within a side, as published: SimCSE (Gao et al. 2021, arXiv 2104.08821)
# and SLIP, which adds SimCLR's loss of pictures to CLIP's (Mu et al. 2021, arXiv 2112.12750).
WITHIN_TEXTS, WITHIN_PICTURES = 0.05, 0.1
LOG_TEMPERATURE, BIAS = "log_temperature", "bias"
# CLIP's own bound of one that is learned, Radford et al. 2021, section 2.5; a run that starts
# lower, as SigLIP's weights do, may go as low as it started.
LOWEST_TEMPERATURE = 0.01


@dataclass(frozen=True, slots=True)
class LoadedBatch:
    """A batch, of which this process has read its share in chunks."""

    chunks: Sequence[Any]  # what `Trainable.embed` takes
    same: Tensor  # (n, n) bool, of all processes: which items are no negatives of each other


class Stepper:
    """Holds what learns and its optimiser."""

    def __init__(self, trainable: Trainable, config: TrainConfig, steps: int) -> None:
        """Args:
        trainable: The encoder.
        config: Of the run.
        steps: How many there will be, which the learning rate depends on.
        """
        self._trainable, self._config, self._steps = trainable, config, max(1, steps)
        start = math.log(config.temperature or trainable.temperature)
        self._lowest = min(start, math.log(LOWEST_TEMPERATURE))
        self._log_temperature = torch.nn.Parameter(
            torch.tensor(start, device=trainable.device), requires_grad=config.learn_temperature
        )
        self._bias = torch.nn.Parameter(
            torch.tensor(trainable.bias, device=trainable.device),
            requires_grad=config.learn_temperature and config.loss is Loss.SIGMOID,
        )
        self.weights: dict[str, torch.nn.Parameter] = dict(trainable.parameters())
        decayed = list(self.weights.values())
        free = [p for p in (self._log_temperature, self._bias) if p.requires_grad]
        if config.learn_temperature:
            self.weights |= {LOG_TEMPERATURE: self._log_temperature, BIAS: self._bias}
        self.optimizer = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": config.weight_decay},
                {"params": free, "weight_decay": 0.0},
            ],
            lr=config.lr,
        )

    @property
    def temperature(self) -> float:
        """The one in use."""
        return math.exp(float(self._log_temperature.detach()))

    def learning_rate(self, step: int) -> float:
        """Rises linearly, then falls along half a cosine to 0 (Loshchilov and Hutter 2017, SGDR,
        arXiv 1608.03983, without restarts).
        """
        rising = round(self._config.warmup * self._steps)
        if step < rising:
            return self._config.lr * (step + 1) / rising
        left = (step - rising) / max(1, self._steps - rising)
        return self._config.lr * 0.5 * (1 + math.cos(math.pi * min(1.0, left)))

    def backward(self, loaded: LoadedBatch, of: int = 1) -> dict[str, Tensor]:
        """Adds the gradients of one batch to those there are.

        Args:
            loaded: The batch.
            of: How many batches the step is made of; their mean is what it follows.

        Returns:
            The loss and its terms, detached, each a tensor () and without its weight; those within
            a side where they have one.

        Raises:
            TrainingError: The loss is no number.
            ModelUnavailableError: Memory does not hold the batch.
        """
        found: dict[str, Tensor] = {}
        same = loaded.same.to(self._trainable.device)

        def loss(*sides: Tensor) -> Tensor:
            found.update(self._terms([gather(side) for side in sides], same))
            return found["loss"] / of

        try:
            if len(loaded.chunks) > 1:
                cached_backward(loaded.chunks, self._embed, loss)
            else:
                torch.autograd.backward(loss(*self._embed(loaded.chunks[0])))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            raise ModelUnavailableError(
                "memory does not hold a batch and its gradients; use a smaller --chunk, which "
                "gives the same result, or --checkpointing"
            ) from error
        if not torch.isfinite(found["loss"]):
            raise TrainingError(
                "the loss is no number any more; use a lower --lr, or --dtype float32 if it is "
                "bfloat16. The checkpoint from before is kept"
            )
        return {name: term.detach() for name, term in found.items()}

    def update(self, step: int) -> float:
        """Takes a step along the gradients there are, and forgets them.

        Returns:
            The length of the gradient, before it was shortened.
        """
        learning = [p for p in self.weights.values() if p.requires_grad]
        average_gradients(learning)
        norm = float(torch.nn.utils.clip_grad_norm_(learning, LARGEST_NORM))
        if not math.isfinite(norm):
            raise TrainingError(
                "the gradients are no numbers any more; use a lower --lr. The checkpoint from "
                "before is kept"
            )
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate(step)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            self._log_temperature.clamp_(min=self._lowest)
        return norm

    def _embed(self, loaded: Any) -> tuple[Tensor, ...]:
        """Texts and pictures, then the second views of texts and of pictures that have weight."""
        sides: tuple[Tensor, ...] = self._trainable.embed(loaded)
        if self._config.within_texts:
            sides = (*sides, self._trainable.read_again(loaded))
        if self._config.within_pictures:
            sides = (*sides, self._trainable.see_again(loaded))
        return sides

    def _terms(self, sides: Sequence[Tensor], same: Tensor) -> dict[str, Tensor]:
        """The loss and its terms from what `_embed` gives, of all processes."""
        config = self._config
        texts, pictures, *again = sides
        between = self._loss(texts, pictures, same)
        loss = between.total
        terms = {"alignment": between.alignment, "uniformity": between.uniformity}
        if config.within_texts:
            within = within_modality(texts, again[0], WITHIN_TEXTS, form="simcse", same=same).total
            loss = loss + config.within_texts * within
            terms["within_texts"] = within
        if config.within_pictures:
            within = within_modality(pictures, again[-1], WITHIN_PICTURES, same=same).total
            loss = loss + config.within_pictures * within
            terms["within_pictures"] = within
        return {"loss": loss, **terms}

    def _loss(self, texts: Tensor, pictures: Tensor, same: Tensor) -> LossTerms:
        config = self._config
        temperature = self._log_temperature.exp()
        if config.loss is Loss.SIGMOID:
            return sigmoid_loss(
                texts,
                pictures,
                temperature,
                self._bias,
                alignment_weight=config.alignment_weight,
                uniformity_weight=config.uniformity_weight,
                same=same,
            )
        return contrastive_loss(
            texts,
            pictures,
            temperature,
            alignment_weight=config.alignment_weight,
            uniformity_weight=config.uniformity_weight,
            same=same,
        )
