"""Trains the starter's heads: one linear map on each side, on features that are computed once.

`encoders/starter/heads.py` adds the heads when searching. The networks below them stay frozen, so
the features of pictures are kept, and an epoch over a thousand pairs takes a fraction of a second.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from torch import Tensor
from torch.nn import functional

from tubeseek.core.errors import ConfigError, InputError, TrainingError
from tubeseek.core.files import replacing
from tubeseek.core.lora_options import Towers
from tubeseek.core.types import Frames, Vectors
from tubeseek.encoders.adapters import CONFIG, WEIGHTS
from tubeseek.encoders.starter.encoder import StarterEncoder
from tubeseek.encoders.starter.heads import (
    KIND,
    PICTURE_DIM,
    PICTURE_HEAD,
    TEXT_DIM,
    TEXT_HEAD,
    StarterHeads,
)
from tubeseek.encoders.starter.text import unit
from tubeseek.media.pictures import read_picture
from tubeseek.training.config import NOT_LEARNED, TrainConfig
from tubeseek.training.data.batches import Item
from tubeseek.training.data.pairs import Pair

TEMPERATURE = 0.07
LONGEST_SIDE = 640  # pixels; the network sees 260
PAIRS_AT_ONCE = 32
NO_VIEWS = (
    "the starter computes the features of each picture once and cannot train on augmented views; "
    "leave --within-pictures out, or train another --encoder"
)
ARRAYS = ("points", "said", "seen", "features")  # keys of the file that caches them

Floats = NDArray[np.float32]


class StarterTrainable:
    """Implements `Trainable` for the starter encoder."""

    name = "starter"
    temperature = TEMPERATURE
    bias = -10.0

    def __init__(self, *, threads: int, dropout: float, towers: Towers, cache: Path) -> None:
        """Args:
        threads: Threads that encode pictures.
        dropout: The share of the heads' inputs that is dropped in training.
        towers: Which heads learn.
        cache: Folder where the features of pictures are kept.
        """
        self._encoder = StarterEncoder(threads)
        self.fingerprint = self._encoder.spec.fingerprint
        self.device = torch.device("cpu")
        self._dropout, self._towers, self._cache = dropout, towers, cache
        dim = self._encoder.spec.dim
        self._text_head = torch.nn.Parameter(torch.zeros(TEXT_DIM, dim))
        self._picture_head = torch.nn.Parameter(torch.zeros(PICTURE_DIM, dim))
        self._texts: dict[str, tuple[Floats, Floats]] = {}  # (dim,), (1024,)
        self._pictures: dict[Path, tuple[Floats, Floats]] = {}  # (dim,), (1280,)

    def parameters(self) -> Mapping[str, torch.nn.Parameter]:
        heads = {TEXT_HEAD: self._text_head, PICTURE_HEAD: self._picture_head}
        trained = {Towers.TEXT: TEXT_HEAD, Towers.PICTURE: PICTURE_HEAD}.get(self._towers)
        return {trained: heads[trained]} if trained else heads

    def prepare(self, pairs: Sequence[Pair], digest: str) -> Iterator[int]:
        """Compute the features of all texts and pictures; yield how many pairs are done."""
        kept = self._cache / f"heads-{self.fingerprint}-{digest[:16]}.safetensors"
        texts = [text for pair in pairs for text in pair.texts]
        cached = _read_kept(kept, len(texts), len(pairs))
        if cached is None:
            parts: list[dict[str, Floats]] = []
            for start in range(0, len(pairs), PAIRS_AT_ONCE):
                chunk = pairs[start : start + PAIRS_AT_ONCE]
                points, sentences = self._encoder.read([t for pair in chunk for t in pair.texts])
                picture_points, features = self._encoder.see([_picture(pair) for pair in chunk])
                arrays = (points, sentences, picture_points, features)
                parts.append(dict(zip(ARRAYS, arrays, strict=True)))
                yield start + len(chunk)
            cached = {name: np.concatenate([part[name] for part in parts]) for name in ARRAYS}
            _keep(kept, cached)
        points, sentences, picture_points, features = (cached[name] for name in ARRAYS)
        self._texts |= dict(zip(texts, zip(points, unit(sentences), strict=True), strict=True))
        paths = [pair.picture for pair in pairs]
        pictures = zip(picture_points, unit(features), strict=True)
        self._pictures |= dict(zip(paths, pictures, strict=True))

    def require(self, config: TrainConfig) -> None:
        if config.within_pictures:
            raise ConfigError(NO_VIEWS)
        if config.within_texts and self._towers is Towers.PICTURE:
            raise ConfigError(NOT_LEARNED.format(side="texts"))

    def load(
        self, items: Sequence[Item], *, augmented: bool = False
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        if augmented:
            raise ConfigError(NO_VIEWS)
        texts = [self._texts[item.text] for item in items]
        pictures = [self._pictures[item.pair.picture] for item in items]
        columns = (*zip(*texts, strict=True), *zip(*pictures, strict=True))
        points, sentences, picture_points, features = (
            torch.from_numpy(np.stack(column)) for column in columns
        )
        return points, sentences, picture_points, features

    def embed(self, loaded: tuple[Tensor, Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        _, _, picture_points, features = loaded
        read = self.read_again(loaded)
        looked = functional.dropout(features, self._dropout) @ self._picture_head
        return read, picture_points + looked

    def read_again(self, loaded: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
        points, sentences, _, _ = loaded
        return points + functional.dropout(sentences, self._dropout) @ self._text_head

    def see_again(self, loaded: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
        raise ConfigError(NO_VIEWS)

    def encode(self, pairs: Sequence[Pair]) -> tuple[Vectors, Vectors]:
        heads = StarterHeads(*(h.detach().numpy() for h in (self._text_head, self._picture_head)))
        texts = [self._texts[text] for pair in pairs for text in pair.texts]
        pictures = [self._pictures[pair.picture] for pair in pairs]
        points, sentences = (np.stack(column) for column in zip(*texts, strict=True))
        picture_points, features = (np.stack(column) for column in zip(*pictures, strict=True))
        return heads.read(points, sentences), heads.see(picture_points, features)

    def save(self, folder: Path) -> None:
        config = {"peft_type": KIND, "base_model_name_or_path": self.name}
        (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", "utf-8")
        heads = {TEXT_HEAD: self._text_head, PICTURE_HEAD: self._picture_head}
        save_file(
            {name: head.detach().contiguous().numpy() for name, head in heads.items()},
            folder / WEIGHTS,
        )

    def facts(self) -> dict[str, Any]:
        return {"method": "heads", "towers": str(self._towers), "dropout": self._dropout}


def _picture(pair: Pair) -> Frames:
    if pair.start is not None:
        raise InputError(
            f"{pair.id} is a clip, and the starter sees single pictures; train it on thumbnails, "
            f"or another --encoder on clips"
        )
    return read_picture(pair.picture, LONGEST_SIDE)[None]


def _read_kept(path: Path, texts: int, pictures: int) -> dict[str, Floats] | None:
    """Return the features that another run has kept; None if no file fits."""
    try:
        arrays: dict[str, Floats] = load_file(path)
    except (FileNotFoundError, SafetensorError):  # a damaged file is made again
        return None
    fits = set(arrays) == set(ARRAYS) and [len(arrays[name]) for name in ARRAYS] == [
        *(texts, texts),
        *(pictures, pictures),
    ]
    return arrays if fits else None


def _keep(path: Path, arrays: Mapping[str, Floats]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with replacing(path) as unfinished:
            save_file(dict(arrays), unfinished)
    except (OSError, SafetensorError) as error:  # the latter where the disk is full
        raise TrainingError(
            f"{path} cannot be written ({error}); make room, or choose another --out"
        ) from error
