"""What this machine and this library have and lack: the facts behind `tubeseek doctor`."""

import importlib.metadata
import importlib.util
import platform
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from tubeseek import __version__
from tubeseek.app import live_server
from tubeseek.owner import current_owner
from tubeseek.picking import STARTER
from tubeseek.settings import Settings

PACKAGES = (
    "torch", "transformers", "openvino", "av", "pillow", "yt-dlp", "yt-dlp-ejs", "qdrant-edge-py",
    "qdrant-client", "fastapi", "streamlit",
)  # fmt: skip
EXTRAS = {
    "openvino": "openvino", "qdrant-client": "server", "fastapi": "serve", "streamlit": "app",
}  # fmt: skip
LOW_DISK_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `good` is False where the user should do something."""

    name: str
    text: str
    good: bool = True


def examine(settings: Settings) -> list[Finding]:
    """Everything worth knowing before asking for help; reads, and changes nothing."""
    return [
        Finding("tubeseek", f"{__version__}, Python {platform.python_version()}"),
        Finding("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        *(_package(name) for name in PACKAGES),
        Finding("sqlite", sqlite3.sqlite_version),
        _device(),
        *_weights(settings),
        _javascript(),
        _ffmpeg(),
        _disk(settings.library),
        _owner(settings),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        extra = EXTRAS.get(name)
        if extra:
            return Finding(name, f"not installed (optional: pip install 'tubeseek[{extra}]')")
        return Finding(name, "missing: pip install --force-reinstall tubeseek", good=False)


def _device() -> Finding:
    import torch

    if torch.cuda.is_available():
        return Finding("device", f"CUDA: {torch.cuda.get_device_name()}")
    if torch.backends.mps.is_available():
        return Finding("device", "MPS")
    return Finding("device", f"CPU, {torch.get_num_threads()} threads")


def _weights(settings: Settings) -> list[Finding]:
    from tubeseek.encoders.dual import KNOWN_MODELS
    from tubeseek.encoders.hub import is_cached

    findings = [Finding(f"encoder {STARTER}", "weights present (they come with the package)")]
    for name, model in KNOWN_MODELS.items():
        if is_cached(model.hub_id):
            findings.append(Finding(f"encoder {name}", f"weights present ({model.hub_id})"))
        else:
            text = f"weights absent; the first use downloads {model.hub_id} from Hugging Face"
            findings.append(Finding(f"encoder {name}", text))
    if settings.encoder and Path(settings.encoder).is_dir():
        findings.append(Finding("encoder", settings.encoder))
    return findings


def _javascript() -> Finding:
    from tubeseek.sources.ytdlp_session import javascript_runtime

    runtime = javascript_runtime()
    if runtime is None:
        text = "none: YouTube needs one, install deno (https://deno.com) or Node.js 22 or newer"
        return Finding("javascript", text, good=False)
    return Finding("javascript", runtime)


def _ffmpeg() -> Finding:
    program = shutil.which("ffmpeg")
    bundled = importlib.util.find_spec("av") is not None
    read = "video files are read by the libraries inside PyAV" if bundled else "PyAV is missing"
    return Finding("ffmpeg", f"{program or 'no program of that name'}; {read}", good=bundled)


def _disk(library: Path) -> Finding:
    existing = next(p for p in (library, *library.parents) if p.exists())
    free = shutil.disk_usage(existing).free
    return Finding("disk", f"{free / 1e9:.1f} GB free at {existing}", good=free > LOW_DISK_BYTES)


def _owner(settings: Settings) -> Finding:
    if settings.store:
        return Finding("library", f"{settings.library}, vectors on {settings.store}")
    owner = current_owner(settings.library)
    if owner is None:
        return Finding("library", f"{settings.library}, not in use")
    if owner.url:
        answers = live_server(settings) is not None
        told = "answers" if answers else "does not answer: end that process and start it again"
        text = f"{settings.library}, server at {owner.url} (process {owner.pid}) {told}"
        return Finding("library", text, good=answers)
    return Finding("library", f"{settings.library}, in use by `{owner.command}` ({owner.pid})")
