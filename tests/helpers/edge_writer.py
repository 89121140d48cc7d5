"""A program that writes to an Edge store until it is killed: `python edge_writer.py FOLDER MODE`.

It prints a line for each thing that the store has acknowledged. MODE "commit" commits after
every ten batches, building the graph each time.
"""

import sys
from pathlib import Path

import numpy as np

from tubeseek.core.types import EmbeddingBatch, EncoderSpec, Segment, SegmentKind, Video
from tubeseek.stores.edge.store import EdgeStore

SPEC = EncoderSpec("random", "v1", dim=32, frames=1, languages=("en", "ko"))
PER_BATCH = 20


def batch(number: int) -> EmbeddingBatch:
    """The segments of video number `number`; the same whenever it is called."""
    vectors = np.random.default_rng(number).standard_normal((PER_BATCH, SPEC.dim))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    segments = [Segment(f"v{number}", SegmentKind.STILL, i, i) for i in range(PER_BATCH)]
    return EmbeddingBatch(segments, vectors.astype(np.float32))


def main(folder: str, mode: str) -> None:
    store = EdgeStore(Path(folder), SPEC, hnsw_from=1)
    first = store.count() // PER_BATCH
    for number in range(first, 1_000_000):
        store.add(batch(number), {f"v{number}": Video(f"v{number}", "", "", views=number)})
        print("added", number, flush=True)
        if mode == "commit" and number % 10 == 9:
            print("committing", flush=True)
            store.commit()
            print("committed", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
