"""Computes a short name for the weights and settings of a model, quickly enough for every start.

Hashing 600 MB in full takes seconds and would have to happen before every search. A sample is
enough: training changes nearly every number of every tensor that it touches, so one block of each
tensor (and one from every 4 MB of the large ones) distinguishes two models. The commit hash of the
hub would be quicker still, but then the same files in a folder would count as another model.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from tubeseek.core.errors import ModelUnavailableError
from tubeseek.encoders.hub import weight_files

BLOCK_BYTES = 256
STRIDE_BYTES = 4_000_000
LONGEST_HEADER_BYTES = 100_000_000  # the limit of the safetensors format

# Of each row the first that exists; the later ones say the same again.
SETTINGS = (
    ("config.json",),
    ("preprocessor_config.json", "processor_config.json"),
    ("tokenizer_config.json",),
    ("tokenizer.json", "vocab.json", "vocab.txt", "spiece.model", "sentencepiece.bpe.model"),
)


def fingerprint(folder: Path, *, adapter_version: str) -> str:
    """Return 16 hexadecimal digits that change with the weights, the settings and our own code.

    Args:
        folder: A folder that `save_pretrained` wrote.
        adapter_version: The version of the code that prepares pixels and words for the model.

    Raises:
        ModelUnavailableError: A weights file is damaged.
    """
    digest = hashlib.sha256(adapter_version.encode())
    for names in SETTINGS:
        for name in names:
            path = folder / name
            if path.is_file():
                digest.update(name.encode() + b"\0" + path.read_bytes())
                break
    for path in weight_files(folder):
        size = path.stat().st_size
        digest.update(f"{path.name}\0{size}\0".encode())
        with path.open("rb") as file:
            for start, length in _places(file, path, size):
                file.seek(start)
                digest.update(file.read(length))
    return digest.hexdigest()[:16]


def _places(file: BinaryIO, path: Path, size: int) -> Iterator[tuple[int, int]]:
    """Return the blocks to read, as (first byte, number of bytes)."""
    if path.suffix != ".safetensors":
        yield from _blocks(0, size)
        return
    header_bytes = int.from_bytes(file.read(8), "little")
    if not 2 <= header_bytes <= min(LONGEST_HEADER_BYTES, size - 8):
        raise _damaged(path)
    tensors = _tensors(file.read(header_bytes), path)
    yield 8, header_bytes
    for start, end in tensors:
        yield from _blocks(8 + header_bytes + start, 8 + header_bytes + end)


def _blocks(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Return one block from the middle of each of the equal parts of [start, end)."""
    parts = 1 + (end - start) // STRIDE_BYTES
    for part in range(parts):
        middle = start + (2 * part + 1) * (end - start) // (2 * parts)
        first = max(start, middle - BLOCK_BYTES // 2)
        yield first, min(BLOCK_BYTES, end - first)


def _tensors(header: bytes, path: Path) -> Sequence[tuple[int, int]]:
    """Return the byte ranges of the tensors, in the order of the file."""
    try:
        entries = json.loads(header)
        return sorted(
            (int(start), int(end))
            for start, end in (
                entry["data_offsets"] for name, entry in entries.items() if name != "__metadata__"
            )
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> ModelUnavailableError:
    return ModelUnavailableError(f"{path} is damaged; copy or download the model again")
