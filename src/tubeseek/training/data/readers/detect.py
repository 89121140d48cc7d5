"""Recognises the form that a data set has."""

from collections import defaultdict
from itertools import chain
from pathlib import Path

from tubeseek.core.errors import InputError, SourceError
from tubeseek.sources.local.csv_rows import read_table
from tubeseek.sources.local.dataset import METADATA, is_dataset
from tubeseek.sources.local.dataset_columns import column_key
from tubeseek.training.data.readers.captions import READERS, has_captions
from tubeseek.training.data.readers.json_stream import Json, json_items
from tubeseek.training.data.readers.rows import Found, PictureFiles, gathered
from tubeseek.training.data.readers.thumbnails import dataset_candidates
from tubeseek.training.data.readers.vqa import vqa_candidates

QUESTIONS, ANSWERS = "VQA questions", "VQA annotations"
_FOLDERS = (".", "annotations")  # where files that describe pictures are looked for
_TABLES = (".csv", ".txt")


def candidates_of(locator: Path) -> Found:
    """What a data set holds.

    Args:
        locator: A folder, or a file that describes the pictures around it.

    Raises:
        InputError: It has none of the known forms; the message says what was looked for.
    """
    root = locator if locator.is_dir() else locator.parent
    if locator in (root, root / METADATA) and _has_ids(root):
        return dataset_candidates(root)
    forms, strangers = _sorted_by_form(_described(root))
    questions, annotations = forms[QUESTIONS], forms[ANSWERS]
    if locator.is_file() and locator not in questions + annotations:
        forms, strangers = _sorted_by_form([locator])
    elif questions and annotations:
        return vqa_candidates(questions, annotations, PictureFiles(root))
    elif questions:
        raise InputError(
            f"{questions[0]} holds questions, but no file beside it holds answers; put the "
            f"annotations of VQA v2 there"
        )
    if captions := [(kind, path) for kind in READERS for path in forms[kind]]:
        files = PictureFiles(root)
        rows = chain.from_iterable(READERS[kind](path) for kind, path in captions)
        return gathered(rows, files.named, files)
    raise InputError(_nothing_known(locator, strangers))


def _sorted_by_form(paths: list[Path]) -> tuple[dict[str, list[Path]], list[str]]:
    """The files by their form, and of those that have none what they hold instead."""
    forms: dict[str, list[Path]] = defaultdict(list)
    strangers = []
    for path in paths:
        try:
            form, holds = _form_of(path)
        except (InputError, SourceError) as error:
            form, holds = "", str(error)
        if form:
            forms[form].append(path)
        else:
            strangers.append(f"{path.name} ({holds})")
    return forms, strangers


def _described(root: Path) -> list[Path]:
    """The files of a folder that may describe pictures."""
    folders = [root / folder for folder in _FOLDERS if (root / folder).is_dir()]
    return sorted(
        path
        for folder in folders
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() in (".json", *_TABLES) and path.name[0] != "."
    )


def _form_of(path: Path) -> tuple[str, str]:
    """(form, what it holds); the form is empty where it is not known."""
    if path.suffix.lower() == ".json":
        members: dict[str, None] = {}
        for member, item in json_items(path):
            members[member] = None
            if form := _form_of_item(member, item):
                return form, ""
        named = ", ".join(filter(None, members))
        return "", f"members {named}" if named else "a list of other objects, or an empty one"
    columns = _columns(path)
    if has_captions([column_key(column) for column in columns]):
        return "csv", ""
    return "", f"columns {', '.join(columns)[:100]}"


def _form_of_item(member: str, item: Json) -> str:
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
    """Whether a folder is a dataset as `sources/dataset.py` describes it: with ids."""
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


def _nothing_known(locator: Path, strangers: list[str]) -> str:
    found = f"; there is {'; '.join(strangers)}" if strangers else ""
    return (
        f"{locator} is no data set that can be trained on{found}. Give a folder with one of:"
        " metadata.csv (columns Id, Title, Channel, ...) beside images/<Id>.jpg;"
        " questions and annotations of VQA v2 (.json);"
        " captions (.json) like those of COCO or of Karpathy, or a list of image and caption;"
        " a table (.csv, commas) with a column image and one or more columns caption"
    )
