"""Reads VQA v2: questions about pictures and their answers (Goyal et al. 2017, arXiv 1612.00837).

- questions: {"data_subtype": "val2014", "questions": [{"question_id", "image_id", "question"}]}
- annotations: {"annotations": [{"question_id", "multiple_choice_answer", "answers": [{"answer"}]}]}
- images whose names end in the image id: COCO_val2014_000000262148.jpg

Each question of a picture makes a text with its answer: "What is the cat doing? sleeping".
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tubeseek.core.errors import SourceError
from tubeseek.core.json_stream import Json, json_items
from tubeseek.training.data.readers.rows import (
    Candidates,
    CaptionRow,
    PictureFiles,
    gather_by_picture,
)


def vqa_candidates(
    questions: Sequence[Path], annotations: Sequence[Path], files: PictureFiles
) -> Candidates:
    """Yield a candidate for each picture, with its questions and answers.

    Args:
        questions: Files of questions, such as those of training and validation.
        annotations: Files of answers, in any order.
        files: The pictures of the data set.
    """
    answers: dict[Json, str] = {}
    rows = _rows(questions, annotations, answers)

    def find(picture: str) -> Path:
        number, _, mark = picture.partition("/")
        return files.by_number(int(number), mark)

    yield from gather_by_picture(rows, find, files)


def _rows(
    questions: Sequence[Path], annotations: Sequence[Path], answers: dict[Json, str]
) -> Iterator[CaptionRow | Exception]:
    for path in annotations:
        yield from _read_answers(path, answers)
    for path in questions:
        yield from _read_questions(path, answers)


def _read_answers(path: Path, answers: dict[Json, str]) -> Iterator[Exception]:
    """Add the answer of each question to `answers`, and yield an error for each bad annotation."""
    for member, item in json_items(path):
        if member != "annotations":
            continue
        number = item.get("question_id") if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(number, int | str):
            yield SourceError(f"{path.name}: annotation without question_id: {item!r:.100}")
        elif number in answers:
            yield SourceError(f"{path.name}, question {number} has two answers; remove one")
        else:
            answers[number] = _answer(item)


def _read_questions(path: Path, answers: dict[Json, str]) -> Iterator[CaptionRow | Exception]:
    mark = ""  # part of the pictures' names; precedes the questions in the published files
    numbers: set[Json] = set()
    for member, item in json_items(path):
        if member == "data_subtype" and isinstance(item, str):
            mark = item
        if member != "questions":
            continue
        fields = item if isinstance(item, dict) else {}
        number, image, question = (fields.get(k) for k in ("question_id", "image_id", "question"))
        place = f"{path.name}, question {number}"
        if not isinstance(number, int | str) or not str(image).isdecimal():
            yield SourceError(
                f"{path.name}: question without question_id or image_id: {item!r:.100}"
            )
        elif number in numbers:
            yield SourceError(f"{place} occurs twice; remove one")
        elif not isinstance(question, str) or not question.strip():
            yield SourceError(f"{place} has no text; write it or remove the question")
        elif not answers.get(number):
            yield SourceError(f"{place} has no answer; add its annotation")
        else:
            numbers.add(number)
            yield CaptionRow(place, f"{image}/{mark}", (f"{question} {answers[number]}",))


def _answer(item: dict[str, Json]) -> str:
    """Return the most common answer; empty if there is none."""
    if isinstance(answer := item.get("multiple_choice_answer"), str):
        return answer.strip()
    entries = item.get("answers")
    answers = (
        [entry.get("answer") for entry in entries if isinstance(entry, dict)]
        if isinstance(entries, list)
        else []
    )
    texts = Counter(text.strip() for text in answers if isinstance(text, str))
    return texts.most_common(1)[0][0] if texts else ""
