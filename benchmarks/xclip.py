"""Measures clips per second of the X-CLIP encoder, and how far its format strays from float32.

    python benchmarks/xclip.py

An X-CLIP base/32 of full size with random weights reads painted clips of eight 640x360 frames, as
they come from a video file. For each backend, it compares

- the encoder: preparation of the frames, the model, vectors of unit length, and
- the bare model on tensors that are ready, in the same number format and batches,

and torch in float32, the usual way, as the ruler for speed and for the vectors. The rounds
alternate between all, because a machine is not equally fast from minute to minute; the ratios are
medians over rounds of processor time in the same round, which other load hardly changes.

Random weights map different clips to similar vectors, so the cosine with float32 is only worth
something beside the cosine between different clips; and the centred one, after the mean over the
clips is taken away from both, is the strict one.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import CLIPTokenizer, XCLIPConfig, XCLIPModel
from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

from tubeseek.core.types import Frames, Vectors
from tubeseek.encoders.device import CPU_BATCH, choose_dtype, physical_cores
from tubeseek.encoders.dual import openvino
from tubeseek.encoders.dual.load import load_model
from tubeseek.encoders.dual.preprocess import load_preprocessor
from tubeseek.encoders.dual.xclip import ADAPTER_VERSION, XClipEncoder
from tubeseek.encoders.fingerprint import fingerprint

FRAMES = 8
BATCH = CPU_BATCH // FRAMES  # clips, as the encoder takes them on a CPU
HEIGHT, WIDTH = 360, 640
RULER = "bare model, torch float32"

Run = Callable[[], Vectors]


@dataclass(frozen=True)
class Cost:
    """Seconds and processor seconds of one run over all clips."""

    seconds: float
    processor_seconds: float

    @classmethod
    def of(cls, run: Run) -> "Cost":
        wall, processor = time.perf_counter(), time.process_time()
        run()
        return cls(time.perf_counter() - wall, time.process_time() - processor)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--clips", type=int, default=6, help="clips in each round")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--threads", type=int, default=physical_cores())
    arguments = options.parse_args()
    torch.set_num_threads(arguments.threads)
    clips = paint(arguments.clips)
    with tempfile.TemporaryDirectory() as name:
        folder = save_model(Path(name) / "random-xclip-base-patch32")
        ways = product(folder, clips, arguments.threads) | bare(folder, clips, arguments.threads)
        vectors = {way: run() for way, run in ways.items()}  # warms up, converts for OpenVINO
        rounds = [{way: Cost.of(run) for way, run in ways.items()} for _ in range(arguments.rounds)]
    report(rounds, vectors, arguments)


def save_model(folder: Path) -> Path:
    """Save random weights of microsoft/xclip-base-patch32, the default configuration."""
    torch.manual_seed(0)
    XCLIPModel(XCLIPConfig()).save_pretrained(folder)
    CLIPTokenizer().save_pretrained(folder)
    VideoMAEImageProcessorPil().save_pretrained(folder)
    return folder


def product(folder: Path, clips: list[Frames], threads: int) -> dict[str, Run]:
    kind = number_format()
    backends = ["torch", *(["openvino"] if openvino.is_installed() else [])]
    encoders = {
        f"encoder, {backend} {kind}": XClipEncoder(
            str(folder), name="xclip", device="cpu", backend=backend, threads=threads, cache=folder
        )
        for backend in backends
    }
    return {
        way: lambda encoder=encoder: encoder.encode_clips(clips)  # type: ignore[misc]
        for way, encoder in encoders.items()
    }


def bare(folder: Path, clips: list[Frames], threads: int) -> dict[str, Run]:
    preprocess = load_preprocessor(folder)
    values = preprocess([frame for clip in clips for frame in clip])["pixel_values"]
    whole_set = values.reshape(-1, FRAMES, *values.shape[1:])  # (clips, 8, 3, 224, 224)
    ready = [whole_set[start : start + BATCH] for start in range(0, len(clips), BATCH)]
    dtype = choose_dtype("auto", torch.device("cpu"))
    whole, fast = load_model(folder, torch.float32, "video"), load_model(folder, dtype, "video")

    def in_torch(model: Any) -> Vectors:
        with torch.inference_mode():
            rows = [model.get_video_features(v.to(model.dtype)).pooler_output for v in ready]
        return unit(torch.cat(rows).float().numpy())

    kind = number_format()
    ways: dict[str, Run] = {RULER: lambda: in_torch(whole)}
    ways[f"bare model, torch {kind}"] = lambda: in_torch(fast)
    if openvino.is_installed():
        tower = openvino.OpenVinoTower(
            whole,
            ready[0][:1],
            sees="video",
            key=fingerprint(folder, adapter_version=ADAPTER_VERSION),  # converted by the encoder
            dtype=dtype,
            threads=threads,
            cache=folder,
        )
        ways[f"bare model, openvino {kind}"] = lambda: unit(
            np.concatenate([tower(v.numpy()) for v in ready])
        )
    return ways


def number_format() -> str:
    return str(choose_dtype("auto", torch.device("cpu"))).removeprefix("torch.")


def report(
    rounds: list[dict[str, Cost]], vectors: dict[str, Vectors], arguments: argparse.Namespace
) -> None:
    def work(way: str, other: str) -> float:
        """Return the processor time of one way as a multiple of another's."""
        return statistics.median(
            costs[way].processor_seconds / costs[other].processor_seconds for costs in rounds
        )

    ruler = vectors[RULER]
    between = (ruler @ ruler.T)[np.triu_indices(len(ruler), 1)]
    print(f"\n{arguments.threads} threads, load {os.getloadavg()[0]:.1f}")
    print(f"cosine between different clips, float32: {between.mean():.4f} on average\n")
    print("| | clips/s | processor s a clip | x torch float32 | worst cosine | centred |")
    print("|---|---:|---:|---:|---:|---:|")
    for way in rounds[0]:
        speed = arguments.clips / statistics.median(costs[way].seconds for costs in rounds)
        each = statistics.median(costs[way].processor_seconds for costs in rounds) / arguments.clips
        worst = (vectors[way] * ruler).sum(axis=1).min()
        centred = (unit(vectors[way] - ruler.mean(0)) * unit(ruler - ruler.mean(0))).sum(axis=1)
        print(
            f"| {way} | {speed:.2f} | {each:.3f} | {work(RULER, way):.2f} | {worst:.5f} "
            f"| {centred.min():.4f} |"
        )
    print()
    for backend in ("torch", "openvino"):
        encoder, model = (f"{w}, {backend} {number_format()}" for w in ("encoder", "bare model"))
        if encoder in vectors:
            print(f"{backend}: the encoder works at {work(model, encoder):.0%} of the bare model")


def unit(rows: Vectors) -> Vectors:
    vectors: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return vectors


def paint(count: int) -> list[Frames]:
    """Paint blocks of colour that wander, each clip with its own picture and direction."""
    rng = np.random.default_rng(0)
    clips = []
    for _ in range(count):
        coarse = rng.integers(0, 256, (9, 16, 3), dtype=np.uint8)
        picture = coarse.repeat(HEIGHT // 9, axis=0).repeat(WIDTH // 16, axis=1)
        step = tuple(int(pixels) for pixels in rng.integers(-30, 31, 2))
        moved = [np.roll(picture, (i * step[0], i * step[1]), (0, 1)) for i in range(FRAMES)]
        clips.append(np.stack(moved))
    return clips


if __name__ == "__main__":
    main()
