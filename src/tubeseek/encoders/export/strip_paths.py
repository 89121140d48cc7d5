"""Removes paths of this machine, and the names of users in them, from what is exported."""

import json
import re
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

# A path in a sentence: two or more names from the root, a home or a drive; never part of a URL.
_PATH = re.compile(
    r"(?<![\w:/.~])(?:~?(?:/[^\s/'\"`,;:()<>|]+){2,}/?|[A-Za-z]:\\[^\s'\"`,;()<>|]+)"
)
# Fields in which transformers records where a model or tokenizer was loaded from.
_ORIGINS = ("_name_or_path", "name_or_path", "tokenizer_file", "vocab_file", "merges_file")


def without_paths(value: Any) -> Any:
    """Reduce each path to its last name, at any depth of lists and dictionaries.

    >>> without_paths({"data": "/home/ann/films", "kept": ["see /home/ann/films/a.jpg: broken"]})
    {'data': 'films', 'kept': ['see a.jpg: broken']}
    >>> without_paths("https://huggingface.co/openai/clip and 3/4")
    'https://huggingface.co/openai/clip and 3/4'
    """
    if isinstance(value, dict):
        return {without_paths(key): without_paths(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_paths(item) for item in value]
    if not isinstance(value, str):
        return value
    if is_path(value):
        return _last(value)
    return _PATH.sub(lambda match: _last(match.group()), value)


def is_path(text: str) -> bool:
    """Return whether the whole text is an absolute path, or one from a home."""
    rooted = PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()
    return (rooted or text.startswith("~/")) and "\n" not in text and len(text) > 1


def copy_settings(source: Path, target: Path) -> None:
    """Copy a settings file of a model without the local paths that it was loaded from.

    Only the fields that transformers uses for origins are removed, because vocabularies are JSON
    too and may hold any text.
    """
    data = source.read_bytes()
    if source.suffix == ".json":
        settings = json.loads(data)
        if isinstance(settings, dict):
            origins = [name for name in _ORIGINS if _is_local(settings.get(name))]
            if origins:
                kept = {name: value for name, value in settings.items() if name not in origins}
                data = (json.dumps(kept, indent=2, ensure_ascii=False) + "\n").encode()
    target.write_bytes(data)


def _is_local(origin: object) -> bool:
    return isinstance(origin, str) and (is_path(origin) or origin.startswith("."))


def _last(path: str) -> str:
    """Return the last name of a POSIX or Windows path.

    >>> _last("/home/ann/"), _last("C:\\\\Users\\\\ann\\\\clip")
    ('ann', 'clip')
    """
    return PureWindowsPath(path).name or PurePosixPath(path).name or path
