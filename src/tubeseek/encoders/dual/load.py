"""Loads the weights of an encoder; no code in them is executed, and no tensor may be missing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel
from transformers.utils import logging as transformers_logging

from tubeseek.core.errors import ModelUnavailableError

KINDS = {  # what a tower sees, and a name for models that have one
    "image": ("pictures", "CLIP or SigLIP"),
    "video": ("clips of several frames", "X-CLIP"),
}


def load_model(folder: Path, dtype: torch.dtype, sees: str = "image") -> Any:
    """Load a model of two towers, in eval mode; Any because PreTrainedModel lacks the methods.

    Args:
        folder: A folder that `save_pretrained` wrote.
        dtype: The number format of its weights.
        sees: A key of `KINDS`; the model must have get_{sees}_features beside get_text_features.

    Raises:
        ModelUnavailableError: It is damaged, incomplete, or of another kind.
    """

    def check(model: Any) -> None:
        if not (hasattr(model, "get_text_features") and hasattr(model, f"get_{sees}_features")):
            inputs, examples = KINDS[sees]
            raise ModelUnavailableError(
                f"{folder} holds a {model.config.model_type} model, which does not map {inputs} "
                f"and words into one space; choose a model of the kind of {examples}"
            )

    return load_weights(folder, dtype, check)


def load_weights(
    folder: Path, dtype: torch.dtype, check: Callable[[Any], None] = lambda _: None
) -> Any:
    """Load any transformers model, in eval mode.

    Args:
        folder: A folder that `save_pretrained` wrote.
        dtype: The number format of its weights.
        check: Raises an error for a model of the wrong kind, before missing tensors are reported.

    Raises:
        ModelUnavailableError: It is damaged or incomplete.
    """
    try:
        with without_progress_bar():
            model, report = AutoModel.from_pretrained(
                folder,
                dtype=dtype,
                local_files_only=True,
                trust_remote_code=False,
                weights_only=True,
                output_loading_info=True,
            )
    except Exception as error:  # the error of a damaged file depends on its reader
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelUnavailableError(
            f"the model in {folder} cannot be loaded ({reason}); "
            f"copy or download it again, or choose another --encoder"
        ) from error
    check(model)
    if report["missing_keys"]:
        names = ", ".join(sorted(report["missing_keys"])[:3])
        raise ModelUnavailableError(
            f"{folder} lacks {len(report['missing_keys'])} of the model's tensors ({names}, ...); "
            f"copy or download the model again"
        )
    return model.eval()


@contextmanager
def without_progress_bar() -> Iterator[None]:
    """Hide the progress bar of transformers: loading and saving take only seconds."""
    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
