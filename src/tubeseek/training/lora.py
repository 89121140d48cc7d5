"""Trains dual encoders of transformers (CLIP, SigLIP and the like, X-CLIP) with LoRA through PEFT.

X-CLIP is trained the way it is searched with, by `get_text_features` and `get_video_features`
separately: its forward pass would adapt each text to a video, which an index cannot do.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from tubeseek.core.errors import ConfigError, InputError
from tubeseek.core.lora_options import LoraOptions, Towers
from tubeseek.core.types import Frames, Vectors
from tubeseek.encoders.device import Batcher
from tubeseek.encoders.dual import encoder as dual_encoder
from tubeseek.encoders.dual import xclip
from tubeseek.encoders.dual.encoder import unit_rows
from tubeseek.encoders.dual.load import load_model
from tubeseek.encoders.dual.lora import temperature_of, training_dtype, with_lora
from tubeseek.encoders.dual.preprocess import ModelInputs, load_preprocessor
from tubeseek.encoders.dual.tokenize import TextTokenizer
from tubeseek.encoders.dual.xclip import MODEL_TYPE, is_xclip
from tubeseek.encoders.factory import resolve_model
from tubeseek.encoders.fingerprint import fingerprint
from tubeseek.encoders.hub import model_folder
from tubeseek.media.clips import read_clip
from tubeseek.media.pictures import read_picture
from tubeseek.training.config import NOT_LEARNED, TrainConfig
from tubeseek.training.data.augment import SIMCLR, augment
from tubeseek.training.data.batches import Item
from tubeseek.training.data.pairs import Pair

LONGEST_SIDE = {"image": 640, "video": 320}  # pixels; the same as for the library's own pictures
TEMPERATURE, BIAS = 0.07, -10.0  # for models without: the initial values of CLIP and of SigLIP
ENCODE_BATCH = 32


@dataclass(frozen=True, slots=True)
class LoadedPairs:
    """A chunk of a batch as inputs of the model."""

    texts: ModelInputs
    pictures: ModelInputs
    views: ModelInputs | None  # the augmented pictures; None: they were not requested


class LoraTrainable:
    """Implements `Trainable` for dual encoders."""

    def __init__(
        self,
        encoder: str,
        options: LoraOptions,
        *,
        dropout: float,
        device: torch.device,
        threads: int,
        seed: int,
    ) -> None:
        """Load the model and add LoRA to it.

        Args:
            encoder: A short name, hub id or folder.
            options: Which layers get LoRA, and of which rank.
            dropout: The share of the low-rank maps' inputs that is dropped in training.
            device: The device to compute on.
            threads: How many threads read and prepare pictures.
            seed: The seed of the low-rank maps' initial weights.

        Raises:
            ConfigError: peft is not installed, or the model has no such layers.
            ModelUnavailableError: The model cannot be loaded.
        """
        self.name = resolve_model(encoder).source
        self._folder = model_folder(self.name)
        self._sees = "video" if is_xclip(self._folder) else "image"
        self.fingerprint = fingerprint(self._folder, adapter_version=_version(self._sees))
        self.device, self._options, self._dropout = device, options, dropout
        self._dtype = training_dtype(options.dtype, device)
        model = load_model(self._folder, self._dtype, self._sees)
        self._tokenize = TextTokenizer(self._folder, model.config)
        self._preprocess = load_preprocessor(self._folder, threads)
        self._readers = ThreadPoolExecutor(threads, thread_name_prefix="pictures")
        self._frames: int = (
            model.config.vision_config.num_frames if model.config.model_type == MODEL_TYPE else 1
        )
        side = getattr(model.config.vision_config, "image_size", SIMCLR.side)
        self._augmentation = replace(
            SIMCLR,
            side=side if isinstance(side, int) else SIMCLR.side,
            mirrored=0.0,  # thumbnails are full of letters
        )
        self.temperature = temperature_of(model, TEMPERATURE)
        self.bias = float(getattr(model, "logit_bias", torch.tensor(BIAS)).detach())
        torch.manual_seed(seed)
        self._peft = with_lora(model, self.name, options, dropout).to(device)
        self._model: Any = self._peft.get_base_model()
        if options.checkpointing:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # between peft and transformers
                self._model.gradient_checkpointing_enable({"use_reentrant": False})
        self._train(on=False)
        self._batcher = Batcher(max(1, ENCODE_BATCH // self._frames))

    def parameters(self) -> Mapping[str, nn.Parameter]:
        return {name: p for name, p in self._peft.named_parameters() if p.requires_grad}

    def prepare(self, pairs: Sequence[Pair], digest: str) -> Iterator[int]:
        """Check that the pairs fit the model; there is nothing to compute ahead."""
        for pair in pairs:
            if self._sees == "video" and pair.start is None:
                raise InputError(
                    f"{pair.id} is a picture, but {self.name} reads clips; use data with video "
                    f"files, or train another --encoder"
                )
        yield len(pairs)

    def require(self, config: TrainConfig) -> None:
        frozen = {Towers.TEXT: "pictures", Towers.PICTURE: "texts"}.get(self._options.towers)
        weights = {"pictures": config.within_pictures, "texts": config.within_texts}
        if frozen and weights[frozen]:
            raise ConfigError(NOT_LEARNED.format(side=frozen))

    def load(self, items: Sequence[Item], *, augmented: bool = False) -> LoadedPairs:
        clips = self._clips([item.pair for item in items])
        views = list(self._readers.map(self._view, clips, items)) if augmented else []
        texts = self._tokenize([item.text for item in items])
        return LoadedPairs(texts, self._pixels(clips), self._pixels(views) if augmented else None)

    def embed(self, loaded: LoadedPairs) -> tuple[Tensor, Tensor]:
        return self.read_again(loaded), self._see(loaded.pictures)

    def read_again(self, loaded: LoadedPairs) -> Tensor:
        self._train(on=True)
        with self._autocast():
            read: Tensor = self._model.get_text_features(
                **self._on_device(loaded.texts)
            ).pooler_output
        return read

    def see_again(self, loaded: LoadedPairs) -> Tensor:
        if loaded.views is None:
            raise ValueError("the pictures were loaded without augmented views")
        return self._see(loaded.views)

    def encode(self, pairs: Sequence[Pair]) -> tuple[Vectors, Vectors]:
        self._train(on=False)
        texts = [text for pair in pairs for text in pair.texts]
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        rows = self._batcher.run([texts[place] for place in by_length], self._encode_texts)
        vectors = np.empty_like(rows)
        vectors[by_length] = rows
        return vectors, self._batcher.run(pairs, self._encode_pictures)

    def save(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PEFT warns if the hub has no card of the base model
            self._peft.save_pretrained(folder, safe_serialization=True, save_embedding_layers=False)

    def facts(self) -> dict[str, Any]:
        options = self._options
        return {
            "method": "lora",
            "rank": options.rank,
            "alpha": options.alpha,
            "targets": " ".join(options.targets),
            "towers": str(options.towers),
            "full_heads": options.full_heads,
            "dropout": self._dropout,
            "dtype": str(self._dtype).removeprefix("torch."),
        }

    def _see(self, pictures: ModelInputs) -> Tensor:
        self._train(on=True)
        with self._autocast():
            features: Tensor = self._features(**self._on_device(pictures)).pooler_output
        return features

    def _clips(self, pairs: Sequence[Pair]) -> list[Frames]:
        """Read the pictures or clips of pairs; in parallel, because the model waits for them."""
        return list(self._readers.map(self._clip, pairs))

    def _view(self, clip: Frames, item: Item) -> Frames:
        return augment(clip, np.random.default_rng(item.view), self._augmentation)

    def _clip(self, pair: Pair) -> Frames:
        side = LONGEST_SIDE[self._sees]
        if pair.start is None or pair.end is None:
            return read_picture(pair.picture, side)[None]
        return read_clip(pair.picture, pair.start, pair.end, self._frames, side)

    def _pixels(self, clips: Sequence[Frames]) -> ModelInputs:
        inputs = self._preprocess([frame for clip in clips for frame in clip])
        if self._sees == "image":
            return inputs
        values = inputs["pixel_values"]  # (n * frames, 3, h, w)
        return {"pixel_values": values.reshape(-1, self._frames, *values.shape[1:])}

    def _encode_texts(self, texts: Sequence[str]) -> Vectors:
        with torch.inference_mode(), self._autocast():
            tokens = self._on_device(self._tokenize(texts))
            return unit_rows(self._model.get_text_features(**tokens).pooler_output)

    def _encode_pictures(self, pairs: Sequence[Pair]) -> Vectors:
        with torch.inference_mode(), self._autocast():
            inputs = self._on_device(self._pixels(self._clips(pairs)))
            return unit_rows(self._features(**inputs).pooler_output)

    @property
    def _features(self) -> Any:
        return getattr(self._model, f"get_{self._sees}_features")

    def _autocast(self) -> torch.autocast:
        return torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=self._dtype is torch.bfloat16
        )

    def _on_device(self, inputs: ModelInputs) -> ModelInputs:
        return {
            key: value.to(self.device, self._dtype if value.is_floating_point() else None)
            for key, value in inputs.items()
        }

    def _train(self, *, on: bool) -> None:
        """Switch the dropout of the low-rank maps; the frozen model's stays off, as in a search.

        Checkpointing works only on modules in training mode.
        """
        if self._options.checkpointing:
            self._peft.train(on)
        for name, module in self._peft.named_modules():
            if isinstance(module, nn.Dropout):
                module.train(on and "lora_dropout" in name)


def _version(sees: str) -> str:
    """Return the adapter version of the base encoder, so that the card has its fingerprint."""
    return xclip.ADAPTER_VERSION if sees == "video" else dual_encoder.ADAPTER_VERSION
