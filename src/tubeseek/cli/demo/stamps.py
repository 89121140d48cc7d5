"""Fetches the Tux Paint stamp collection and reads the description of each stamp.

A stamp is a picture `NAME.png` beside `NAME.txt`: its description in English on the first line,
then one line for each translation, such as `ko.utf8=고양이`.
"""

import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from PIL import Image, UnidentifiedImageError

from tubeseek.core.errors import SourceError
from tubeseek.core.files import new_folder

# What apt-get says when its package lists are missing, or older than the archive.
LISTS_MISSING = ("Unable to locate package", "Can't find a source to download")
LISTS_STALE = ("404  Not Found", "File has unexpected size")
PATIENCE_SECONDS = 1800
PACKAGE = "tuxpaint-stamps-default"
LEFT_OUT = "symbols"  # letters, digits and coins: nothing that one would describe
KOREAN_PREFIX = "ko.utf8="
ADVICE = (
    f"Fetch the package from https://packages.debian.org/{PACKAGE} and name the .deb, or the "
    "folder it was unpacked into, as the stamps; or skip the demo and add a folder of your own "
    "videos: tubeseek add FOLDER"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A picture and what it shows."""

    path: Path
    english: str  # as the collection describes it, e.g. "A cow."
    korean: str  # "" where nobody has translated it
    category: str  # its folder in the collection, e.g. "animals/mammals/bovines"
    size: tuple[int, int] = (0, 0)  # width, height in pixels
    has_colour: bool = True  # False for line art, silhouettes and grey drawings

    @property
    def name(self) -> str:
        """Its place in the collection, e.g. "animals/mammals/bovines/cow"."""
        return f"{self.category}/{self.path.stem}"

    @property
    def is_drawing(self) -> bool:
        return "cartoon" in self.category.split("/")


def fetch_stamps(cache: Path, stamps: Path | None = None) -> list[Stamp]:
    """Return the stamps in order of name. The collection is unpacked once and kept in `cache`.

    Args:
        cache: A folder to keep the unpacked collection in.
        stamps: The .deb, or a folder that it was unpacked into; None asks apt for it.

    Raises:
        SourceError: The collection cannot be fetched; the message says what to do instead.
    """
    if stamps is not None and stamps.is_dir():
        return read_stamps(stamps)
    if stamps is not None and not stamps.is_file():
        raise SourceError(f"There is no {stamps}. {ADVICE}")
    unpacked = cache / (stamps.stem if stamps else PACKAGE)
    if not unpacked.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache, prefix=".download-") as downloads:
            package = stamps or download_package(PACKAGE, Path(downloads), ADVICE)
            with new_folder(unpacked) as unfinished:
                unpack(package, unfinished)
    return read_stamps(unpacked)


def download_package(package: str, folder: Path, advice: str) -> Path:
    """Download a package with apt-get; as root, update missing or stale package lists first.

    Args:
        package: Its name.
        folder: An existing folder.
        advice: What the user can do instead; ends every error message.

    Returns:
        The .deb.

    Raises:
        SourceError: There is no apt, its lists are missing and we may not fetch them, or the
            archive cannot be reached.
    """
    program = shutil.which("apt-get")
    if program is None:
        raise SourceError(f"Cannot download {package}: there is no apt-get here. {advice}")
    errors = _run([program, "download", package], folder)
    if any(sign in errors for sign in LISTS_MISSING + LISTS_STALE):
        if os.geteuid() != 0:
            raise SourceError(
                f"apt's package lists are missing or old: run `sudo apt-get update`, then this "
                f"again. If it still does not know {package}: {advice}"
            )
        # One broken source fails the update and leaves the others usable: the download decides.
        updating = _run([program, "update"], folder)
        errors = _run([program, "download", package], folder)
        errors = f"{errors} {updating}".strip() if errors else ""
    packages = sorted(folder.glob(f"{package}_*.deb"))
    if errors or not packages:
        raise SourceError(f"apt-get could not download {package}: {errors or 'no file'}. {advice}")
    return packages[0]


def _run(command: list[str], folder: Path) -> str:
    """Run apt-get in `folder`. Return its error messages, or "" when it succeeded."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
            command,
            cwd=folder,
            env={**os.environ, "LC_ALL": "C"},  # its messages are compared above
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {PATIENCE_SECONDS // 60} minutes"
    except OSError as error:
        return str(error)
    if done.returncode == 0:
        return ""
    errors = [line for line in done.stderr.splitlines() if line.startswith("E:")]
    return " ".join(errors) or f"exit status {done.returncode}"


def unpack(package: Path, folder: Path) -> None:
    """Write the pictures and descriptions of a .deb into a folder, not its symbols and sounds.

    Raises:
        SourceError: There is no dpkg-deb, or it cannot read the file.
    """
    program = shutil.which("dpkg-deb")
    if program is None:
        raise SourceError(
            f"Cannot unpack {package.name}: there is no dpkg-deb here. Unpack it with `ar x "
            f"{package.name} && tar xf data.tar.*` and name that folder. {ADVICE}"
        )
    failure: Exception | None = None
    with subprocess.Popen(  # noqa: S603 - the program was looked up, the file is an argument
        [program, "--fsys-tarfile", str(package)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                for member in archive:
                    if member.isfile() and _is_wanted(PurePosixPath(member.name)):
                        archive.extract(member, folder, filter="data")
        except tarfile.TarError as error:
            failure = error
        _, errors = process.communicate()
    if failure or process.returncode:
        reason = errors.decode(errors="replace").strip() or str(failure)
        raise SourceError(f"Cannot unpack {package}: {reason}. {ADVICE}") from failure


def _is_wanted(path: PurePosixPath) -> bool:
    return "stamps" in path.parts and path.suffix in {".png", ".txt"} and LEFT_OUT not in path.parts


def read_stamps(folder: Path) -> list[Stamp]:
    """Return the stamps below `folder`, pictures with a description, in order of name.

    Raises:
        SourceError: There is none.
    """
    root = next((path for path in sorted(folder.rglob("stamps")) if path.is_dir()), folder)
    stamps = []
    for picture in sorted(root.rglob("*.png")):
        category = picture.relative_to(root).parent
        if LEFT_OUT in category.parts:
            continue
        stamp = _read_stamp(picture, category.as_posix())
        if stamp is not None:
            stamps.append(stamp)
    if not stamps:
        raise SourceError(f"There are no stamps (NAME.png beside NAME.txt) in {folder}. {ADVICE}")
    return stamps


def _read_stamp(picture: Path, category: str) -> Stamp | None:
    """Return a stamp, or None where the picture or its description is missing or damaged."""
    description = picture.with_suffix(".txt")
    if not description.is_file():  # mirrored and flipped variants have none of their own
        return None
    english, korean = parse_description(description.read_text("utf-8-sig", errors="replace"))
    try:
        with Image.open(picture) as image:
            size, mode = image.size, image.mode
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return Stamp(picture, english, korean, category, size, mode not in {"1", "L", "LA"})


def parse_description(text: str) -> tuple[str, str]:
    """Return the English and the Korean description, "" for one that is missing.

    >>> parse_description("A black cat.\\nde.utf8=Eine schwarze Katze.\\nko.utf8=까만 고양이\\n")
    ('A black cat.', '까만 고양이')
    """
    lines = [line.strip() for line in text.splitlines()]
    english = lines[0] if lines and ".utf8=" not in lines[0] else ""
    korean = next((line for line in lines if line.startswith(KOREAN_PREFIX)), "")
    return english, korean.removeprefix(KOREAN_PREFIX).strip()
