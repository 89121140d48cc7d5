"""Opens adapters, the weights that training adds to an encoder.

An adapter is a folder in PEFT's format: `adapter_config.json`, which names the encoder that it was
trained for, and `adapter_model.safetensors`. `core/encoder_names.py` says how the name of an
encoder with an adapter is written.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tubeseek.core.errors import ModelUnavailableError

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
DIGITS = 16  # of fingerprints


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter on disk."""

    folder: Path
    base: str  # the encoder that it was trained for: a name, a hub id or a folder
    kind: str  # PEFT's "LORA", or `starter_heads.KIND`
    digest: str  # of its configuration and weights
    config: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name that indexes give it."""
        return self.folder.name


def open_adapter(adapter: str) -> Adapter:
    """Open an adapter by its folder or its id on the Hugging Face hub.

    Raises:
        ModelUnavailableError: It is not found, cannot be downloaded, or is incomplete.
    """
    folder = Path(adapter).expanduser()
    if not folder.is_dir():
        folder = _from_hub(adapter)
    for name in (CONFIG, WEIGHTS):
        if not (folder / name).is_file():
            raise ModelUnavailableError(
                f"{folder} has no {name}; give --adapter a folder that `tubeseek train` or PEFT "
                f"has written"
            )
    text = (folder / CONFIG).read_bytes()
    try:
        config = json.loads(text)
        base, kind = config["base_model_name_or_path"], config["peft_type"]
        if not (isinstance(base, str) and isinstance(kind, str)):
            raise TypeError(f"{base=} {kind=}")
    except (ValueError, LookupError, TypeError) as error:
        raise ModelUnavailableError(
            f"{folder / CONFIG} is not a configuration of PEFT ({error}); copy the adapter again"
        ) from error
    digest = hashlib.sha256(text)
    with (folder / WEIGHTS).open("rb") as file:
        digest.update(hashlib.file_digest(file, "sha256").digest())
    return Adapter(folder, base, kind, digest.hexdigest()[:DIGITS], MappingProxyType(config))


def adapted_fingerprint(base: str, adapter: Adapter) -> str:
    """Return the fingerprint of an encoder with an adapter, from that of the encoder alone."""
    return hashlib.sha256(f"{base} {adapter.digest}".encode()).hexdigest()[:DIGITS]


def _from_hub(adapter: str) -> Path:
    if Path(adapter).is_absolute() or adapter.startswith((".", "~")) or adapter.count("/") != 1:
        raise ModelUnavailableError(f"there is no adapter {adapter}; check the path")
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(adapter, allow_patterns=[CONFIG, WEIGHTS]))
    except Exception as error:  # the errors depend on the HTTP library, and that on the version
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelUnavailableError(
            f"{adapter} is not a folder, and cannot be downloaded from the Hugging Face hub "
            f"({reason}); check the spelling, or download the adapter and give its folder"
        ) from error
