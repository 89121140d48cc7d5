"""Says how to add an extra to the tubeseek that is running: from a release or from a clone."""

import json
import shlex
import sys
from importlib import metadata
from urllib.parse import unquote, urlsplit


def install_command(extra: str, direct_url: str | None = None) -> str:
    """Return the command that installs an extra.

    Args:
        extra: Its name, or several with commas between them.
        direct_url: What pip noted of where tubeseek came from (PEP 610, JSON); None reads it.

    >>> install_command("app", '{"url": "file:///home/mina/tubeseek", "dir_info": {}}')
    'cd /home/mina/tubeseek && make install EXTRAS=app'
    >>> install_command("train", "")
    "pip install 'tubeseek[train]'"
    """
    origin = _direct_url() if direct_url is None else direct_url
    facts = json.loads(origin) if origin else {}
    folder = unquote(urlsplit(facts.get("url", "")).path) if "dir_info" in facts else ""
    if not folder:
        return f"pip install 'tubeseek[{extra}]'"
    if facts["dir_info"].get("editable"):
        python = shlex.quote(sys.executable)
        return f"{python} -m pip install -e {shlex.quote(f'{folder}[{extra}]')}"
    return f"cd {shlex.quote(folder)} && make install EXTRAS={extra}"


def _direct_url() -> str:
    try:
        return metadata.distribution("tubeseek").read_text("direct_url.json") or ""
    except metadata.PackageNotFoundError:
        return ""
