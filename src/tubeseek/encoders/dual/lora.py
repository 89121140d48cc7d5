"""Adds LoRA to a model of transformers, and merges a trained adapter into its weights."""

import warnings
from typing import Any

import torch
from torch import nn

from tubeseek.core.errors import ConfigError, ModelUnavailableError
from tubeseek.core.installation import install_command
from tubeseek.core.lora_options import LoraOptions, Towers
from tubeseek.encoders.adapters import Adapter
from tubeseek.encoders.device import DTYPES, choose_dtype


def not_installed() -> str:
    """Return the message for when peft is not installed."""
    return f"adapters need a package that is missing: {install_command('train')}"


TEXT_PARTS = ("text_model", "text_projection")
# X-CLIP's prompts from the video. Only its full forward pass uses them, neither tower does: a LoRA
# there would never get a gradient.
BETWEEN_TOWERS = "prompts_generator"
# Linear maps into the common space, by the names that transformers gives them.
HEADS = ("visual_projection", "text_projection", "text_model.head")


def merge_adapter(model: Any, adapter: Adapter) -> Any:
    """Merge an adapter into the weights of a model, which stays as fast as before.

    Args:
        model: The result of `load_model`. It is changed.
        adapter: An adapter that was made for this kind of model.

    Returns:
        The merged model, in evaluation mode.

    Raises:
        ModelUnavailableError: peft is not installed, or the adapter does not fit the model.
    """
    try:
        from peft import PeftModel
    except ImportError as error:
        raise ModelUnavailableError(not_installed()) from error
    try:
        with warnings.catch_warnings():
            # peft only warns when weights of the adapter are missing.
            warnings.simplefilter("error", UserWarning)
            # peft uses names that transformers has deprecated.
            warnings.simplefilter("ignore", FutureWarning)
            # By default peft uses memory of the GPU, even for a model on the CPU.
            adapted = PeftModel.from_pretrained(model, adapter.folder, torch_device="cpu")
    except Exception as error:  # peft raises errors of many types for an adapter that does not fit
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelUnavailableError(
            f"the adapter {adapter.folder} does not fit this model ({reason}); it was made for "
            f"{adapter.base}"
        ) from error
    return adapted.merge_and_unload().eval()


def with_lora(model: Any, name: str, options: LoraOptions, dropout: float) -> Any:
    """Add LoRA to a model, and freeze everything else.

    Args:
        model: The result of `load_model`. It is changed.
        name: The name of the base model that the adapter records.
        options: The rank, and the layers and towers that get LoRA.
        dropout: The share of the low-rank maps' inputs that is dropped in training.

    Returns:
        A `PeftModel`.

    Raises:
        ConfigError: peft is not installed, or the model has none of the layers.
    """
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError as error:
        raise ConfigError(not_installed()) from error
    targets = [
        full
        for full, module in model.named_modules()
        if isinstance(module, nn.Linear)
        and full.rpartition(".")[2] in options.targets
        and _in_towers(full, options.towers)
    ]
    if not targets:
        linear = sorted(
            {
                full.rpartition(".")[2]
                for full, m in model.named_modules()
                if isinstance(m, nn.Linear)
            }
        )
        raise ConfigError(
            f"{name} has no linear layer called {' or '.join(options.targets)}; choose --target "
            f"from {', '.join(linear)}"
        )
    heads = [
        head
        for head in HEADS
        if options.full_heads and _has(model, head) and _in_towers(head, options.towers)
    ]
    if options.full_heads and not heads:
        raise ConfigError(f"{name} has no projection to train in full; leave out --full-heads")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # as in `merge_adapter`
        adapted = get_peft_model(
            model,
            LoraConfig(
                r=options.rank,
                lora_alpha=options.alpha,  # type: ignore[arg-type]  # peft divides it
                lora_dropout=dropout,
                target_modules=targets,
                modules_to_save=heads or None,
                base_model_name_or_path=name,
            ),
        )
    # peft makes only its own maps float32. The heads need it too: one step of training is too small
    # for bfloat16 to show.
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return adapted


def _in_towers(module: str, towers: Towers) -> bool:
    if module.startswith(BETWEEN_TOWERS):
        return False
    of_text = module.startswith(TEXT_PARTS)
    return towers is Towers.BOTH or of_text == (towers is Towers.TEXT)


def _has(model: Any, module: str) -> bool:
    try:
        model.get_submodule(module)
    except AttributeError:
        return False
    return True


def training_dtype(name: str, device: torch.device) -> torch.dtype:
    """Return the dtype of a name; "auto" is bfloat16 where the device has it in hardware.

    float16 is never chosen, because its gradients would need scaling.
    """
    if name != "auto":
        return DTYPES[name]
    if device.type == "cuda":
        in_hardware = torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if in_hardware else torch.float32
    if device.type == "cpu":
        return choose_dtype("auto", device)
    return torch.float32


def temperature_of(model: Any, default: float) -> float:
    """Return the temperature of a model, exp(-logit_scale), or the default if it has none."""
    scale = getattr(model, "logit_scale", None)
    return float(torch.exp(-scale.detach().float())) if scale is not None else default
