"""What an adapter says of itself: `README.md` for people, `training.json` for programs."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from tubeseek import __version__
from tubeseek.core.errors import TrainingError
from tubeseek.encoders.adapters import WEIGHTS
from tubeseek.training.run_folder import FACTS
from tubeseek.training.trainable import Trainable

CARD = "README.md"


def code_version() -> dict[str, str]:
    """The version of this package and, in a checkout of its repository, the commit."""
    told = {"tubeseek": __version__}
    here = Path(__file__).parent
    try:
        asked = subprocess.run(  # noqa: S603
            ["git", "-C", str(here), "log", "-1", "--format=%H", "--", "."],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):  # no git here: the version has to do
        return told
    commit = asked.stdout.strip()
    return told | {"commit": commit} if asked.returncode == 0 and commit else told


def write_adapter(trainable: Trainable, facts: Mapping[str, Any], work: Path, out: Path) -> None:
    """Writes the adapter with its card; what was in `out` stays until the new files are whole.

    Args:
        trainable: With the weights that are to be kept.
        facts: As `training.json` shall hold them; see `Training.facts` for the keys.
        work: A folder on the same disk.
        out: Of the adapter.

    Raises:
        TrainingError: The disk is full, or `out` cannot be written to.
    """
    whole = work / "adapter"
    try:
        whole.mkdir(parents=True, exist_ok=True)
        trainable.save(whole)
        write_card(whole, facts)
        # safetensors lets nobody but the owner read it, and a server may be another user's
        (whole / WEIGHTS).chmod((whole / CARD).stat().st_mode)
        for file in sorted(whole.iterdir()):
            file.replace(out / file.name)
        whole.rmdir()
    except (OSError, SafetensorError) as error:
        raise TrainingError(
            f"the adapter cannot be written to {out} ({error}); make room and run the same "
            f"command again: it goes on from the last checkpoint"
        ) from error


def write_card(folder: Path, facts: Mapping[str, Any]) -> None:
    """Writes both files.

    Args:
        folder: Of the adapter.
        facts: As `training.json` shall hold them.
    """
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    (folder / FACTS).write_text(text + "\n", "utf-8")
    (folder / CARD).write_text(_card(facts), "utf-8")


def _card(facts: Mapping[str, Any]) -> str:
    data, split, method = facts["data"], facts["split"], facts["method"]
    code = facts["code"]
    lines = [
        "---",
        "library_name: tubeseek" if method["method"] == "heads" else "library_name: peft",
        f"base_model: {facts['base_model']}",
        "pipeline_tag: zero-shot-image-classification",
        "tags: [tubeseek, text-to-image-retrieval, contrastive]",
        "---",
        "",
        f"# {facts['name']}",
        "",
        f"Adapts `{facts['base_model']}` to {data['pairs']} pairs of pictures and texts "
        f"({data['name']}, sha256 `{data['digest'][:16]}`).",
        "",
        "```sh",
        "tubeseek index --adapter THIS_FOLDER",
        "```",
        "",
        "## Measured",
        "",
        "Text to picture. The test channels were not trained on, and did not decide when to stop.",
        "",
        "| set | pictures | texts | recall@10 before | after | MRR before | after |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, both in facts["metrics"].items():
        before, after = both["before"], both["after"]
        lines.append(
            f"| {name} | {before['pictures']} | {before['texts']} | {before['recall@10']:.3f} | "
            f"{after['recall@10']:.3f} | {before['mrr']:.3f} | {after['mrr']:.3f} |"
        )
    test = facts["metrics"]["test"]["gain"]
    lines += [
        "",
        f"Gain of recall@10 on the test channels: {test['value']:+.3f} "
        f"[{test['low']:+.3f}, {test['high']:+.3f}] (95 % bootstrap over pictures), "
        f"p = {test['p_value']:.4f} (paired randomisation test).",
        *(f"\n**Warning:** {warning}" for warning in facts["warnings"]),
        "",
        "## Made by",
        "",
        f"- Split by channel with seed {split['seed']}: {split['train']} pairs to learn, "
        f"{split['validation']} to choose the epoch, {split['test']} to report.",
        f"- Epoch {facts['best_epoch']} of {facts['epochs_run']} was the best on validation; "
        f"epoch 0 is the encoder as it was.",
        f"- Method: {', '.join(f'{name} {value}' for name, value in method.items())}.",
        f"- Settings: {', '.join(f'{name} {value}' for name, value in facts['config'].items())}.",
        f"- Code: {', '.join(f'{name} {value}' for name, value in code.items())}.",
        f"- Left out of the data: {data['left_out']} rows.",
        "",
        f"`{FACTS}` holds the same with the curves and the ids of each part of the split.",
        "",
    ]
    return "\n".join(lines)
