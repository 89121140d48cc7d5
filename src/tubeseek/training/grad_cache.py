"""Computes the gradients of a loss on a whole batch in the memory of one chunk of it.

Cached gradients: Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size under Memory
Limited Setup", arXiv 2101.06983. A contrastive loss needs all embeddings of the batch at once, but
not all activations:

1. Embed chunk by chunk without keeping activations.
2. Compute the loss of all embeddings, and cache its gradient with respect to each embedding.
3. Embed chunk by chunk again, now with activations, and backpropagate the cached gradients.

The second pass needs the same dropout as the first, so the random state is restored. Layers that
normalise over the batch must be in evaluation mode: they would see only a chunk, and see it twice.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor

T = TypeVar("T")


def cached_backward(
    chunks: Sequence[T],
    embed: Callable[[T], tuple[Tensor, ...]],
    loss: Callable[..., Tensor],
    *,
    backward: Callable[[Tensor], None] = Tensor.backward,
) -> Tensor:
    """Add the gradients of the loss of a whole batch to the parameters, one chunk at a time.

    Args:
        chunks: The parts of the batch.
        embed: Returns the embeddings of a chunk, such as (pictures, texts), each (m, d).
        loss: Takes the embeddings of the whole batch, in the order of `embed`; returns a tensor ().
        backward: Backpropagates from the loss; if it scales the loss, all gradients are scaled.

    Returns:
        The loss (), detached.

    Raises:
        ValueError: `chunks` is empty.
    """
    if not chunks:
        raise ValueError("a batch needs at least one chunk")
    states: list[_RandomState] = []
    parts: list[tuple[Tensor, ...]] = []
    with torch.no_grad():
        for chunk in chunks:
            states.append(_RandomState())
            parts.append(embed(chunk))
    wholes = [torch.cat(side).requires_grad_() for side in zip(*parts, strict=True)]
    with torch.enable_grad():
        value = loss(*wholes)
        backward(value)
    grads = [whole.grad for whole in wholes]
    start = 0
    for chunk, state in zip(chunks, states, strict=True):
        with state.replayed(), torch.enable_grad():
            embedded = embed(chunk)
        stop = start + len(embedded[0])
        learning = [
            (side, grad[start:stop])
            for side, grad in zip(embedded, grads, strict=True)
            if grad is not None and side.requires_grad
        ]
        if learning:
            torch.autograd.backward([side for side, _ in learning], [grad for _, grad in learning])
        start = stop
    return value.detach()


class _RandomState:
    """A snapshot of torch's random generators on the CPU and on every GPU in use."""

    def __init__(self) -> None:
        self._cpu = torch.get_rng_state()
        used = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
        self._cuda = torch.cuda.get_rng_state_all() if used else []

    @contextmanager
    def replayed(self) -> Iterator[None]:
        """Repeat the random numbers from the snapshot on; those after the block are unaffected."""
        with torch.random.fork_rng(devices=range(len(self._cuda))):
            torch.set_rng_state(self._cpu)
            for device, state in enumerate(self._cuda):
                torch.cuda.set_rng_state(state, device)
            yield
