"""Runs the picture tower of a dual encoder in OpenVINO, several times as fast as torch on a CPU.

Converting takes some seconds, so the result is kept in the user's cache folder.
"""

import sys
import warnings
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from platformdirs import user_cache_path

from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.files import new_folder
from tubeseek.core.installation import install_command

PRECISIONS = {torch.float32: "f32", torch.bfloat16: "bf16", torch.float16: "f16"}
EXAMPLE_BATCH = 2  # with a batch of one, tracing would take the batch for a constant
MODEL_FILE = "tower.xml"


def not_installed() -> str:
    """Return the message for when OpenVINO is missing."""
    return (
        f"OpenVINO is not installed: {install_command('openvino')}, or use TUBESEEK_BACKEND=torch"
    )


def is_installed() -> bool:
    """Return whether the package is installed, without importing it."""
    return find_spec("openvino") is not None


class OpenVinoTower:
    """Maps pixel values to vectors. It may be called from any thread; calls take turns."""

    def __init__(
        self,
        model: Any,
        example: torch.Tensor,
        *,
        sees: str = "image",
        key: str,
        dtype: torch.dtype,
        threads: int,
        cache: Path | None = None,
    ) -> None:
        """Convert the tower, or read it from the cache, and compile it.

        Args:
            model: A float32 model in torch with `get_{sees}_features`.
            example: (1, 3, height, width), or (1, frames, 3, height, width) where it sees "video";
                float32, only its shape matters.
            sees: Which features to compute: "image" or "video".
            key: A name for the weights, such as the encoder's fingerprint.
            dtype: The number format to compute in; the vectors are always float32.
            threads: How many threads OpenVINO uses.
            cache: Folder for converted towers; by default the user's cache folder.

        Raises:
            ModelUnavailableError: OpenVINO is not installed, or cannot convert this model.
        """
        openvino = _openvino()
        height, width = example.shape[-2:]
        name = f"{key}-{height}x{width}-{openvino.__version__.split('-')[0]}"
        folder = (cache or user_cache_path("tubeseek")) / "openvino" / name
        try:
            if not (folder / MODEL_FILE).is_file():
                _convert(model, sees, example, folder)
            self._compiled = openvino.Core().compile_model(
                folder / MODEL_FILE,
                "CPU",
                {
                    "INFERENCE_PRECISION_HINT": PRECISIONS[dtype],
                    "INFERENCE_NUM_THREADS": threads,
                    "PERFORMANCE_HINT": "LATENCY",  # one batch at a time, with all threads
                },
            )
        except (RuntimeError, TypeError, ValueError, OSError) as error:
            raise ModelUnavailableError(
                f"OpenVINO cannot run this model ({str(error).strip().splitlines()[-1]}); "
                f"use TUBESEEK_BACKEND=torch, or delete {folder} if it is damaged"
            ) from error
        self._lock = Lock()

    def __call__(self, pixel_values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map pixel values (n, ...) of the example's shape to vectors (n, dim), not normalised."""
        with self._lock:
            features: NDArray[np.float32] = self._compiled([pixel_values])[0]
            return features.astype(np.float32)  # a copy: the next call writes over it


def _openvino() -> Any:
    """Import OpenVINO without its telemetry, which reports each import and conversion.

    It sends them through a package of its own, unless the user opts out. If that package cannot be
    imported, OpenVINO works without it.
    """
    if "openvino" not in sys.modules:
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        return import_module("openvino")
    except ImportError as error:
        raise ModelUnavailableError(not_installed()) from error


class _Features(torch.nn.Module):
    """Makes a module of the one method of the model that is converted."""

    def __init__(self, model: Any, sees: str) -> None:
        super().__init__()
        self.model = model
        self.sees = sees

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        method = getattr(self.model, f"get_{self.sees}_features")
        features: torch.Tensor = method(pixel_values).pooler_output
        return features


def _convert(model: Any, sees: str, example: torch.Tensor, folder: Path) -> None:
    """Write the converted tower into `folder`, completely or not at all."""
    openvino = _openvino()
    pixels = torch.zeros(EXAMPLE_BATCH, *example.shape[1:])
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # of branches on shapes, which are fixed here
        traced: Any = torch.jit.trace(  # type: ignore[no-untyped-call]
            _Features(model, sees), pixels, check_trace=False
        )
        converted = openvino.convert_model(traced, example_input=pixels)
    converted.reshape([-1, *example.shape[1:]])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with new_folder(folder) as unfinished:
        openvino.save_model(converted, unfinished / MODEL_FILE, compress_to_fp16=True)
