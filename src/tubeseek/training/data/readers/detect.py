"""Detects the format of a data set, and reads its candidates."""

from collections import defaultdict
from itertools import chain
from pathlib import Path

from tubeseek.core.csv_rows import read_table
from tubeseek.core.errors import InputError, SourceError
from tubeseek.core.json_stream import Json, json_items
from tubeseek.sources.local.dataset import METADATA, is_dataset
from tubeseek.sources.local.dataset_columns import column_key
from tubeseek.training.data.readers.captions import READERS, has_captions
from tubeseek.training.data.readers.rows import Candidates, PictureFiles, gather_by_picture
from tubeseek.training.data.readers.thumbnails import dataset_candidates
from tubeseek.training.data.readers.vqa import vqa_candidates

QUESTIONS, ANSWERS = "VQA questions", "VQA annotations"
_FOLDERS = (".", "annotations")  # searched for files that describe pictures
_TABLES = (".csv", ".txt")


def candidates_of(locator: Path) -> Candidates:
    """Return the candidates of a data set.

    Args:
        locator: A folder, or a file that describes the pictures around it.

    Raises:
        InputError: It has none of the supported formats; the message lists them.
    """
    root = locator if locator.is_dir() else locator.parent
    if locator in (root, root / METADATA) and _has_ids(root):
        return dataset_candidates(root)
    by_format, unknown = _by_format(_description_files(root))
    questions, annotations = by_format[QUESTIONS], by_format[ANSWERS]
    if locator.is_file() and locator not in questions + annotations:
        by_format, unknown = _by_format([locator])
    elif questions and annotations:
        return vqa_candidates(questions, annotations, PictureFiles(root))
    elif questions:
        raise InputError(
            f"{questions[0]} holds questions, but no file beside it holds answers; add the "
            f"annotations of VQA v2"
        )
    if captions := [(format_, path) for format_ in READERS for path in by_format[format_]]:
        files = PictureFiles(root)
        rows = chain.from_iterable(READERS[format_](path) for format_, path in captions)
        return gather_by_picture(rows, files.by_name, files)
    raise InputError(_unsupported(locator, unknown))


def _by_format(paths: list[Path]) -> tuple[dict[str, list[Path]], list[str]]:
    """Return files by their format, and for each file of another format what it holds."""
    by_format: dict[str, list[Path]] = defaultdict(list)
    unknown = []
    for path in paths:
        try:
            format_, holds = _format_of(path)
        except (InputError, SourceError) as error:
            format_, holds = "", str(error)
        if format_:
            by_format[format_].append(path)
        else:
            unknown.append(f"{path.name} ({holds})")
    return by_format, unknown


def _description_files(root: Path) -> list[Path]:
    """Return the files of a folder that may describe pictures."""
    folders = [root / folder for folder in _FOLDERS if (root / folder).is_dir()]
    return sorted(
        path
        for folder in folders
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() in (".json", *_TABLES) and path.name[0] != "."
    )


def _format_of(path: Path) -> tuple[str, str]:
    """Return (format, ""), or ("", what the file holds) if the format is not supported."""
    if path.suffix.lower() == ".json":
        members: dict[str, None] = {}
        for member, item in json_items(path):
            members[member] = None
            if format_ := _format_of_item(member, item):
                return format_, ""
        names = ", ".join(filter(None, members))
        return "", f"members {names}" if names else "a list of other objects, or an empty one"
    columns = _columns(path)
    if has_captions([column_key(column) for column in columns]):
        return "csv", ""
    return "", f"columns {', '.join(columns)[:100]}"


def _format_of_item(member: str, item: Json) -> str:
    keys = set(item) if isinstance(item, dict) else set()
    if member == "questions" and "question" in keys:
        return QUESTIONS
    if member == "annotations" and keys & {"answers", "multiple_choice_answer"}:
        return ANSWERS
    if member == "annotations" and "caption" in keys:
        return "coco"
    if member == "images" and "sentences" in keys:
        return "karpathy"
    if not member and has_captions([column_key(key) for key in keys]):
        return "list"
    return ""


def _has_ids(root: Path) -> bool:
    """Return whether a folder is a dataset as `sources.local.dataset` describes it, with ids."""
    if not is_dataset(root):
        return False
    columns = [column_key(column) for column in _columns(root / METADATA)]
    return "id" in columns or not has_captions(columns)


def _columns(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            return read_table(file, path.name)[0]
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check it") from error


def _unsupported(locator: Path, unknown: list[str]) -> str:
    contents = f"; there is {'; '.join(unknown)}" if unknown else ""
    return (
        f"{locator} is no data set that can be trained on{contents}. Give a folder with one of:"
        " metadata.csv (columns Id, Title, Channel, ...) beside images/<Id>.jpg;"
        " questions and annotations of VQA v2 (.json);"
        " captions (.json) of COCO or Karpathy's splits, or a list of image and caption;"
        " a table (.csv, commas) with a column image and one or more columns caption."
    )
