"""Computes losses on pairs of embeddings, as pure functions of tensors.

Notation: h_i and h_i+, the embeddings of the two sides of pair i, are row i of `left` and `right`,
which have n rows each; sim is the cosine and tau the temperature. The functions scale embeddings to
unit length themselves, in float32 or better, so callers may pass a tower's raw output. Every loss
is the mean over the batch, not the sum, so that gradients do not grow with the batch.

False negatives: `same[i, j]` says that items i and j mean the same although they belong to
different pairs. They do not count as negatives of each other: (i, j) is left out of every sum over
j. The diagonal holds the pairs themselves and is never left out, whatever the mask says.
"""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

Temperature: TypeAlias = float | Tensor  # above 0; a tensor () where it is learned
WithinModality: TypeAlias = Literal["simclr", "simcse"]


@dataclass(frozen=True, slots=True)
class LossTerms:
    """A loss and the two terms that it weighs; each a tensor ()."""

    total: Tensor
    alignment: Tensor  # unweighted: what pulls the two sides of a pair together
    uniformity: Tensor  # unweighted: what pushes everything apart


def contrastive_loss(
    left: Tensor,
    right: Tensor,
    temperature: Temperature,
    *,
    alignment_weight: float = 1.0,
    uniformity_weight: float = 1.0,
    same: Tensor | None = None,
) -> LossTerms:
    """Return the contrastive loss of both directions, split into alignment and uniformity.

        alignment  = mean_i [ -sim(h_i, h_i+) / tau ]
        uniformity = mean_i [ log sum_j exp(sim(h_i, h_j+) / tau) ]

    where uniformity is averaged with its mirror image, log sum_j exp(sim(h_i+, h_j) / tau). With
    both weights 1, this is InfoNCE (van den Oord et al. 2018, arXiv 1807.03748, eq. 4) in both
    directions, the loss of CLIP (Radford et al. 2021, arXiv 2103.00020, fig. 3). Wang and Isola
    2020 (arXiv 2005.10242, theorem 1) show that it splits into these two terms.

    Known values: log n if all embeddings are equal; log(1 + (n - 1) exp(-1 / tau)) if the two sides
    of a pair coincide and different pairs are orthogonal.

    Args:
        left: (n, d).
        right: (n, d); row i is the other side of row i of `left`.
        temperature: tau.
        alignment_weight: Factor of the first term in the total.
        uniformity_weight: Factor of the second term.
        same: (n, n) bool, symmetric: which items do not count as negatives of each other.
    """
    scores = _cosines(left, right) / temperature  # (n, n)
    kept = _without(scores, _off_diagonal(same, len(scores)))
    pull = -scores.diagonal().mean()
    push = (kept.logsumexp(dim=1) + kept.logsumexp(dim=0)).mean() / 2
    return LossTerms(alignment_weight * pull + uniformity_weight * push, pull, push)


def within_modality(
    first: Tensor,
    second: Tensor,
    temperature: Temperature,
    *,
    form: WithinModality = "simclr",
    alignment_weight: float = 1.0,
    uniformity_weight: float = 1.0,
    same: Tensor | None = None,
) -> LossTerms:
    """Return the contrastive loss of two views of one side.

    The views are pictures augmented twice, or texts encoded under two dropouts.

    simclr: NT-Xent (Chen et al. 2020, arXiv 2002.05709, eq. 1). Each of the 2n views z is
    contrasted with both views of the other n - 1 items:

        mean over the 2n of [ -sim(z, z+) / tau + log sum_{z' is not z} exp(sim(z, z') / tau) ]

    simcse: (Gao et al. 2021, arXiv 2104.08821, eq. 4). Each first view is contrasted with the
    second views only:

        mean over the n of [ -sim(z_i, z_i') / tau + log sum_j exp(sim(z_i, z_j') / tau) ]

    Known values if all embeddings are equal: log(2n - 1) for simclr, log n for simcse.

    Args:
        first: (n, d), the first view of each item.
        second: (n, d), the second view of the same items.
        temperature: tau; published: 0.5 (SimCLR, long training 0.1), 0.05 (SimCSE).
        form: Which of the two losses to compute.
        alignment_weight: Factor of the term that draws the views of an item together.
        uniformity_weight: Factor of the logarithm.
        same: (n, n) bool, symmetric: which items do not count as negatives of each other.
    """
    masked = _off_diagonal(same, len(first))
    if form == "simcse":
        scores = _cosines(first, second) / temperature  # (n, n)
        pull = -scores.diagonal().mean()
        push = _without(scores, masked).logsumexp(dim=1).mean()
    elif form == "simclr":
        both = torch.cat([first, second])
        scores = _cosines(both, both) / temperature  # (2n, 2n)
        pull = -scores.diagonal(len(first)).mean()  # the matrix is symmetric: one half is enough
        itself = torch.eye(len(both), dtype=torch.bool, device=both.device)
        left_out = itself if masked is None else itself | masked.repeat(2, 2)
        push = _without(scores, left_out).logsumexp(dim=1).mean()
    else:
        raise ValueError(f"form must be simclr or simcse, got {form!r}")
    return LossTerms(alignment_weight * pull + uniformity_weight * push, pull, push)


def sigmoid_loss(
    left: Tensor,
    right: Tensor,
    temperature: Temperature,
    bias: Temperature,
    *,
    alignment_weight: float = 1.0,
    uniformity_weight: float = 1.0,
    same: Tensor | None = None,
) -> LossTerms:
    """Return SigLIP's loss, which judges each of the n * n combinations by itself: a pair or not.

        -(1/n) sum_i sum_j log sigmoid( y_ij (sim(h_i, h_j+) / tau + b) )

    with y_ij = 1 where i = j, else -1 (Zhai et al. 2023, arXiv 2303.15343, eq. 1, t = 1 / tau). The
    alignment term is the part of the sum over the pairs, the uniformity term the part over all
    other combinations; together they are the loss. The paper starts at tau = 0.1 and b = -10, so
    that the many negatives do not dominate the first steps.

    Known value if all embeddings are equal, tau = 1 and b = -1: n log 2.

    Args:
        left: (n, d).
        right: (n, d); row i is the other side of row i of `left`.
        temperature: tau.
        bias: b, a number or a learned tensor ().
        alignment_weight: Factor of the pairs.
        uniformity_weight: Factor of the other combinations.
        same: (n, n) bool, symmetric: combinations to leave out, being neither pairs nor negatives.
    """
    scores = _cosines(left, right) / temperature + bias  # (n, n)
    n = len(scores)
    pull = -functional.logsigmoid(scores.diagonal()).mean()
    rest = ~torch.eye(n, dtype=torch.bool, device=scores.device)
    if (masked := _off_diagonal(same, n)) is not None:
        rest &= ~masked
    push = -functional.logsigmoid(-scores)[rest].sum() / n
    return LossTerms(alignment_weight * pull + uniformity_weight * push, pull, push)


def alignment(x: Tensor, y: Tensor, alpha: float = 2.0) -> Tensor:
    """Return how far apart the two sides of pairs are: mean_i |x_i - y_i|^alpha, a tensor ().

    This is a metric, not a loss (Wang and Isola 2020, arXiv 2005.10242, section 4); 0 is best.

    Args:
        x: (n, d), rows of any length.
        y: (n, d); row i is the other side of row i of `x`.
        alpha: The exponent; the paper uses 2.
    """
    distances = torch.linalg.vector_norm(_unit(x) - _unit(y), dim=1)  # (n,)
    mean: Tensor = distances.pow(alpha).mean()
    return mean


def uniformity(x: Tensor, t: float = 2.0) -> Tensor:
    """Return how evenly embeddings fill the sphere, a tensor ().

        log of the mean over i < j of exp(-t |x_i - x_j|^2)

    This is a metric, not a loss (Wang and Isola 2020, section 4); 0 if all embeddings are equal,
    and the lower the better.

    Args:
        x: (n, d), n at least 2, rows of any length; takes n * n / 2 numbers of memory.
        t: The factor of the squared distance; the paper uses 2.
    """
    if len(x) < 2:
        raise ValueError(f"uniformity needs at least two embeddings, got {len(x)}")
    squared = torch.pdist(_unit(x)).square()  # (n * (n - 1) / 2,)
    return (-t * squared).logsumexp(dim=0) - math.log(len(squared))


def _unit(x: Tensor) -> Tensor:
    """Return rows of unit length, in float32 or better because 1 / tau multiplies every error."""
    wide = x if x.dtype == torch.float64 else x.float()
    return functional.normalize(wide, dim=-1)


def _cosines(left: Tensor, right: Tensor) -> Tensor:
    if left.ndim != 2 or left.shape != right.shape or len(left) == 0:
        raise ValueError(
            f"left and right must have one shape (n, d), n above 0, got {tuple(left.shape)} and "
            f"{tuple(right.shape)}"
        )
    with torch.autocast(left.device.type, enabled=False):  # it would multiply in bfloat16
        return _unit(left) @ _unit(right).T


def _off_diagonal(same: Tensor | None, n: int) -> Tensor | None:
    if same is None:
        return None
    if same.shape != (n, n) or same.dtype != torch.bool:
        raise ValueError(f"same must be bool ({n}, {n}), got {same.dtype} {tuple(same.shape)}")
    return same & ~torch.eye(n, dtype=torch.bool, device=same.device)


def _without(scores: Tensor, left_out: Tensor | None) -> Tensor:
    """Return scores in which what is left out adds nothing to a sum of exponentials."""
    return scores if left_out is None else scores.masked_fill(left_out, -math.inf)
