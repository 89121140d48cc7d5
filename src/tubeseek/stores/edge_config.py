"""How a shard of Qdrant Edge is set up."""

from pathlib import Path

import qdrant_edge as qe

from tubeseek.records import EncoderSpec
from tubeseek.stores.payload import INDEXED, FieldType

_SCHEMA = {
    FieldType.KEYWORD: qe.PayloadSchemaType.Keyword,
    FieldType.DATETIME: qe.PayloadSchemaType.Datetime,
    FieldType.FLOAT: qe.PayloadSchemaType.Float,
    FieldType.INTEGER: qe.PayloadSchemaType.Integer,
}


def create_shard(folder: Path, spec: EncoderSpec) -> qe.EdgeShard:
    """A new, empty shard in which every field that a filter may ask for is indexed.

    The dot product of unit vectors is their cosine; `Distance.Cosine` would write them rescaled.
    Graph and quantised copy come into being only when `optimize` is called.
    """
    config = qe.EdgeConfig(
        vectors=qe.EdgeVectorParams(size=spec.dim, distance=qe.Distance.Dot),
        hnsw_config=qe.HnswIndexConfig(m=16, ef_construct=100, full_scan_threshold=10_000),
        quantization_config=qe.ScalarQuantizationConfig(
            type=qe.ScalarType.Int8, memory=qe.Memory.Pinned
        ),
        optimizers=qe.EdgeOptimizersConfig(default_segment_number=1, indexing_threshold=1_000),
        wal_enabled=True,  # without it there is no lock, and acknowledged points can be lost
    )
    shard = qe.EdgeShard.create(str(folder), config)
    for name, kind in INDEXED.items():
        shard.update(qe.UpdateOperation.create_field_index(name, _SCHEMA[kind]))
    return shard
