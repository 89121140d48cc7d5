"""`tubeseek doctor`."""

import importlib.metadata
import importlib.util
import platform
import shutil
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from tubeseek import __version__
from tubeseek.cli import render
from tubeseek.cli.options import settings_of
from tubeseek.core.settings import Settings
from tubeseek.encoders.factory import STARTER
from tubeseek.library.open import live_server
from tubeseek.library.owner import current_owner


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """Versions, weights, runtimes, disk, and who has the library open."""
    from tubeseek.cli.doctor import examine

    findings = examine(settings_of(context))
    if as_json:
        render.as_json({"findings": [asdict(finding) for finding in findings]})
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            mark = "[green]ok[/]" if finding.good else "[bold red]!![/]"
            line = f"{mark} {escape(finding.name.ljust(width))}  {escape(finding.text)}"
            render.stdout.print(line, soft_wrap=True, highlight=False)
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


PACKAGES = (
    "torch", "transformers", "openvino", "av", "pillow", "yt-dlp", "yt-dlp-ejs", "qdrant-edge-py",
    "qdrant-client", "fastapi", "streamlit",
)  # fmt: skip
EXTRAS = {
    "openvino": "openvino", "qdrant-client": "server", "fastapi": "serve", "streamlit": "app",
}  # fmt: skip
LOW_DISK_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at. `good` is False where the user should do something."""

    name: str
    text: str
    good: bool = True


def examine(settings: Settings) -> list[Diagnosis]:
    """Everything worth knowing before asking for help; reads, and changes nothing."""
    return [
        Diagnosis("tubeseek", f"{__version__}, Python {platform.python_version()}"),
        Diagnosis("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        *(_package(name) for name in PACKAGES),
        Diagnosis("sqlite", sqlite3.sqlite_version),
        _device(),
        *_weights(settings),
        _javascript(),
        _ffmpeg(),
        _disk(settings.library),
        _owner(settings),
    ]


def _package(name: str) -> Diagnosis:
    try:
        return Diagnosis(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        extra = EXTRAS.get(name)
        if extra:
            return Diagnosis(name, f"not installed (optional: pip install 'tubeseek[{extra}]')")
        return Diagnosis(name, "missing: pip install --force-reinstall tubeseek", good=False)


def _device() -> Diagnosis:
    import torch

    if torch.cuda.is_available():
        return Diagnosis("device", f"CUDA: {torch.cuda.get_device_name()}")
    if torch.backends.mps.is_available():
        return Diagnosis("device", "MPS")
    return Diagnosis("device", f"CPU, {torch.get_num_threads()} threads")


def _weights(settings: Settings) -> list[Diagnosis]:
    from tubeseek.encoders.dual.encoder import KNOWN_MODELS
    from tubeseek.encoders.hub import is_cached

    findings = [Diagnosis(f"encoder {STARTER}", "weights present (they come with the package)")]
    for name, model in KNOWN_MODELS.items():
        if is_cached(model.hub_id):
            findings.append(Diagnosis(f"encoder {name}", f"weights present ({model.hub_id})"))
        else:
            text = f"weights absent; the first use downloads {model.hub_id} from Hugging Face"
            findings.append(Diagnosis(f"encoder {name}", text))
    if settings.encoder and Path(settings.encoder).is_dir():
        findings.append(Diagnosis("encoder", settings.encoder))
    return findings


def _javascript() -> Diagnosis:
    from tubeseek.sources.youtube.session import javascript_runtime

    runtime = javascript_runtime()
    if runtime is None:
        text = "none: YouTube needs one, install deno (https://deno.com) or Node.js 22 or newer"
        return Diagnosis("javascript", text, good=False)
    return Diagnosis("javascript", runtime)


def _ffmpeg() -> Diagnosis:
    program = shutil.which("ffmpeg")
    bundled = importlib.util.find_spec("av") is not None
    read = "video files are read by the libraries inside PyAV" if bundled else "PyAV is missing"
    return Diagnosis("ffmpeg", f"{program or 'no program of that name'}; {read}", good=bundled)


def _disk(library: Path) -> Diagnosis:
    existing = next(p for p in (library, *library.parents) if p.exists())
    free = shutil.disk_usage(existing).free
    return Diagnosis("disk", f"{free / 1e9:.1f} GB free at {existing}", good=free > LOW_DISK_BYTES)


def _owner(settings: Settings) -> Diagnosis:
    server = live_server(settings)
    if settings.store:
        return Diagnosis("library", f"{settings.library}, vectors on {settings.store}")
    owner = current_owner(settings.library)
    if owner is None:
        return Diagnosis("library", f"{settings.library}, not in use")
    if owner.url:
        answers = server is not None
        told = "answers" if answers else "does not answer: end that process and start it again"
        text = f"{settings.library}, server at {owner.url} (process {owner.pid}) {told}"
        return Diagnosis("library", text, good=answers)
    return Diagnosis("library", f"{settings.library}, in use by `{owner.command}` ({owner.pid})")
