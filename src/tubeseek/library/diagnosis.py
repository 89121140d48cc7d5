"""Examines the installation and the library for `tubeseek doctor`."""

import importlib.metadata
import importlib.util
import platform
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from tubeseek import __version__
from tubeseek.core.diagnosis import Diagnosis
from tubeseek.core.errors import TubeseekError
from tubeseek.core.events import Event
from tubeseek.core.installation import install_command, package_command
from tubeseek.core.schemas import IndexRequest
from tubeseek.core.settings import Settings
from tubeseek.library.identity import CATALOG_NAME
from tubeseek.library.open import (
    connect,
    diagnose_encoders,
    diagnose_sources,
    live_server,
    open_library,
)
from tubeseek.library.owner import current_owner

PACKAGES = (
    "torch", "transformers", "openvino", "av", "pillow", "yt-dlp", "yt-dlp-ejs", "qdrant-edge-py",
    "qdrant-client", "fastapi", "streamlit",
)  # fmt: skip
EXTRAS = {
    "openvino": "openvino", "qdrant-client": "server", "fastapi": "serve", "streamlit": "app",
}  # fmt: skip
LOW_DISK_BYTES = 2_000_000_000


def diagnose(settings: Settings) -> list[Diagnosis]:
    """Examine everything worth knowing before asking for help."""
    return [
        Diagnosis("tubeseek", f"{__version__}, Python {platform.python_version()}"),
        Diagnosis("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        *(_diagnose_package(name) for name in PACKAGES),
        Diagnosis("sqlite", sqlite3.sqlite_version),
        *diagnose_encoders(settings),
        *diagnose_sources(),
        _diagnose_ffmpeg(),
        _diagnose_disk(settings.library),
        _diagnose_owner(settings),
        *_diagnose_indexes(settings),
    ]


def repair_library(settings: Settings) -> Generator[Event, None, None]:
    """Make damaged or incomplete indexes again, in the server if one owns the library.

    Yields:
        The events of indexing.
    """
    if (settings.library / CATALOG_NAME).exists():
        with closing(connect(settings, "tubeseek doctor")) as library:
            yield from library.run(IndexRequest(repair=True))


def _diagnose_indexes(settings: Settings) -> list[Diagnosis]:
    if not (settings.library / CATALOG_NAME).exists():
        return []
    if not settings.store and current_owner(settings.library):
        return [Diagnosis("indexes", "not examined, because another process has them open")]
    try:
        library, _ = open_library(settings, "tubeseek doctor")
        with closing(library):
            return list(library.diagnose_indexes())
    except TubeseekError as error:
        return [Diagnosis("indexes", str(error), good=False)]


def _diagnose_package(name: str) -> Diagnosis:
    try:
        return Diagnosis(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        extra = EXTRAS.get(name)
        if extra:
            return Diagnosis(name, f"not installed (optional: {install_command(extra)})")
        return Diagnosis(name, f"missing: {package_command(name)}", good=False)


def _diagnose_ffmpeg() -> Diagnosis:
    program = shutil.which("ffmpeg")
    bundled = importlib.util.find_spec("av") is not None
    reader = "video files are read by the libraries inside PyAV" if bundled else "PyAV is missing"
    return Diagnosis("ffmpeg", f"{program or 'no program of that name'}; {reader}", good=bundled)


def _diagnose_disk(library: Path) -> Diagnosis:
    existing = next(p for p in (library, *library.parents) if p.exists())
    free = shutil.disk_usage(existing).free
    return Diagnosis("disk", f"{free / 1e9:.1f} GB free at {existing}", good=free > LOW_DISK_BYTES)


def _diagnose_owner(settings: Settings) -> Diagnosis:
    server = live_server(settings)
    if settings.store:
        return Diagnosis("library", f"{settings.library}, vectors on {settings.store}")
    owner = current_owner(settings.library)
    if owner is None:
        return Diagnosis("library", f"{settings.library}, not in use")
    if owner.url:
        alive = server is not None
        state = "answers" if alive else "does not answer: end that process and start it again"
        text = f"{settings.library}, server at {owner.url} (process {owner.pid}) {state}"
        return Diagnosis("library", text, good=alive)
    return Diagnosis("library", f"{settings.library}, in use by `{owner.command}` ({owner.pid})")
