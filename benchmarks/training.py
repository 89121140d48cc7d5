"""Measures what training improves in the starter, on channels and photos not trained on.

    python -m benchmarks.training --data ../shared/data

Thumbnails: five seeds, each with another split by channel; the settings are the defaults of
`tubeseek train`. Retention: the same adapters on photos that were not trained on. Photos: trained
on 200, measured on the other 100. Intervals are Student's over the seeds: they tell how far another
split may lie from these, not how far another data set may.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tubeseek.core.lora_options import Towers
from tubeseek.core.schemas.run_record import RunRecord
from tubeseek.encoders.device import use_threads
from tubeseek.training.config import HEADS, TrainConfig
from tubeseek.training.data.pairs import PairSet, read_pairs
from tubeseek.training.distributed import Processes
from tubeseek.training.metrics import Outcome, RetentionSet
from tubeseek.training.run import TrainingRun
from tubeseek.training.starter_heads import StarterTrainable

SEEDS = 5
STUDENT = 2.776  # 97.5 % quantile of Student's t with four degrees of freedom
ALONE = Processes(1, 0, torch.device("cpu"))


def train(
    pairs: PairSet, config: TrainConfig, work: Path, name: str, retention: RetentionSet | None
) -> tuple[dict[str, Outcome], RunRecord, float]:
    """Train once; return the outcomes, the record and the seconds."""
    started = time.perf_counter()
    use_threads(1)
    trainable = StarterTrainable(
        threads=1, dropout=config.dropout, towers=Towers.BOTH, cache=work / "features"
    )
    out = work / f"{name}-{config.seed}"
    training = TrainingRun(trainable, pairs, config, ALONE, out, data=name, retention=retention)
    for _ in training.run():
        pass
    return training.outcomes, training.record(), time.perf_counter() - started


def report(name: str, outcomes: list[Outcome]) -> dict[str, Any]:
    """Print the figures before and after over the seeds, and return them."""
    before = np.array([outcome.before.recall for outcome in outcomes])
    after = np.array([outcome.after.recall for outcome in outcomes])
    gain = after - before
    half = STUDENT * gain.std(ddof=1) / np.sqrt(len(gain))
    relative = after.mean() / before.mean() - 1
    print(
        f"{name:34} recall@10 {before.mean():.3f} -> {after.mean():.3f}, "
        f"{gain.mean():+.3f} [{gain.mean() - half:+.3f}, {gain.mean() + half:+.3f}], "
        f"{relative:+.0%}; by seed {' '.join(f'{g:+.3f}' for g in gain)}",
        flush=True,
    )
    return {
        "before": before.round(4).tolist(),
        "after": after.round(4).tolist(),
        "gain": [round(x, 4) for x in (gain.mean(), gain.mean() - half, gain.mean() + half)],
        "relative": round(float(relative), 3),
        "mrr_before": [round(outcome.before.mrr, 4) for outcome in outcomes],
        "mrr_after": [round(outcome.after.mrr, 4) for outcome in outcomes],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--work", type=Path, help="kept, so that features are computed once")
    parser.add_argument("--json", type=Path, help="where the figures are written")
    options = parser.parse_args()
    thumbnails = read_pairs(options.data / "youtube_thumbnails")
    photos = read_pairs(options.data / "photos_captions")
    seeds = range(options.first_seed, options.first_seed + SEEDS)
    figures: dict[str, Any] = {"seeds": list(seeds), "settings": HEADS.to_dict()}
    with _folder(options.work) as work:
        retention = RetentionSet("photos", photos)
        runs = [
            train(thumbnails, replace(HEADS, seed=seed), work, "thumbnails", retention)
            for seed in seeds
        ]
        for part in ("validation", "test", "photos"):
            outcomes = [outcomes[part] for outcomes, _, _ in runs]
            figures[f"thumbnails, {part}"] = report(f"trained on thumbnails, {part}", outcomes)
        print("best epochs", [record.best_epoch for _, record, _ in runs])
        print("seconds", [round(seconds) for _, _, seconds in runs])
        third = [
            train(photos, replace(HEADS, seed=seed, test=1 / 3), work, "photos", None)
            for seed in seeds
        ]
        outcomes = [outcomes["test"] for outcomes, _, _ in third]
        figures["photos, the other 100"] = report("trained on photos, the other 100", outcomes)
        print("best epochs", [record.best_epoch for _, record, _ in third])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


@contextmanager
def _folder(work: Path | None) -> Iterator[Path]:
    if work is not None:
        yield work
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
