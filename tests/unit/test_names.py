"""Identifiers are words of the field, without participles that do not say what they hold."""

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("src", "tests", "benchmarks")
VAGUE = {"told", "asked", "said", "held", "seen"}
MAY_HOLD_VAGUE = re.compile("|".join(VAGUE), re.IGNORECASE)


def vague_identifiers(file: Path) -> Iterator[str]:
    """Yield the identifiers that have a vague word; "held-out" is a term of evaluation."""
    if not MAY_HOLD_VAGUE.search(file.read_text("utf-8")):
        return
    with file.open("rb") as lines:
        for token in tokenize.tokenize(lines.readline):
            if token.type == tokenize.NAME:
                name = re.sub("(?<=[a-z])(?=[A-Z])", "_", token.string).lower()
                if VAGUE & set(name.replace("held_out", "").split("_")):
                    yield f"{file}:{token.start[0]}: {token.string}"


def test_no_identifier_is_vague() -> None:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    assert len(files) > 300
    assert [name for file in files for name in vague_identifiers(file)] == []


def test_vague_identifiers_are_named(tmp_path: Path) -> None:
    file = tmp_path / "names.py"
    file.write_text(
        "class SeenOnce:\n    held_out = _told = 'said'  # asked\n    resaid = 0\n", "utf-8"
    )
    assert [line.rsplit(" ")[-1] for line in vague_identifiers(file)] == ["SeenOnce", "_told"]
