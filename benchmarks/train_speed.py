"""Measures seconds per step and memory of LoRA training at full size, beside a bare PEFT loop.

    python -m benchmarks.train_speed --data ../shared/data

Models of the architecture of CLIP ViT-B/32, SigLIP B/16 and X-CLIP B/32 with random weights: what a
step costs does not depend on them. The bare loop is what one writes by hand: get_peft_model,
autocast, the symmetric cross entropy, AdamW. Both take the same batches, already read, in turns, so
that what else runs on the machine meets both.
"""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch.nn import functional

from tubeseek.core.lora_options import LoraOptions
from tubeseek.encoders.device import use_threads
from tubeseek.encoders.dual.load import load_model
from tubeseek.training.config import LORA
from tubeseek.training.data.pairs import Pair, read_pairs
from tubeseek.training.distributed import Processes
from tubeseek.training.loop import Loop
from tubeseek.training.lora import LoraTrainable
from tubeseek.training.step import LoadedBatch

MODELS = {  # the data set that each is measured on, and pairs in a batch
    "clip": ("youtube_thumbnails", 32),
    "siglip": ("youtube_thumbnails", 8),
    "xclip": ("clips", 4),
}


def bare_step(folder: Path, sees: str, options: LoraOptions, lr: float) -> Callable[[Any], float]:
    """Return a step of the loop that one writes by hand."""
    model = load_model(folder, torch.bfloat16, sees)
    config = LoraConfig(
        r=options.rank,
        lora_alpha=int(options.alpha),
        lora_dropout=LORA.dropout,
        target_modules=list(options.targets),
    )
    peft = get_peft_model(model, config)
    for module in peft.modules():
        if isinstance(module, torch.nn.Dropout):
            module.train()
    optimizer = torch.optim.AdamW([p for p in peft.parameters() if p.requires_grad], lr=lr)
    base: Any = peft.get_base_model()

    def step(chunk: Any) -> float:
        texts, pictures = chunk.texts, chunk.pictures
        values = pictures["pixel_values"].to(torch.bfloat16)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            read = base.get_text_features(**texts).pooler_output
            pictures = getattr(base, f"get_{sees}_features")(pixel_values=values).pooler_output
        read = functional.normalize(read.float(), dim=-1)
        pictures = functional.normalize(pictures.float(), dim=-1)
        scores = read @ pictures.T / 0.07
        right = torch.arange(len(scores))
        loss = functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return float(loss.detach())

    return step


def measure(name: str, data: Path, steps: int, threads: int) -> None:
    folder, batch = MODELS[name]
    save = getattr(import_module("tests.helpers.full_models"), f"save_full_{name}")
    pairs: tuple[Pair, ...] = read_pairs(data / folder).pairs
    with tempfile.TemporaryDirectory() as place:
        model = save(Path(place) / name)
        options = LoraOptions(dtype="bfloat16")
        use_threads(threads)
        trainable = LoraTrainable(
            str(model),
            options,
            dropout=LORA.dropout,
            device=torch.device("cpu"),
            threads=threads,
            seed=0,
        )
        config = replace(LORA, batch=batch, temperature=0.07)
        alone = Processes(1, 0, torch.device("cpu"))
        loop = Loop(trainable, pairs, pairs, config, alone, None, {})
        loaded: list[LoadedBatch] = [
            loop.loaded(items) for items in loop.epoch_batches(0)[: steps + 1]
        ]
        by_hand = bare_step(model, "video" if name == "xclip" else "image", options, config.lr)
        ours: list[float] = []
        bare: list[float] = []
        for number, batch_loaded in enumerate(loaded):
            started = time.perf_counter()
            loop.stepper.backward(batch_loaded)
            loop.stepper.update(number)
            between = time.perf_counter()
            by_hand(batch_loaded.chunks[0])
            ended = time.perf_counter()
            if number:  # the first step pays for what is allocated once
                ours.append(between - started)
                bare.append(ended - between)
    mean, by_hand_mean = statistics.median(ours), statistics.median(bare)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{name}: batch {batch}, {mean:.2f} s a step, bare loop {by_hand_mean:.2f} s "
        f"({mean / by_hand_mean - 1:+.1%}; medians of {len(ours)} in turns), "
        f"both together {peak:.1f} GB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", choices=sorted(MODELS), action="append")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    for name in options.model or MODELS:
        measure(name, options.data, options.steps, options.threads)


if __name__ == "__main__":
    main()
