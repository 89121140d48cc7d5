"""Turns texts into the token ids that a dual encoder reads."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import torch
from transformers import AutoTokenizer, PretrainedConfig

from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.installation import package_command

# SigLIP pools its last position and was trained on 64 lower-cased tokens with the padding attended
# to, so that anything shorter gives another vector; its published tokenizers do not all say so.
# (Zhai et al. 2023, arXiv 2303.15343; Tschannen et al. 2025, arXiv 2502.14786)
PADS_IN_FULL_AND_LOWERS = {"siglip", "siglip2"}


class TextTokenizer:
    """Runs the tokenizer of a model, with the padding and the length that its text tower needs."""

    def __init__(self, folder: Path, config: PretrainedConfig) -> None:
        """Raises:
        ModelUnavailableError: The folder holds no tokenizer, or it needs a package that is missing.
        """
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(
                folder, config=config, local_files_only=True, trust_remote_code=False
            )
        except ImportError as error:
            raise ModelUnavailableError(
                f"the tokenizer of {folder} needs a package that is missing: "
                f"`{package_command('sentencepiece', 'protobuf')}` "
                f"({str(error).strip().splitlines()[0]})"
            ) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelUnavailableError(
                f"{folder} holds no tokenizer that transformers can read; save the model together "
                f"with its processor"
            ) from error
        # Without its files transformers makes a tokenizer that reads every word as unknown.
        names = self._tokenizer.vocab_files_names.values()
        if not any((folder / name).is_file() for name in names):
            raise ModelUnavailableError(
                f"{folder} holds no vocabulary ({', '.join(names)}); save the model together with "
                f"its tokenizer"
            )
        self._whole = config.model_type in PADS_IN_FULL_AND_LOWERS
        positions = getattr(config.get_text_config(), "max_position_embeddings", None)
        limit = int(self._tokenizer.model_max_length)
        self._max_tokens = min(limit, positions) if positions else limit
        self._lock = Lock()  # the fast tokenizers keep padding and truncation as mutable state

    def __call__(self, texts: Sequence[str]) -> dict[str, torch.Tensor]:
        """Return "input_ids" (n, tokens) and other inputs of the tower, such as "attention_mask".

        A text that is too long is cut. A batch is padded only to its longest text: ten tokens take
        a third of the time of CLIP's 77 and give the same vector.
        """
        if self._whole:
            texts = [text.lower() for text in texts]
        with self._lock:
            tokens = self._tokenizer(
                list(texts),
                padding="max_length" if self._whole else "longest",
                truncation=True,
                max_length=self._max_tokens,
                return_tensors="pt",
            )
        return dict(tokens)
