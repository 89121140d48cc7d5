"""What a store refuses: arguments that only a mistake in the program can bring about."""

from collections.abc import Mapping

from tubeseek.errors import EncoderMismatchError
from tubeseek.records import EmbeddingBatch, EncoderSpec, Vector, Video


def check_batch(spec: EncoderSpec, batch: EmbeddingBatch, payload: Mapping[str, Video]) -> None:
    """Raises ValueError if the vectors are of another length, or a segment's video is missing."""
    if batch.vectors.shape[1] != spec.dim:
        raise ValueError(f"this store holds {spec.dim=}, got {batch.vectors.shape=}")
    missing = {s.video_id for s in batch.segments} - payload.keys()
    if missing:
        raise ValueError(f"payload lacks the videos {sorted(missing)[:5]}")


def check_query(spec: EncoderSpec, vector: Vector) -> None:
    """Raises ValueError if the query vector is of another length."""
    if vector.shape != (spec.dim,):
        raise ValueError(f"this store holds {spec.dim=}, got {vector.shape=}")


def check_spec(stored: EncoderSpec, asked: EncoderSpec, where: str) -> None:
    """Raises EncoderMismatchError if the store at `where` holds vectors of another space."""
    if stored.same_space(asked):
        return
    raise EncoderMismatchError(
        f"{where} holds vectors of encoder {_named(stored)}, not of {_named(asked)}; "
        f"choose the encoder {stored.name!r} as it was, or index the videos again into a new place"
    )


def _named(spec: EncoderSpec) -> str:
    return f"{spec.name!r} ({spec.fingerprint}, {spec.dim} dimensions, {spec.frames} frames)"
