"""CLIP, SigLIP and their kind: one tower for pictures, one for words, through transformers."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from transformers import AutoModel
from transformers.utils import logging as transformers_logging

from tubeseek.encoders.device import (
    CPU_BATCH,
    GPU_BATCH,
    Batcher,
    choose_device,
    choose_dtype,
    physical_cores,
)
from tubeseek.encoders.dual_preprocess import ModelInputs, Picture, Preprocessor, load_preprocessor
from tubeseek.encoders.dual_texts import TextTokenizer
from tubeseek.encoders.fingerprint import fingerprint
from tubeseek.encoders.hub import model_folder
from tubeseek.errors import ModelUnavailableError
from tubeseek.records import MULTILINGUAL, UNDETERMINED, Clip, EncoderSpec, Vectors

ADAPTER_VERSION = "dual 1"  # raise it when this package prepares pixels or words differently

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model with a short name of ours."""

    hub_id: str
    languages: tuple[str, ...]


KNOWN_MODELS = MappingProxyType(
    {
        "clip": KnownModel("openai/clip-vit-base-patch32", ("en",)),
        "siglip2": KnownModel("google/siglip2-base-patch16-224", (MULTILINGUAL,)),
    }
)


class DualEncoder:
    """Implements `tubeseek.ports.Encoder` over any transformers model with two towers.

    The model is one that has `get_text_features` and `get_image_features`. Its code comes from
    transformers, never from the model's repository, and loading its weights executes nothing.
    """

    def __init__(
        self,
        model: str,
        *,
        name: str,
        device: str = "auto",
        dtype: str = "auto",
        batch_size: int | None = None,
        threads: int | None = None,
        revision: str | None = None,
    ) -> None:
        """Loads the words' side; the pictures' side is made ready when the first picture comes.

        Args:
            model: A key of `KNOWN_MODELS`, an id on the Hugging Face hub, or a folder.
            name: What the index remembers the encoder as.
            device: "auto" (CUDA, MPS, CPU, in this order) or a torch device.
            dtype: "auto", "float32", "bfloat16" or "float16". On a CPU it is that of the pictures'
                side; words stay in the precision of the weights, which costs a query nothing.
            batch_size: Pictures or texts at a time; halved when memory runs out.
            threads: Of torch, for the whole process; by default one for each physical core.
            revision: Branch, tag or commit on the hub.

        Raises:
            ModelUnavailableError: The model cannot be had, is damaged, or is of another kind.
            ConfigError: The device or the dtype does not exist.
        """
        torch.set_num_threads(threads or physical_cores())
        known = KNOWN_MODELS.get(model)
        self._device = choose_device(device)
        self._image_dtype = choose_dtype(dtype, self._device)
        on_cpu = self._device.type == "cpu"
        self._folder = model_folder(known.hub_id if known else model, revision)
        prints = fingerprint(self._folder, adapter_version=ADAPTER_VERSION)
        self._model = _load(self._folder, torch.float32 if on_cpu else self._image_dtype)
        self._model.to(device=self._device)
        self._tokenize = TextTokenizer(self._folder, self._model.config)
        self._batcher = Batcher(batch_size or (CPU_BATCH if on_cpu else GPU_BATCH))
        self._lock = Lock()
        self._preprocess: Preprocessor | None = None
        self._spec = EncoderSpec(
            name=name,
            fingerprint=prints,
            dim=self._encode_text_batch(["a"]).shape[1],
            frames=1,
            languages=known.languages if known else _languages(model),
        )

    @property
    def spec(self) -> EncoderSpec:
        return self._spec

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Returns (len(texts), dim); texts beyond the model's length are cut."""
        if not texts:
            return np.empty((0, self._spec.dim), np.float32)
        by_length = sorted(range(len(texts)), key=lambda index: len(texts[index]))  # least padding
        rows = self._batcher.run([texts[index] for index in by_length], self._encode_text_batch)
        vectors = np.empty_like(rows)
        vectors[by_length] = rows
        return vectors

    def encode_clips(self, clips: Sequence[Clip]) -> Vectors:
        """Returns (len(clips), dim).

        Raises:
            ValueError: A clip is not (1, height, width, 3) of uint8.
        """
        for clip in clips:
            if clip.dtype != np.uint8 or clip.ndim != 4 or clip.shape[0] != 1 or clip.shape[3] != 3:
                raise ValueError(
                    f"{self._spec.name} reads clips of (1, height, width, 3) uint8, "
                    f"got {clip.shape} {clip.dtype}"
                )
            if clip.size == 0:
                raise ValueError(f"a clip without pixels: {clip.shape}")
        if not clips:
            return np.empty((0, self._spec.dim), np.float32)
        return self._batcher.run([clip[0] for clip in clips], self._encode_picture_batch)

    def _encode_text_batch(self, texts: Sequence[str]) -> Vectors:
        tokens = {key: value.to(self._device) for key, value in self._tokenize(texts).items()}
        with torch.inference_mode():
            return _unit_rows(self._model.get_text_features(**tokens).pooler_output)

    def _encode_picture_batch(self, pictures: Sequence[Picture]) -> Vectors:
        inputs = self._ready_for_pictures()(pictures)
        with torch.inference_mode():
            return _unit_rows(
                self._model.get_image_features(**self._to_device(inputs)).pooler_output
            )

    def _to_device(self, inputs: ModelInputs) -> ModelInputs:
        return {
            key: value.to(self._device, self._image_dtype if value.is_floating_point() else None)
            for key, value in inputs.items()
        }

    def _ready_for_pictures(self) -> Preprocessor:
        with self._lock:
            if self._preprocess is None:
                for name, part in self._model.named_children():
                    if not name.startswith("text"):
                        part.to(self._image_dtype)
                self._preprocess = load_preprocessor(self._folder)
            return self._preprocess


def _languages(model: str) -> tuple[str, ...]:
    for known in KNOWN_MODELS.values():
        if known.hub_id == model:
            return known.languages
    return (UNDETERMINED,)


def _load(folder: Path, dtype: torch.dtype) -> Any:
    """The model in eval mode; of type Any, for PreTrainedModel does not know `get_*_features`."""
    try:
        with _without_progress_bar():
            model, report = AutoModel.from_pretrained(
                folder,
                dtype=dtype,
                local_files_only=True,
                trust_remote_code=False,
                weights_only=True,
                output_loading_info=True,
            )
    except Exception as error:  # a damaged file surfaces as whatever its reader stumbles on
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelUnavailableError(
            f"the model in {folder} cannot be loaded ({reason}); "
            f"copy or download it again, or choose another --encoder"
        ) from error
    if not (hasattr(model, "get_text_features") and hasattr(model, "get_image_features")):
        raise ModelUnavailableError(
            f"{folder} holds a {model.config.model_type} model, which does not map pictures and "
            f"words into one space; choose a model of the kind of CLIP or SigLIP"
        )
    if report["missing_keys"]:
        some = ", ".join(sorted(report["missing_keys"])[:3])
        raise ModelUnavailableError(
            f"{folder} lacks {len(report['missing_keys'])} of the model's tensors ({some}, ...); "
            f"copy or download the model again"
        )
    return model.eval()


@contextmanager
def _without_progress_bar() -> Iterator[None]:
    """Loading takes a second; only downloads, which take minutes, show how far they are."""
    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _unit_rows(rows: torch.Tensor) -> Vectors:
    vectors: Vectors = torch.nn.functional.normalize(rows.float(), dim=-1).cpu().numpy()
    if not np.isfinite(vectors).all():
        raise ModelUnavailableError(
            "the model gives numbers that are not finite: its weights are damaged, or it "
            "overflows; try `--dtype float32`"
        )
    return vectors
