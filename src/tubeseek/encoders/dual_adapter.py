"""Adds an adapter in PEFT's form to a model of transformers, and merges it into the weights."""

import warnings
from typing import Any

from tubeseek.encoders.adapters import Adapter
from tubeseek.errors import ModelUnavailableError

NOT_INSTALLED = "adapters need a package that is missing: pip install 'tubeseek[train]'"


def with_adapter(model: Any, adapter: Adapter) -> Any:
    """The model with the adapter in its weights; as fast as without.

    Args:
        model: As `load_model` gives it. It is changed.
        adapter: Of this kind of model.

    Raises:
        ModelUnavailableError: peft is not installed, or the adapter is one of another model.
    """
    try:
        from peft import PeftModel
    except ImportError as error:
        raise ModelUnavailableError(NOT_INSTALLED) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # weights are missing: half an adapter
            warnings.simplefilter(
                "ignore", FutureWarning
            )  # peft asks for what transformers renames
            # Left to itself peft takes room on the GPU, also for a model that is on the CPU.
            adapted = PeftModel.from_pretrained(model, adapter.folder, torch_device="cpu")
    except Exception as error:  # what does not fit surfaces as whatever peft stumbles on
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelUnavailableError(
            f"the adapter {adapter.folder} does not fit this model ({reason}); it was made for "
            f"{adapter.base}"
        ) from error
    return adapted.merge_and_unload().eval()
