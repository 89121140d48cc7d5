"""Gradients of a loss on a whole batch with the memory of a part of it: cached gradients.

Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup", arXiv
2101.06983. A contrastive loss needs all embeddings of the batch at once, but not all activations:

1. embed part by part without keeping activations;
2. the loss of all embeddings, and its gradient by each embedding: the cache;
3. embed part by part again, now with activations, and send the cached gradient through.

The second pass must meet the very dropout of the first, so the random state is put back. Layers
that normalise over the batch must be in evaluation mode: they would see a part of it, and count it
twice.
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
    """Adds the gradients of the loss of a whole batch to the parameters; one chunk at a time.

    Args:
        chunks: The batch in parts.
        embed: From a chunk to its embeddings, such as (pictures, texts), each (m, d).
        loss: From the embeddings of the whole batch, in the order of `embed`, to a tensor ().
        backward: What goes backward from the loss; one that scales it scales all gradients.

    Returns:
        The loss (), detached.

    Raises:
        ValueError: There is no chunk.
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
    at = 0
    for chunk, state in zip(chunks, states, strict=True):
        with state.replayed(), torch.enable_grad():
            embedded = embed(chunk)
        stop = at + len(embedded[0])
        some = [
            (side, grad[at:stop])
            for side, grad in zip(embedded, grads, strict=True)
            if grad is not None and side.requires_grad
        ]
        if some:
            torch.autograd.backward([side for side, _ in some], [grad for _, grad in some])
        at = stop
    return value.detach()


class _RandomState:
    """The state of torch's generators, on the CPU and on every GPU in use."""

    def __init__(self) -> None:
        self._cpu = torch.get_rng_state()
        used = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
        self._cuda = torch.cuda.get_rng_state_all() if used else []

    @contextmanager
    def replayed(self) -> Iterator[None]:
        """Inside, random numbers come as they did; outside, as if nothing had happened."""
        with torch.random.fork_rng(devices=range(len(self._cuda))):
            torch.set_rng_state(self._cpu)
            for device, state in enumerate(self._cuda):
                torch.cuda.set_rng_state(state, device)
            yield
