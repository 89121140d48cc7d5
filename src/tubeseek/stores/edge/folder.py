"""Keeps the folder of an embedded store whole, whenever the program is killed.

    FOLDER/lock         held by the one process that has the store open
    FOLDER/spec.json    the encoder, and which shard counts; only ever replaced as a whole
    FOLDER/shard-N      the data: one folder of Qdrant Edge

`spec.json` is written last, so a folder without it was never finished and is begun anew; a shard
that it does not name is left over from a build that was cut off, and is removed.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from tubeseek.core.errors import StoreError, StoreLockedError
from tubeseek.core.files import remove_unfinished, sync, write_atomically
from tubeseek.core.types import EncoderSpec

FORMAT = 1
RESERVED_BYTES = 32 * 1024 * 1024
BUILD_FACTOR = 2.5  # a build takes a copy, then the vectors anew with a quarter of them in int8
CARD, LOCK, SHARD = "spec.json", "lock", "shard-"
OLD_UNFINISHED_CARD = "spec.json.new"  # as versions before 2026-11 called it


@dataclass(frozen=True, slots=True)
class Card:
    """The content of `spec.json`."""

    spec: EncoderSpec
    generation: int  # the number of the shard that counts
    loose: int  # how many points were written since its graph was built; lost by a kill

    @property
    def shard(self) -> str:
        return f"{SHARD}{self.generation}"

    @property
    def following(self) -> "Card":
        """The card of the shard that will replace this one."""
        return replace(self, generation=self.generation + 1, loose=0)


def read_card(folder: Path) -> Card | None:
    """Read the card of a store without its lock; None where there is no finished store.

    Raises:
        StoreError: The card cannot be read, or a newer tubeseek wrote it.
    """
    try:
        text = (folder / CARD).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{folder / CARD} cannot be read: {error}") from error
    try:
        card = json.loads(text)
        if card["format"] > FORMAT:
            raise StoreError(f"{folder} was written by a newer tubeseek; update tubeseek")
        spec = EncoderSpec(**card["spec"] | {"languages": tuple(card["spec"]["languages"])})
        return Card(spec, int(card["generation"]), int(card["loose"]))
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{folder / CARD} is damaged ({error}); run `tubeseek doctor --repair`"
        ) from error


def write_card(folder: Path, card: Card) -> None:
    """Replace the card in one step that survives a kill and a power cut."""
    content = {"format": FORMAT} | asdict(card)
    text = json.dumps(content, ensure_ascii=False, indent=2)
    write_atomically(folder / CARD, text.encode(), durable=True)
    sync(folder)


def sync_all(folder: Path) -> None:
    """Bring every file in a folder onto the disk; other threads go on meanwhile."""
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # Qdrant Edge renames the logs that it makes ahead
            sync(path)


def copy_shard(source: Path, target: Path) -> None:
    """Copy a shard that nobody writes to, without the logs that Qdrant Edge is still making."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("tmp-*"))


def require_room(folder: Path, for_copies_of: Path | None = None) -> None:
    """Raise StoreError if the disk may be too full for a write.

    Qdrant Edge maps files with holes into memory. When the disk has no block left for a hole, the
    kernel ends the whole program (SIGBUS) instead of reporting an error, so we must ask first.

    Raises:
        StoreError: Less than `RESERVED_BYTES` are free, or than building a graph takes.
    """
    needed = RESERVED_BYTES
    if for_copies_of is not None:
        size = sum(path.stat().st_size for path in for_copies_of.rglob("*"))
        needed += int(BUILD_FACTOR * size)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"the disk is full: {folder} needs {needed // 2**20} MB free and has "
            f"{free // 2**20} MB; make room and run the command again, nothing stored is lost"
        )


def own(folder: Path) -> FileLock:
    """Make the folder if need be, and make this process its only owner.

    Raises:
        StoreLockedError: Another process, or another store of this one, has it open.
        StoreError: It cannot be written, or it holds something else.
    """
    # Not thread-local: a server opens the store in one thread and closes it in another.
    lock = FileLock(folder / LOCK, thread_local=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = [p.name for p in folder.iterdir() if not _ours(p.name)]
        if foreign and not (folder / CARD).exists():
            raise StoreError(
                f"{folder} holds something else ({sorted(foreign)[0]}); "
                "choose an empty or a new folder for the vectors"
            )
        lock.acquire(blocking=False)
    except Timeout as error:
        raise StoreLockedError(
            f"{folder} is open in another process; stop that one, or ask it over its API"
        ) from error
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error}; choose another place") from error
    return lock


def sweep(folder: Path) -> None:
    """Remove what a killed program left: shards that the card does not name, and unfinished cards.

    Only the owner of the folder may call it."""
    card = read_card(folder)
    keep = None if card is None else card.shard
    for path in folder.iterdir():
        if path.name.startswith(SHARD) and path.name != keep:
            shutil.rmtree(path, ignore_errors=True)  # the next sweep gets what is still in use
    remove_unfinished(folder)
    (folder / OLD_UNFINISHED_CARD).unlink(missing_ok=True)


def remove(folder: Path) -> None:
    """Delete a store that is not open; a deletion that is cut off leaves an unfinished store.

    Raises:
        StoreLockedError: Another process has it open.
        StoreError: The disk refuses.
    """
    if not folder.exists():
        return
    lock = own(folder)
    try:
        with edge_errors(folder):
            (folder / CARD).unlink(missing_ok=True)
            shutil.rmtree(folder)
    finally:
        lock.release()


@contextmanager
def edge_errors(folder: Path) -> Iterator[None]:
    """Translate errors of Qdrant Edge, which are bare `Exception`s or panics."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{folder}: {error}; {_advice(error)}") from error
    except Exception as error:
        if type(error) is not Exception:
            raise
        if "WouldBlock" in str(error):
            raise StoreLockedError(
                f"{folder} is open in another process; stop that one, or ask it over its API"
            ) from error
        raise StoreError(f"{folder}: {error}; {_advice(error)}") from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise StoreError(f"{folder}: Qdrant Edge failed ({error}); {_advice(error)}") from error


def is_panic(error: BaseException | None) -> bool:
    """Return whether Qdrant Edge panicked, as it does on some damaged files."""
    # PyO3 exports no such class. It derives from BaseException, so that nothing catches it.
    return type(error).__name__ == "PanicException"


def _advice(error: BaseException) -> str:
    if "No space left" in str(error):
        return "the disk is full: make room and run the command again, nothing stored is lost"
    return "`tubeseek doctor --repair` makes a damaged index again"


def _ours(name: str) -> bool:
    return name in {CARD, LOCK, OLD_UNFINISHED_CARD} or name.startswith((SHARD, f".{CARD}."))
