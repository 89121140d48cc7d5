"""Losses on pairs of embeddings. Pure functions of tensors.

Notation. The embeddings h_i and h_i+ of the two sides of pair i are rows of `left` and `right`, n
of them; sim is the cosine, tau the temperature. Embeddings are brought to unit length in here, in
float32 at least, so a tower's raw output may be given. Every loss is the mean over the batch, not
the sum: gradients then do not grow with the batch.

False negatives. `same[i, j]` says that items i and j mean the same though they are two pairs. They
are no negatives of each other: (i, j) is left out of every sum over j. The diagonal is the pairs
themselves and never left out, whatever the mask says.
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
    """The contrastive loss as alignment and uniformity, in both directions.

        alignment  = mean_i [ -sim(h_i, h_i+) / tau ]
        uniformity = mean_i [ log sum_j exp(sim(h_i, h_j+) / tau) ]

    uniformity being the mean of that and of its mirror image, log sum_j exp(sim(h_i+, h_j) / tau).
    With weights 1, 1 this is InfoNCE (van den Oord et al. 2018, arXiv 1807.03748, eq. 4) in both
    directions, the loss of CLIP (Radford et al. 2021, arXiv 2103.00020, fig. 3). That its two terms
    pull apart as alignment and uniformity: Wang and Isola 2020 (arXiv 2005.10242, theorem 1).

    Known values: log n where all embeddings are equal; log(1 + (n - 1) exp(-1 / tau)) where pairs
    coincide and different pairs are orthogonal.

    Args:
        left: (n, d).
        right: (n, d), row i being the pair of row i of `left`.
        temperature: tau.
        alignment_weight: Factor of the first term in the total.
        uniformity_weight: Factor of the second.
        same: (n, n) bool, symmetric: which items are no negatives of each other.
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
    """The same for two views of one side: pictures augmented twice, texts under two dropouts.

    simclr: NT-Xent (Chen et al. 2020, arXiv 2002.05709, eq. 1). Each of the 2n views z is told from
    the 2n - 2 views of other items, in both views:

        mean over the 2n of [ -sim(z, z+) / tau + log sum_{z' is not z} exp(sim(z, z') / tau) ]

    simcse: (Gao et al. 2021, arXiv 2104.08821, eq. 4). Only the second views are told apart:

        mean over the n of [ -sim(z_i, z_i') / tau + log sum_j exp(sim(z_i, z_j') / tau) ]

    Known values where all are equal: log(2n - 1) and log n.

    Args:
        first: (n, d), the items seen one way.
        second: (n, d), the same items seen another way.
        temperature: tau; published: 0.5 (SimCLR, long training 0.1), 0.05 (SimCSE).
        form: Which of the two.
        alignment_weight: Factor of what draws views of one item together.
        uniformity_weight: Factor of the logarithm.
        same: (n, n) bool, symmetric: which items are no negatives of each other.
    """
    masked = _off_diagonal(same, len(first))
    if form == "simcse":
        scores = _cosines(first, second) / temperature  # (n, n)
        pull = -scores.diagonal().mean()
        push = _without(scores, masked).logsumexp(dim=1).mean()
    elif form == "simclr":
        both = torch.cat([first, second])
        scores = _cosines(both, both) / temperature  # (2n, 2n)
        pull = -scores.diagonal(len(first)).mean()  # the matrix is symmetric: half tells the whole
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
    """SigLIP's loss: each of the n * n combinations is judged by itself as a pair or none.

        -(1/n) sum_i sum_j log sigmoid( y_ij (sim(h_i, h_j+) / tau + b) )

    with y_ij = 1 where i = j, else -1 (Zhai et al. 2023, arXiv 2303.15343, eq. 1, t = 1 / tau). The
    alignment term is the sum over the pairs, the uniformity term that over the rest; they add up to
    the loss. The paper starts at tau = 0.1 and b = -10, so that the many negatives do not dominate
    the first steps.

    Known value where all are equal, tau = 1 and b = -1: n log 2.

    Args:
        left: (n, d).
        right: (n, d), row i being the pair of row i of `left`.
        temperature: tau.
        bias: b, a number or a learned tensor ().
        alignment_weight: Factor of the pairs.
        uniformity_weight: Factor of the rest.
        same: (n, n) bool, symmetric: combinations that are neither pairs nor none; left out.
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
    """How far apart the two sides of pairs are: mean_i |x_i - y_i|^alpha, 0 at best, () .

    A metric, not a loss: Wang and Isola 2020, arXiv 2005.10242, section 4.

    Args:
        x: (n, d), of any length.
        y: (n, d), their pairs.
        alpha: The paper's is 2.
    """
    distances = torch.linalg.vector_norm(_unit(x) - _unit(y), dim=1)  # (n,)
    mean: Tensor = distances.pow(alpha).mean()
    return mean


def uniformity(x: Tensor, t: float = 2.0) -> Tensor:
    """How evenly embeddings fill the sphere: log of the mean of exp(-t |x_i - x_j|^2) over i < j.

    0 where all are equal; the lower the better, () . A metric: Wang and Isola 2020, section 4.

    Args:
        x: (n, d) with n of at least 2, of any length; n * n / 2 numbers are held in memory.
        t: The paper's is 2.
    """
    if len(x) < 2:
        raise ValueError(f"uniformity needs at least two embeddings, got {len(x)}")
    squared = torch.pdist(_unit(x)).square()  # (n * (n - 1) / 2,)
    return (-t * squared).logsumexp(dim=0) - math.log(len(squared))


def _unit(x: Tensor) -> Tensor:
    """Rows of unit length, in float32 where they came in less: 1 / tau multiplies every error."""
    wide = x if x.dtype == torch.float64 else x.float()
    return functional.normalize(wide, dim=-1)


def _cosines(left: Tensor, right: Tensor) -> Tensor:
    if left.ndim != 2 or left.shape != right.shape or len(left) == 0:
        raise ValueError(f"need two (n, d), got {tuple(left.shape)} and {tuple(right.shape)}")
    with torch.autocast(left.device.type, enabled=False):  # it would multiply in bfloat16
        return _unit(left) @ _unit(right).T


def _off_diagonal(same: Tensor | None, n: int) -> Tensor | None:
    if same is None:
        return None
    if same.shape != (n, n) or same.dtype != torch.bool:
        raise ValueError(f"same must be bool ({n}, {n}), got {same.dtype} {tuple(same.shape)}")
    return same & ~torch.eye(n, dtype=torch.bool, device=same.device)


def _without(scores: Tensor, left_out: Tensor | None) -> Tensor:
    """Scores in which what is left out adds nothing to a sum of exponentials."""
    return scores if left_out is None else scores.masked_fill(left_out, -math.inf)
