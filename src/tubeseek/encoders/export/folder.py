"""Writes a folder that appears complete or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from tubeseek.core.errors import InputError, SharingError

CARD = "README.md"
KNOWN_BY = ("adapter_config.json", "config.json")  # every export holds one of them


@contextmanager
def new_folder(out: Path, *, force: bool, sources: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Yield a folder beside `out` to write into; it becomes `out` when the block succeeds.

    A killed run leaves that folder, `.NAME.part`; the next run removes it.

    Args:
        out: The folder to make. An empty folder may exist there.
        force: Replace an existing export.
        sources: Folders that are read; `out` must not be, contain or lie in one of them.

    Raises:
        InputError: `out` must not be replaced.
        SharingError: `out` cannot be written.
    """
    out = out.expanduser().absolute()
    before = out.parent / f".{out.name}.before"
    if before.exists() and not out.exists():  # killed between the two steps of `_put`
        before.rename(out)
    _refuse_sources(out, sources)
    _refuse_replacing(out, force=force)
    part = out.parent / f".{out.name}.part"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)
        part.mkdir()
        try:
            yield part
            _make_readable(part)
            _put(part, out, before)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except (OSError, SafetensorError) as error:  # safetensors raises its own when a disk is full
        raise SharingError(
            f"{out} cannot be written ({getattr(error, 'strerror', None) or error}); make room or "
            f"choose another --out, and run the same command again"
        ) from error


def _refuse_sources(out: Path, sources: tuple[Path, ...]) -> None:
    target = out.resolve()
    for source in (source.resolve() for source in sources):
        if target == source or target in source.parents or source in target.parents:
            raise InputError(
                f"{out} would overwrite {source}, which it is made from; choose another --out"
            )


def _refuse_replacing(out: Path, *, force: bool) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise InputError(f"{out} is not a folder; choose another --out")
    if not out.is_dir() or not any(out.iterdir()):
        return
    if not force:
        raise InputError(f"{out} is not empty; choose another --out, or replace it with --force")
    if not ((out / CARD).is_file() and any((out / name).is_file() for name in KNOWN_BY)):
        raise InputError(
            f"{out} does not look like an export ({CARD} and one of {', '.join(KNOWN_BY)}), so "
            f"--force does not delete it; choose another --out"
        )


def _make_readable(folder: Path) -> None:
    """Give all files the permissions of the card; those of safetensors are private."""
    for file in folder.iterdir():
        file.chmod((folder / CARD).stat().st_mode)


def _put(part: Path, out: Path, before: Path) -> None:
    """Rename `part` to `out`; an old `out` is deleted only after that."""
    if not out.exists():
        part.replace(out)
        return
    _remove(before)
    out.rename(before)
    try:
        part.rename(out)
    except OSError:
        before.rename(out)
        raise
    shutil.rmtree(before)


def _remove(leftover: Path) -> None:
    if leftover.exists():
        shutil.rmtree(leftover)
