"""Trains one epoch of LoRA at full size on 256 real pairs: does the loss fall, time and memory.

    python -m benchmarks.epoch clip --data ../shared/data      (siglip, xclip: the same)

The models have the architecture of CLIP ViT-B/32, SigLIP B/16 and X-CLIP B/32, and random weights.
Pairs are YouTube thumbnails with their titles; for X-CLIP the 29 short videos with theirs, cut into
256 clips of some 1.8 s. The loss is that of the same batches before and after
the epoch, without dropout; a model that cannot tell pairs apart has a loss of ln(batch).
"""

import argparse
import math
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import torch

from tubeseek.core.lora_options import LoraOptions
from tubeseek.encoders.device import use_threads
from tubeseek.media.frames import probe
from tubeseek.training.config import LORA
from tubeseek.training.data.batches import Item, same_mask
from tubeseek.training.data.pairs import Pair, read_pairs
from tubeseek.training.distributed import Processes
from tubeseek.training.loop import Loop
from tubeseek.training.lora import LoraTrainable
from tubeseek.training.losses import contrastive_loss

PAIRS = 256
BATCHES = {"clip": 16, "siglip": 16, "xclip": 8}
TEMPERATURE = 0.07


def thumbnails(data: Path) -> list[Pair]:
    """Return 256 thumbnails, of all channels."""
    pairs = list(read_pairs(data / "youtube_thumbnails").pairs)
    chosen = np.random.default_rng(0).permutation(len(pairs))[:PAIRS]
    return [pairs[place] for place in chosen]


def clips(data: Path) -> list[Pair]:
    """Return 256 clips of equal length, laid end to end through the videos."""
    videos = read_pairs(data / "clips").pairs
    lengths = [probe(video.picture).duration_seconds or 0.0 for video in videos]
    span = sum(lengths) / PAIRS
    while sum(int(length / span) for length in lengths) < PAIRS:
        span *= 0.99
    cut = [
        replace(video, id=f"{video.id}@{start:.2f}", start=start, end=start + span)
        for video, length in zip(videos, lengths, strict=True)
        for start in np.arange(int(length / span)) * span
    ]
    return cut[:PAIRS]


def loss_of(trainable: LoraTrainable, batches: Sequence[Sequence[Item]]) -> float:
    """Return the mean loss over batches, without dropout."""
    losses = []
    for batch in batches:
        pairs = [item.pair for item in batch]
        texts, pictures = map(torch.from_numpy, trainable.encode(pairs))
        same = torch.from_numpy(same_mask(pairs))
        losses.append(float(contrastive_loss(texts, pictures, TEMPERATURE, same=same).total))
    return statistics.mean(losses)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=sorted(BATCHES))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--full-heads", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    pairs = clips(options.data) if options.model == "xclip" else thumbnails(options.data)
    batch = options.batch or BATCHES[options.model]
    with tempfile.TemporaryDirectory() as folder:
        save = getattr(import_module("tests.helpers.full_models"), f"save_full_{options.model}")
        use_threads(options.threads)
        trainable = LoraTrainable(
            str(save(Path(folder) / options.model)),
            LoraOptions(dtype="bfloat16", full_heads=options.full_heads),
            dropout=options.dropout,
            device=torch.device("cpu"),
            threads=options.threads,
            seed=0,
        )
    config = replace(
        LORA, epochs=1, batch=batch, lr=options.lr, dropout=options.dropout, temperature=TEMPERATURE
    )
    alone = Processes(1, 0, torch.device("cpu"))
    loop = Loop(trainable, pairs, (), config, alone, None, {})
    batches = loop.epoch_batches(0)
    before = loss_of(trainable, batches)
    started = time.perf_counter()
    losses: list[float] = []
    for step in loop.run(lambda facts, _: losses.append(facts["loss"])):
        if step % 8 == 0:
            print(f"step {step} of {loop.steps}: {statistics.mean(losses[-8:]):.3f}", flush=True)
    seconds = time.perf_counter() - started
    after = loss_of(trainable, batches)
    half = len(losses) // 2
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{options.model}: {len(pairs)} pairs in {loop.steps} steps of {batch}, lr {options.lr:g}; "
        f"loss {before:.3f} before, {after:.3f} after (ln {batch} = {math.log(batch):.3f}); "
        f"while it learned {statistics.mean(losses[:half]):.3f} in the first half, "
        f"{statistics.mean(losses[half:]):.3f} in the second; "
        f"{seconds / loop.steps:.1f} s a step, {seconds / 60:.1f} minutes, {peak:.1f} GB"
    )


if __name__ == "__main__":
    main()
