"""Names the commands that add to the tubeseek that is running, however it was installed."""

import json
import shlex
import sys
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit

OF_MAKE = Path("share", "tubeseek-env")  # where `make install` puts it, below PREFIX
DEFAULT_PREFIX = Path("~", ".local")


def install_command(extra: str, direct_url: str | None = None, prefix: str = sys.prefix) -> str:
    """Return the command that installs an extra.

    Args:
        extra: Its name, or several with commas between them.
        direct_url: What pip noted of where tubeseek came from (PEP 610, JSON), empty if it came
            from a package index; None reads it.
        prefix: The folder of the environment that runs.

    >>> clone = '{"url": "file:///home/mina/tubeseek", "dir_info": {}}'
    >>> install_command("app", clone, "/opt/share/tubeseek-env")
    'cd /home/mina/tubeseek && make install EXTRAS=app PREFIX=/opt'
    >>> install_command("train", '{"url": "https://x.org/t.whl", "archive_info": {}}').split()[2:]
    ['pip', 'install', "'tubeseek[train]", '@', "https://x.org/t.whl'"]
    """
    origin = _direct_url() if direct_url is None else direct_url
    facts = json.loads(origin) if origin else {}
    url = facts.get("url", "")
    if "dir_info" not in facts:
        source = f"tubeseek[{extra}]"
        if url:
            version_control = facts.get("vcs_info", {}).get("vcs")
            source += f" @ {version_control}+{url}" if version_control else f" @ {url}"
        return package_command(source)
    folder = unquote(urlsplit(url).path)
    if facts["dir_info"].get("editable"):
        return package_command("-e", f"{folder}[{extra}]")
    if not Path(prefix).match(str(OF_MAKE)):
        return package_command(f"{folder}[{extra}]")
    command = f"cd {shlex.quote(folder)} && make install EXTRAS={extra}"
    root = Path(prefix).parents[1]
    return command if root == DEFAULT_PREFIX.expanduser() else f"{command} PREFIX={root}"


def package_command(*arguments: str) -> str:
    """Return the command that installs packages into the environment that runs.

    >>> package_command("-U", "yt-dlp[default]").removeprefix(shlex.quote(sys.executable))
    " -m pip install -U 'yt-dlp[default]'"
    """
    return shlex.join([sys.executable, "-m", "pip", "install", *arguments])


def _direct_url() -> str:
    try:
        noted = metadata.distribution("tubeseek").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        noted = None
    clone = Path(__file__).resolve().parents[3]
    if noted is None and (clone / "pyproject.toml").is_file():  # run from a checkout
        return json.dumps({"url": clone.as_uri(), "dir_info": {"editable": True}})
    return noted or ""
