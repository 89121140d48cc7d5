"""Takes this machine out of what is handed on: paths of folders, and with them names of users."""

import json
import re
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

# In a sentence: two or more steps from the root, a home, or a drive; never part of a URL.
_PATH = re.compile(
    r"(?<![\w:/.~])(?:~?(?:/[^\s/'\"`,;:()<>|]+){2,}/?|[A-Za-z]:\\[^\s'\"`,;()<>|]+)"
)
# Where transformers writes down what a model or tokenizer was loaded from.
_ORIGINS = ("_name_or_path", "name_or_path", "tokenizer_file", "vocab_file", "merges_file")


def without_paths(value: Any) -> Any:
    """Of each path only its last name is left, at any depth of lists and dictionaries.

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
    return _PATH.sub(lambda found: _last(found.group()), value)


def is_path(text: str) -> bool:
    """Whether a text is, as a whole, the path of a file from a root or a home."""
    rooted = PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()
    return (rooted or text.startswith("~/")) and "\n" not in text and len(text) > 1


def copy_settings(source: Path, target: Path) -> None:
    """Copies a settings file of a model; JSON loses what says where the model came from.

    Vocabularies are JSON too, and hold whatever they hold: only the places that transformers
    uses for origins are looked at.
    """
    data = source.read_bytes()
    if source.suffix == ".json":
        facts = json.loads(data)
        if isinstance(facts, dict):
            origins = [name for name in _ORIGINS if _is_local(facts.get(name))]
            if origins:
                kept = {name: value for name, value in facts.items() if name not in origins}
                data = (json.dumps(kept, indent=2, ensure_ascii=False) + "\n").encode()
    target.write_bytes(data)


def _is_local(origin: object) -> bool:
    return isinstance(origin, str) and (is_path(origin) or origin.startswith("."))


def _last(path: str) -> str:
    """The last name of a path of either kind.

    >>> _last("/home/ann/"), _last("C:\\\\Users\\\\ann\\\\clip")
    ('ann', 'clip')
    """
    return PureWindowsPath(path).name or PurePosixPath(path).name or path
