"""Writes an adapter with its card: `README.md` for people, `training.json` for programs."""

import subprocess
from pathlib import Path

from safetensors import SafetensorError

from tubeseek import __version__
from tubeseek.core.errors import TrainingError
from tubeseek.core.schemas.run_record import RunRecord, listed
from tubeseek.encoders.adapters import WEIGHTS
from tubeseek.training.run_folder import FACTS
from tubeseek.training.trainable import Trainable

CARD = "README.md"


def code_version() -> dict[str, str]:
    """Return the version of this package and, in a checkout of its repository, the commit."""
    versions = {"tubeseek": __version__}
    here = Path(__file__).parent
    try:
        completed = subprocess.run(  # noqa: S603
            ["git", "-C", str(here), "log", "-1", "--format=%H", "--", "."],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):  # git is missing or does not answer
        return versions
    commit = completed.stdout.strip()
    return versions | {"commit": commit} if completed.returncode == 0 and commit else versions


def write_adapter(trainable: Trainable, record: RunRecord, work: Path, out: Path) -> None:
    """Write the adapter with its card; files in `out` stay until the new ones are complete.

    Args:
        trainable: The encoder with the weights to save.
        record: The content of `training.json`.
        work: A folder on the same disk as `out`.
        out: The folder of the adapter.

    Raises:
        TrainingError: The disk is full, or `out` cannot be written to.
    """
    whole = work / "adapter"
    try:
        whole.mkdir(parents=True, exist_ok=True)
        trainable.save(whole)
        write_card(whole, record)
        # safetensors lets only the owner read the file, and a server may run as another user
        (whole / WEIGHTS).chmod((whole / CARD).stat().st_mode)
        for file in sorted(whole.iterdir()):
            file.replace(out / file.name)
        whole.rmdir()
    except (OSError, SafetensorError) as error:
        raise TrainingError(
            f"the adapter cannot be written to {out} ({error}); make room and run the same "
            f"command again: it goes on from the last checkpoint"
        ) from error


def write_card(folder: Path, record: RunRecord) -> None:
    """Write `training.json` and `README.md` into the folder of an adapter."""
    (folder / FACTS).write_text(record.to_json(), "utf-8")
    (folder / CARD).write_text(_card(record), "utf-8")


def _card(record: RunRecord) -> str:
    data, split = record.data, record.split
    lines = [
        "---",
        "library_name: tubeseek" if record.method_name == "heads" else "library_name: peft",
        f"base_model: {record.base_model}",
        "pipeline_tag: zero-shot-image-classification",
        "tags: [tubeseek, text-to-image-retrieval, contrastive]",
        "---",
        "",
        f"# {record.name}",
        "",
        f"Adapts `{record.base_model}` to {data.pairs} pairs of pictures and texts "
        f"({data.name}, sha256 `{data.digest[:16]}`).",
        "",
        "```sh",
        "tubeseek index --adapter THIS_FOLDER",
        "```",
        "",
        "## Measured",
        "",
        "Text to picture. The test channels were used neither to train nor to decide when to stop.",
        "",
        "| set | pictures | texts | recall@10 before | after | MRR before | after |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, scores in record.metrics.items():
        before, after = scores.before, scores.after
        if after is not None:
            lines.append(
                f"| {name} | {before.pictures} | {before.texts} | {before.recall_at_10:.3f} | "
                f"{after.recall_at_10:.3f} | {before.mrr:.3f} | {after.mrr:.3f} |"
            )
    if gain := record.metrics["test"].gain:
        lines += [
            "",
            f"Gain of recall@10 on the test channels: {gain.value:+.3f} "
            f"[{gain.low:+.3f}, {gain.high:+.3f}] (95 % bootstrap over pictures), "
            f"p = {gain.p_value:.4f} (paired randomisation test).",
        ]
    lines += [
        *(f"\n**Warning:** {warning}" for warning in record.warnings),
        "",
        "## Made by",
        "",
        f"- Split by channel with seed {split.seed}: {split.train} pairs to train on, "
        f"{split.validation} to choose the epoch, {split.test} to report.",
        f"- Epoch {record.best_epoch} of {record.epochs_run} was the best on validation; "
        f"epoch 0 is the encoder before training.",
        f"- Method: {listed(record.method)}.",
        f"- Settings: {listed(record.config)}.",
        f"- Code: {listed(record.code)}.",
        f"- Left out of the data: {data.left_out} rows.",
        "",
        f"`{FACTS}` has the same figures, the curves and the ids of each part of the split.",
        "",
    ]
    return "\n".join(lines)
