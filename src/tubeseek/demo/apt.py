"""Downloads a Debian package with apt, as an ordinary user where that is possible."""

import os
import shutil
import subprocess
from pathlib import Path

from tubeseek.errors import SourceError

# What apt-get says when its package lists are missing, or older than the archive.
LISTS_MISSING = ("Unable to locate package", "Can't find a source to download")
LISTS_STALE = ("404  Not Found", "File has unexpected size")
PATIENCE_SECONDS = 1800


def download_package(package: str, folder: Path, advice: str) -> Path:
    """Downloads `package` into `folder`, renewing apt's lists where they are missing and we may.

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
    said = _run([program, "download", package], folder)
    if any(sign in said for sign in LISTS_MISSING + LISTS_STALE):
        if os.geteuid() != 0:
            raise SourceError(
                f"apt's package lists are missing or old: run `sudo apt-get update`, then this "
                f"again. If it still does not know {package}: {advice}"
            )
        # One broken source fails the update and leaves the others usable: the download decides.
        updating = _run([program, "update"], folder)
        said = _run([program, "download", package], folder)
        said = f"{said} {updating}".strip() if said else ""
    packages = sorted(folder.glob(f"{package}_*.deb"))
    if said or not packages:
        raise SourceError(f"apt-get could not download {package}: {said or 'no file'}. {advice}")
    return packages[0]


def _run(command: list[str], folder: Path) -> str:
    """Runs apt-get in `folder`; what it complained of, or "" when it succeeded."""
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
