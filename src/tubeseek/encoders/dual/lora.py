"""Adds an adapter in PEFT's form to a model of transformers, and merges it into the weights."""

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
    """Return what to say where the package of adapters is missing."""
    return f"adapters need a package that is missing: {install_command('train')}"


def merge_adapter(model: Any, adapter: Adapter) -> Any:
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
        raise ModelUnavailableError(not_installed()) from error
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


TEXT_PARTS = ("text_model", "text_projection")
# X-CLIP's, which adds to each text what a video says: its forward pass alone goes through them, and
# neither tower does. A LoRA there would never get a gradient, and be saved for nothing.
BETWEEN_TOWERS = "prompts_generator"
# Linear maps into the common space, by the names that transformers gives them.
HEADS = ("visual_projection", "text_projection", "text_model.head")


def with_lora(model: Any, name: str, options: LoraOptions, dropout: float) -> Any:
    """The model with LoRA in it, frozen otherwise: a `PeftModel`.

    Args:
        model: As `load_model` gives it. It is changed.
        name: What the adapter will say that it belongs to.
        options: Where LoRA goes.
        dropout: Of what the low-rank maps read.

    Raises:
        ConfigError: peft is not installed, or the model has no such layers.
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
            f"among {', '.join(linear)}"
        )
    heads = [
        head
        for head in HEADS
        if options.full_heads and _has(model, head) and _in_towers(head, options.towers)
    ]
    if options.full_heads and not heads:
        raise ConfigError(f"{name} has no projection to train in full; leave --full-heads out")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks for what transformers renames
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
    for parameter in adapted.parameters():  # of the heads; peft makes only its own maps float32
        if parameter.requires_grad:
            parameter.data = parameter.data.float()  # a step is too small for bfloat16 to show
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
    """Return the format named, or with "auto" bfloat16 where the device multiplies it in hardware.

    float16 would need its gradients scaled; where bfloat16 is slow, float32 is taken.
    """
    if name != "auto":
        return DTYPES[name]
    if device.type == "cuda":
        in_hardware = torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if in_hardware else torch.float32
    if device.type == "cpu":
        return choose_dtype("auto", device)
    return torch.float32


def temperature_of(model: Any, otherwise: float) -> float:
    """The temperature of a model that keeps the logarithm of its inverse."""
    scale = getattr(model, "logit_scale", None)
    return float(torch.exp(-scale.detach().float())) if scale is not None else otherwise
