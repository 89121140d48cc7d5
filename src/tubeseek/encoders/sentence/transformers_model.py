"""Encodes the meaning of words with a sentence encoder of transformers, by mean pooling.

Reimers and Gurevych 2019, "Sentence-BERT" (arXiv 1908.10084, section 3) found the mean over the
tokens best, and most multilingual models published since use it. Models whose folder asks for
another pooling, or for a prompt before questions, are refused.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.types import MULTILINGUAL, EncoderSpec, Frames, Vectors
from tubeseek.encoders.device import choose_device
from tubeseek.encoders.dual.load import load_weights
from tubeseek.encoders.dual.tokenize import TextTokenizer
from tubeseek.encoders.fingerprint import fingerprint
from tubeseek.encoders.hub import model_folder

ADAPTER_VERSION = "mean of tokens 1"  # raise it when this package prepares texts differently
TEXTS_PER_BATCH = 32
POOLING = "1_Pooling/config.json"  # as sentence-transformers writes it
PROMPTS = "config_sentence_transformers.json"


class SentenceModel:
    """Implements `tubeseek.core.protocols.Encoder` for words only.

    Args:
        model: A hub id or a folder.
        device: "auto" or a torch device.

    Raises:
        ModelUnavailableError: It cannot be loaded, is damaged, or needs another pooling.
    """

    def __init__(self, model: str, device: str = "auto") -> None:
        folder = model_folder(model)
        _check_reading(folder)
        self._device = choose_device(device)
        self._model: Any = load_weights(folder, torch.float32).to(self._device)
        self._tokenize = TextTokenizer(folder, self._model.config)
        short = folder.name if Path(model).exists() else model
        self.spec = EncoderSpec(
            f"sentences-{short}",
            fingerprint(folder, adapter_version=ADAPTER_VERSION),
            int(self._model.config.hidden_size),
            frames=0,
            languages=(MULTILINGUAL,),
        )

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return vectors, (len(texts), dim)."""
        rows = [np.empty((0, self.spec.dim), np.float32)]
        for at in range(0, len(texts), TEXTS_PER_BATCH):
            tokens = self._tokenize(texts[at : at + TEXTS_PER_BATCH])
            tokens = {name: tensor.to(self._device) for name, tensor in tokens.items()}
            with torch.inference_mode():
                states = self._model(**tokens).last_hidden_state  # (n, tokens, dim)
            read = tokens["attention_mask"][..., None].to(states.dtype)
            means = (states * read).sum(1) / read.sum(1).clamp(min=1)
            rows.append(torch.nn.functional.normalize(means, dim=-1).float().cpu().numpy())
        return np.concatenate(rows)

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        """Raise ValueError, because this encoder reads no pictures."""
        raise ValueError(f"{self.spec.name} reads words only, got {len(clips)} clips")


def _check_reading(folder: Path) -> None:
    """Raise ModelUnavailableError if the folder asks for anything but the mean of the tokens."""
    pooling, prompts = _json(folder / POOLING), _json(folder / PROMPTS)
    if pooling and not pooling.get("pooling_mode_mean_tokens"):
        raise ModelUnavailableError(
            f"{folder} does not pool its tokens by their mean, the only supported way; choose "
            "another model, such as "
            "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
        )
    if any((prompts.get("prompts") or {}).values()):
        raise ModelUnavailableError(
            f"{folder} needs prompts before questions and texts, which are not supported; choose "
            "another model, such as sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
        )


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelUnavailableError(
            f"{path} is broken ({error}); copy or download the model again"
        ) from error
    return content if isinstance(content, dict) else {}
