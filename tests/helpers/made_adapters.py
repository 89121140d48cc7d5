"""Adapters as training leaves them: heads of the starter, LoRA made by PEFT itself."""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import peft
import torch
from safetensors.numpy import save_file
from transformers import AutoModel

from tubeseek.encoders.adapters import CONFIG, WEIGHTS

TRAINING = {  # as `tubeseek train` writes it; the paths are what must not be handed on
    "name": "mine",
    "base_model": "/home/annika/models/base",
    "base_fingerprint": "0123456789abcdef",
    "method": {"method": "lora", "rank": 2},
    "config": {"epochs": 3, "seed": 7},
    "code": {"tubeseek": "0.1", "commit": "c0ffee"},
    "data": {"name": "thumbnails", "digest": "d1ce" * 16, "pairs": 100, "left_out": 2},
    "split": {"seed": 7, "train": 70, "validation": 10, "test": 20},
    "best_epoch": 2,
    "epochs_run": 3,
    "metrics": {
        "test": {
            "before": {"recall@10": 0.147, "mrr": 0.08, "texts": 20, "pictures": 20},
            "after": {"recall@10": 0.19, "mrr": 0.1, "texts": 20, "pictures": 20},
            "gain": {"value": 0.043, "low": 0.011, "high": 0.075, "p_value": 0.0123},
        }
    },
    "warnings": ["on /home/annika/photos/set recall@10 fell"],
    "curves": {"steps": [], "epochs": []},
    "ids": {"train": ["secret-video"]},
}


def save_lora(folder: Path, base: Path, training: Mapping[str, Any] | None = None) -> Path:
    """A LoRA with random weights on query and value of both towers, as PEFT saves it."""
    torch.manual_seed(1)
    config = peft.LoraConfig(r=2, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks for what transformers renames
        peft.get_peft_model(AutoModel.from_pretrained(base), config).save_pretrained(folder)
    return _with_record(folder, training)


def save_heads(folder: Path, training: Mapping[str, Any] | None = None) -> Path:
    """Heads of the starter with random weights."""
    folder.mkdir()
    config = {"base_model_name_or_path": "starter", "peft_type": "STARTER_HEADS"}
    (folder / CONFIG).write_text(json.dumps(config))
    numbers = np.random.default_rng(0)
    heads = {
        "text_head": numbers.normal(size=(1024, 384)).astype(np.float32),
        "picture_head": numbers.normal(size=(1280, 384)).astype(np.float32),
    }
    save_file(heads, folder / WEIGHTS)
    return _with_record(folder, training)


def _with_record(folder: Path, training: Mapping[str, Any] | None) -> Path:
    if training is not None:
        (folder / "training.json").write_text(json.dumps(training))
    return folder
