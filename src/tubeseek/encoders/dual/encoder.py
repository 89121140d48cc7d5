"""Encodes with CLIP, SigLIP and the like: one tower for pictures, one for words."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import ClassVar

import numpy as np
import torch

from tubeseek.core.errors import ConfigError, ModelUnavailableError
from tubeseek.core.types import (
    UNDETERMINED,
    EncoderSpec,
    Frames,
    Vectors,
    refuse_other_form,
)
from tubeseek.encoders.adapters import Adapter, adapted_fingerprint
from tubeseek.encoders.device import (
    CPU_BATCH,
    GPU_BATCH,
    Batcher,
    choose_device,
    choose_dtype,
    physical_cores,
)
from tubeseek.encoders.dual import openvino
from tubeseek.encoders.dual.load import load_model
from tubeseek.encoders.dual.lora import merge_adapter
from tubeseek.encoders.dual.openvino import OpenVinoTower
from tubeseek.encoders.dual.preprocess import ModelInputs, Preprocessor, load_preprocessor
from tubeseek.encoders.dual.tokenize import TextTokenizer
from tubeseek.encoders.fingerprint import fingerprint
from tubeseek.encoders.hub import model_folder

ADAPTER_VERSION = "dual 1"  # raise it when this package prepares pixels or words differently
OPENVINO_TYPES = {"clip", "siglip", "xclip"}  # whose conversion is tested


class DualEncoder:
    """Implements `tubeseek.core.protocols.Encoder` with any transformers model of two towers.

    The model is one that has `get_text_features` and `get_image_features`. Its code comes from
    transformers, never from the model's repository, and loading its weights executes nothing.
    """

    _adapter_version: ClassVar[str] = ADAPTER_VERSION
    _sees: ClassVar[str] = "image"  # the model's method is get_image_features

    def __init__(
        self,
        model: str,
        *,
        name: str,
        languages: tuple[str, ...] = (UNDETERMINED,),
        device: str = "auto",
        dtype: str = "auto",
        batch_size: int | None = None,
        threads: int | None = None,
        backend: str = "auto",
        cache: Path | None = None,
        adapter: Adapter | None = None,
    ) -> None:
        """Load the text tower; the picture tower is prepared when the first picture comes.

        Args:
            model: An id on the Hugging Face hub, or a folder.
            name: The name of the encoder in the index.
            languages: ISO 639 codes of the languages that it reads.
            device: "auto" (CUDA, MPS, CPU, in this order) or a torch device.
            dtype: "auto", "float32", "bfloat16" or "float16". On a CPU it applies to the picture
                tower only; a query takes no longer with the text tower as its weights are.
            batch_size: Pictures or texts at a time; halved when memory runs out.
            threads: Threads that prepare pictures, and threads of OpenVINO; by default one for
                each physical core. `use_threads` sets those of torch.
            backend: What runs the picture tower: "torch", "openvino", or "auto", which is OpenVINO
                on a CPU if it is installed and the model is of a type in `OPENVINO_TYPES`, else
                torch. Vectors of both agree to a cosine of .999, so the fingerprint is the same,
                and either may search an index that the other made.
            cache: Folder for towers that OpenVINO converted; by default the user's cache folder.
            adapter: The trained adapter, in PEFT's format. It is merged into the weights, so it
                does not slow down the model.

        Raises:
            ModelUnavailableError: The model cannot be loaded, is damaged, or is of another kind;
                or the backend is "openvino" and it is not installed; or the adapter does not fit.
            ConfigError: The device, the dtype or the backend does not exist.
        """
        self._threads = physical_cores() if threads is None else threads
        if self._threads < 1:
            raise ConfigError(f"need at least one thread, got {threads}")
        self._device = choose_device(device)
        self._image_dtype = choose_dtype(dtype, self._device)
        on_cpu = self._device.type == "cpu"
        self._folder = model_folder(model)
        prints = fingerprint(self._folder, adapter_version=self._adapter_version)
        self._model = load_model(
            self._folder, torch.float32 if on_cpu else self._image_dtype, self._sees
        )
        if adapter is not None:
            self._model = merge_adapter(self._model, adapter)
            prints = adapted_fingerprint(prints, adapter)
        frames = self._frames_of_a_clip()
        self._model.to(device=self._device)
        self._tokenize = TextTokenizer(self._folder, self._model.config)
        self._batcher = Batcher(
            max(1, (CPU_BATCH if on_cpu else GPU_BATCH) // frames)
            if batch_size is None
            else batch_size
        )
        self._backend = _choose_backend(backend, self._device, self._model.config.model_type)
        self._cache = cache
        self._lock = Lock()
        self._preprocess: Preprocessor | None = None
        self._tower: OpenVinoTower | None = None
        self._spec = EncoderSpec(
            name=f"{name}+{adapter.name}" if adapter else name,
            fingerprint=prints,
            dim=self._encode_text_batch(["a"]).shape[1],
            frames=frames,
            languages=languages,
        )

    @property
    def spec(self) -> EncoderSpec:
        return self._spec

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return vectors, (len(texts), dim); texts beyond the model's length are cut."""
        if not texts:
            return np.empty((0, self._spec.dim), np.float32)
        by_length = sorted(range(len(texts)), key=lambda index: len(texts[index]))  # least padding
        rows = self._batcher.run([texts[index] for index in by_length], self._encode_text_batch)
        vectors = np.empty_like(rows)
        vectors[by_length] = rows
        return vectors

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        """Return vectors, (len(clips), dim).

        Raises:
            ValueError: A clip is not (spec.frames, height, width, 3) of uint8.
        """
        for clip in clips:
            refuse_other_form(clip, self._spec)
        if not clips:
            return np.empty((0, self._spec.dim), np.float32)
        return self._batcher.run(clips, self._encode_clip_batch)

    def _encode_text_batch(self, texts: Sequence[str]) -> Vectors:
        tokens = {key: value.to(self._device) for key, value in self._tokenize(texts).items()}
        with torch.inference_mode():
            return unit_rows(self._model.get_text_features(**tokens).pooler_output)

    def _encode_clip_batch(self, clips: Sequence[Frames]) -> Vectors:
        preprocess = self._ready_for_pictures()
        inputs = self._arranged(preprocess([frame for clip in clips for frame in clip]))
        if self._tower is not None:
            return unit_rows(torch.from_numpy(self._tower(inputs["pixel_values"].numpy())))
        features = getattr(self._model, f"get_{self._sees}_features")
        with torch.inference_mode():
            return unit_rows(features(**self._to_device(inputs)).pooler_output)

    def _frames_of_a_clip(self) -> int:
        return 1

    def _arranged(self, inputs: ModelInputs) -> ModelInputs:
        """Return the inputs of single frames in the shape that the model takes."""
        return inputs

    def _to_device(self, inputs: ModelInputs) -> ModelInputs:
        return {
            key: value.to(self._device, self._image_dtype if value.is_floating_point() else None)
            for key, value in inputs.items()
        }

    def _ready_for_pictures(self) -> Preprocessor:
        with self._lock:
            if self._preprocess is None:
                preprocess = load_preprocessor(self._folder, self._threads)
                if self._backend == "openvino":
                    blank = [np.zeros((8, 8, 3), np.uint8)] * self._spec.frames
                    self._tower = OpenVinoTower(
                        self._model,
                        self._arranged(preprocess(blank))["pixel_values"],
                        sees=self._sees,
                        key=self._spec.fingerprint,
                        dtype=self._image_dtype,
                        threads=self._threads,
                        cache=self._cache,
                    )
                else:
                    for name, part in self._model.named_children():
                        if not name.startswith("text"):
                            part.to(self._image_dtype)
                self._preprocess = preprocess
            return self._preprocess


def _choose_backend(backend: str, device: torch.device, model_type: str) -> str:
    if backend == "auto":
        fits = device.type == "cpu" and model_type in OPENVINO_TYPES
        return "openvino" if fits and openvino.is_installed() else "torch"
    if backend not in ("torch", "openvino"):
        raise ConfigError(f"unknown backend {backend!r}; use auto, torch or openvino")
    if backend == "openvino":
        if device.type != "cpu":
            raise ConfigError(
                f"OpenVINO runs on the CPU, not on {device}; set TUBESEEK_BACKEND=torch"
            )
        if not openvino.is_installed():
            raise ModelUnavailableError(openvino.not_installed())
    return backend


def unit_rows(rows: torch.Tensor) -> Vectors:
    """Return rows of unit length in numpy's float32; raise an error if they are not finite."""
    vectors: Vectors = torch.nn.functional.normalize(rows.float(), dim=-1).cpu().numpy()
    if not np.isfinite(vectors).all():
        raise ModelUnavailableError(
            "the model gives numbers that are not finite: its weights are damaged, or it "
            "overflows; set TUBESEEK_DTYPE=float32"
        )
    return vectors
