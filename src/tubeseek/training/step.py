"""Takes one step of training: from a batch to gradients, and from gradients to new weights."""

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

LARGEST_NORM = 1.0  # the gradients of a step are scaled down to this length if they are longer
# Temperatures of the losses within a side, as published: SimCSE (Gao et al. 2021, arXiv 2104.08821)
# and SLIP, which adds SimCLR's loss of pictures to CLIP's (Mu et al. 2021, arXiv 2112.12750).
WITHIN_TEXTS, WITHIN_PICTURES = 0.05, 0.1
LOG_TEMPERATURE, BIAS = "log_temperature", "bias"
# CLIP's lower bound of a learned temperature (Radford et al. 2021, section 2.5). A run that starts
# lower, as SigLIP's weights do, may go as low as it started.
LOWEST_TEMPERATURE = 0.01


@dataclass(frozen=True, slots=True)
class LoadedBatch:
    """This process's share of a batch, read in chunks."""

    chunks: Sequence[Any]  # what `Trainable.embed` takes
    same: Tensor  # (n, n) bool, over all processes: items that are not negatives of each other


class Stepper:
    """Updates the weights of an encoder with AdamW."""

    def __init__(self, trainable: Trainable, config: TrainConfig, steps: int) -> None:
        """Args:
        trainable: The encoder.
        config: The settings of the run.
        steps: How many steps the run will take; the learning rate depends on it.
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
        """The temperature in use."""
        return math.exp(float(self._log_temperature.detach()))

    def learning_rate(self, step: int) -> float:
        """Return the learning rate of a step.

        It rises linearly, then falls along half a cosine to 0 (Loshchilov and Hutter 2017, SGDR,
        arXiv 1608.03983, without restarts).
        """
        rising = round(self._config.warmup * self._steps)
        if step < rising:
            return self._config.lr * (step + 1) / rising
        left = (step - rising) / max(1, self._steps - rising)
        return self._config.lr * 0.5 * (1 + math.cos(math.pi * min(1.0, left)))

    def backward(self, loaded: LoadedBatch, of: int = 1) -> dict[str, Tensor]:
        """Add the gradients of one batch to those accumulated so far.

        Args:
            loaded: The batch.
            of: How many batches make up the step, which follows the mean of their gradients.

        Returns:
            The loss and its unweighted terms by name, each a detached tensor (). The losses within
            a side are included only if they have a weight.

        Raises:
            TrainingError: The loss is not finite.
            ModelUnavailableError: The batch does not fit into memory.
        """
        terms: dict[str, Tensor] = {}
        same = loaded.same.to(self._trainable.device)

        def loss(*sides: Tensor) -> Tensor:
            terms.update(self._terms([gather(side) for side in sides], same))
            return terms["loss"] / of

        try:
            if len(loaded.chunks) > 1:
                cached_backward(loaded.chunks, self._embed, loss)
            else:
                torch.autograd.backward(loss(*self._embed(loaded.chunks[0])))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            raise ModelUnavailableError(
                "a batch and its gradients do not fit into memory; use a smaller --chunk, which "
                "gives the same result, or --checkpointing"
            ) from error
        if not torch.isfinite(terms["loss"]):
            raise TrainingError(
                "the loss is not finite any more; use a lower --lr, or --dtype float32 if it is "
                "bfloat16. The last checkpoint is kept"
            )
        return {name: term.detach() for name, term in terms.items()}

    def update(self, step: int) -> float:
        """Take a step along the accumulated gradients and clear them.

        Returns:
            The length of the gradient before it was scaled down.

        Raises:
            TrainingError: The gradients are not finite.
        """
        learning = [p for p in self.weights.values() if p.requires_grad]
        average_gradients(learning)
        norm = float(torch.nn.utils.clip_grad_norm_(learning, LARGEST_NORM))
        if not math.isfinite(norm):
            raise TrainingError(
                "the gradients are not finite any more; use a lower --lr. The last checkpoint is "
                "kept"
            )
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate(step)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            self._log_temperature.clamp_(min=self._lowest)
        return norm

    def _embed(self, loaded: Any) -> tuple[Tensor, ...]:
        """Embed texts and pictures, then second views of those whose loss has a weight."""
        sides: tuple[Tensor, ...] = self._trainable.embed(loaded)
        if self._config.within_texts:
            sides = (*sides, self._trainable.read_again(loaded))
        if self._config.within_pictures:
            sides = (*sides, self._trainable.see_again(loaded))
        return sides

    def _terms(self, sides: Sequence[Tensor], same: Tensor) -> dict[str, Tensor]:
        """Return the loss and its terms from the embeddings of all processes."""
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
