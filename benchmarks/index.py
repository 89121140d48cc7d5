"""Measures thumbnails per second, from JPEG files to committed vectors.

    python benchmarks/index.py                     # a random CLIP ViT-B/32 of full size
    python benchmarks/index.py --subject starter
    python benchmarks/index.py --data FOLDER       # its *.jpg instead of painted ones

Compares the product's whole way (read, shrink, encode, store, commit) with

- the bare model on ready tensors, in the number format and with the backend that the product
  chooses: what is lost on the way, and
- a plain loop of the kind that model cards show: open, processor, float32 model, one picture at a
  time and 32 at a time: what the product gains.

The rounds alternate between them, because a machine is not equally fast from minute to minute;
the ratios are medians over rounds of figures from the same round.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw
from transformers import AutoImageProcessor, AutoModel, CLIPConfig, CLIPModel, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from tubeseek.core.events import Event
from tubeseek.core.schemas import AddRequest, IndexRequest
from tubeseek.core.settings import load_settings
from tubeseek.encoders.device import CPU_BATCH, choose_dtype, physical_cores
from tubeseek.encoders.dual import openvino
from tubeseek.encoders.dual.load import load_model
from tubeseek.encoders.dual.preprocess import load_preprocessor
from tubeseek.encoders.starter.efficientnet_lite import LITE2, load_efficientnet_lite
from tubeseek.encoders.starter.image import BATCH as STARTER_BATCH
from tubeseek.encoders.starter.image import prepare, weights_path
from tubeseek.library.library import Library
from tubeseek.library.open import open_library

PLAIN_BATCH = 32
ONE_BY_ONE_SHARE = 4  # a loop of single pictures is slow: it gets a quarter of them

Rates = dict[str, "Rate"]  # by what was measured
Run = Callable[[Sequence[Path]], None]


@dataclass(frozen=True)
class Rate:
    """Seconds for each picture, and processor seconds: the work without the waiting."""

    seconds: float
    processor_seconds: float

    @classmethod
    def of(cls, run: Callable[[], object], count: int) -> "Rate":
        wall, processor = time.perf_counter(), time.process_time()
        run()
        return cls((time.perf_counter() - wall) / count, (time.process_time() - processor) / count)


@dataclass(frozen=True)
class Subject:
    """An encoder, and the two ways to run its model without the product."""

    name: str  # what `--encoder` is arguments
    bare: dict[str, Run]  # encode as many ready tensors as there are paths
    plain: Callable[[Sequence[Path], int], None]  # paths and the size of a batch


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--subject", choices=("clip", "starter"), default="clip")
    options.add_argument("--pictures", type=int, default=96, help="pictures in each round")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--threads", type=int, default=physical_cores())
    options.add_argument("--data", type=Path, help="folder of JPEG files")
    arguments = options.parse_args()
    torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(work / "cache")  # where OpenVINO's conversion goes
        paths = sorted(arguments.data.glob("*.jpg")) if arguments.data else paint(work / "jpeg")
        make = clip_subject if arguments.subject == "clip" else starter_subject
        subject = make(work, paths[0], arguments.threads)
        rounds = measure(subject, paths, work, arguments)
    report(rounds, arguments)


def measure(
    subject: Subject, paths: Sequence[Path], work: Path, arguments: argparse.Namespace
) -> list[Rates]:
    """Return a dictionary of rates for each round; a first round warms up and does not count."""
    settings = load_settings({"library": work / "library", "threads": arguments.threads})
    library, _ = open_library(settings, "benchmark")
    rounds = []
    try:
        for number in range(arguments.rounds + 1):
            count = arguments.pictures if number else PLAIN_BATCH
            chosen = [paths[(number * count + i) % len(paths)] for i in range(count)]
            rates = {"product": run_pipeline(library, subject.name, chosen, work / f"in{number}")}
            for name, bare in subject.bare.items():
                rates[name] = Rate.of(partial(bare, chosen), count)
            rates["plain x 32"] = Rate.of(partial(subject.plain, chosen, PLAIN_BATCH), count)
            few = chosen[: max(1, count // ONE_BY_ONE_SHARE)]
            rates["plain x 1"] = Rate.of(partial(subject.plain, few, 1), len(few))
            if number:
                rounds.append(rates)
    finally:
        library.close()
    return rounds


def run_pipeline(library: Library, encoder: str, paths: Sequence[Path], folder: Path) -> Rate:
    """Return the speed of `tubeseek index` over a data set that was just added.

    The library stays open from round to round, so that loading the model counts once, in the
    round that is thrown away.
    """
    (folder / "images").mkdir(parents=True)
    rows = ["Id,Channel,Title,Category"]
    for number, path in enumerate(paths):
        video_id = f"{folder.name}-{number:04d}"
        shutil.copy(path, folder / "images" / f"{video_id}.jpg")
        rows.append(f"{video_id},Channel,Video {number},Things")
    (folder / "metadata.csv").write_text("\n".join(rows) + "\n", "utf-8")
    for _ in library.run(AddRequest(locators=(str(folder),))):
        pass
    events: list[Event] = []
    request = IndexRequest(encoder=encoder)
    speed = Rate.of(lambda: events.extend(library.run(request)), len(paths))
    indexed = sum(event.counts.get("indexed", 0) for event in events)
    assert indexed == len(paths), events
    return speed


def report(rounds: list[Rates], arguments: argparse.Namespace) -> None:
    print(f"\n{arguments.subject}, {arguments.threads} threads, load {os.getloadavg()[0]:.1f}\n")
    print("| | pictures/s | processor ms a picture | product is faster by |")
    print("|---|---:|---:|---:|")
    for name in rounds[0]:
        speed = 1 / statistics.median(rates[name].seconds for rates in rounds)
        work = statistics.median(rates[name].processor_seconds for rates in rounds)
        ratio = statistics.median(
            rates[name].seconds / rates["product"].seconds for rates in rounds
        )
        print(f"| {name} | {speed:.1f} | {1000 * work:.0f} | {ratio:.2f} |")


def clip_subject(work: Path, example: Path, threads: int) -> Subject:
    """Return CLIP ViT-B/32, the default of its configuration, with random weights."""
    folder = work / "random-clip-vit-b32"
    torch.manual_seed(0)
    CLIPModel(CLIPConfig()).save_pretrained(folder)
    CLIPTokenizer().save_pretrained(folder)
    CLIPImageProcessorPil().save_pretrained(folder)
    pixels = load_preprocessor(folder)([np.asarray(Image.open(example))])["pixel_values"]
    ready = pixels.repeat(CPU_BATCH, 1, 1, 1)  # (batch, 3, 224, 224)
    dtype = choose_dtype("auto", torch.device("cpu"))
    kind = str(dtype).removeprefix("torch.")
    model = load_model(folder, torch.float32)
    fast = load_model(folder, dtype)

    def in_torch(paths: Sequence[Path]) -> None:
        with torch.inference_mode():
            for _ in range(0, len(paths), CPU_BATCH):
                fast.get_image_features(pixel_values=ready.to(dtype))

    bare: dict[str, Run] = {f"bare model, torch {kind}": in_torch}
    if openvino.is_installed():
        tower = openvino.OpenVinoTower(model, pixels, key="bare", dtype=dtype, threads=threads)
        values = ready.numpy()

        def in_openvino(paths: Sequence[Path]) -> None:
            for _ in range(0, len(paths), CPU_BATCH):
                tower(values)

        bare[f"bare model, OpenVINO {kind}"] = in_openvino
    plain_model: Any = AutoModel.from_pretrained(folder).eval()
    processor: Any = AutoImageProcessor.from_pretrained(  # type: ignore[no-untyped-call]
        folder, backend="pil"
    )

    def plain(paths: Sequence[Path], size: int) -> None:
        with torch.no_grad():
            for start in range(0, len(paths), size):
                images = [Image.open(path) for path in paths[start : start + size]]
                inputs = processor(images, return_tensors="pt")
                plain_model.get_image_features(**inputs)

    return Subject(str(folder), bare, plain)


def starter_subject(work: Path, example: Path, threads: int) -> Subject:
    """Return EfficientNet-Lite2, whose loop opens and resizes: it has no transformers processor."""
    network = load_efficientnet_lite(LITE2, weights_path())
    plain_network = load_efficientnet_lite(LITE2, weights_path())
    network.fold_norms()
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    ready = prepare([np.asarray(Image.open(example))[None]] * STARTER_BATCH)

    def in_torch(paths: Sequence[Path]) -> None:
        with torch.inference_mode():
            for _ in range(0, len(paths), STARTER_BATCH):
                network(ready)

    def plain(paths: Sequence[Path], size: int) -> None:
        with torch.no_grad():
            for start in range(0, len(paths), size):
                chosen = paths[start : start + size]
                plain_network(prepare([np.asarray(Image.open(path))[None] for path in chosen]))

    return Subject("starter", {"bare model": in_torch}, plain)


def paint(folder: Path, count: int = 300) -> list[Path]:
    """Paint JPEG files of 1280x720 and 640x360 in turn, about as heavy as YouTube's thumbnails."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    paths = []
    for number in range(count):
        width, height = (1280, 720) if number % 2 else (640, 360)
        coarse = rng.integers(0, 256, (9, 16, 3), dtype=np.uint8)
        image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        draw = ImageDraw.Draw(image)
        for _ in range(40):
            x, y = rng.integers(0, (width, height))
            colour = tuple(int(c) for c in rng.integers(0, 256, 3))
            draw.ellipse((x, y, x + width // 8, y + height // 6), fill=colour)
        grain = rng.normal(0, 6, (height, width, 1))
        pixels = (np.asarray(image) + grain).clip(0, 255).astype(np.uint8)
        paths.append(folder / f"{number:04d}.jpg")
        Image.fromarray(pixels).save(paths[-1], quality=85)
    return paths


if __name__ == "__main__":
    main()
