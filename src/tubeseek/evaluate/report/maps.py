"""A library laid out flat: what is near in the encoder's space is near on paper."""

import numpy as np

from tubeseek.evaluate.intervals import FloatArray
from tubeseek.records import Vectors

PCA_DIMENSIONS = 50
PERPLEXITY = 30.0


def flat_map(vectors: Vectors, seed: int = 0) -> FloatArray:
    """(n, 2) by principal components, then t-SNE.

    Source: van der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 2008. Which points are
    neighbours means something; how far apart clusters lie, and how large they are, does not.
    """
    from sklearn.decomposition import PCA  # type: ignore[import-untyped]
    from sklearn.manifold import TSNE  # type: ignore[import-untyped]
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    n = len(vectors)
    if np.ptp(vectors, axis=0).max(initial=0.0) == 0:  # one point has no directions
        return np.zeros((n, 2))
    dimensions = min(PCA_DIMENSIONS, n, vectors.shape[1])
    reduced = PCA(dimensions, random_state=seed).fit_transform(vectors.astype(np.float64))
    if n < 5:  # too few to have neighbours
        return np.asarray(np.pad(reduced, ((0, 0), (0, 2)))[:, :2], dtype=np.float64)
    perplexity = min(PERPLEXITY, (n - 1) / 3)
    # Its threads wait by spinning: on busy cores several are far slower than one.
    with threadpool_limits(1):
        laid = TSNE(2, perplexity=perplexity, init="pca", random_state=seed).fit_transform(reduced)
    return np.asarray(laid, dtype=np.float64)
