"""Small data sets to read pairs from, each with pictures that differ."""

import csv
import json
from pathlib import Path

import numpy as np
from PIL import Image


def paint(path: Path, seed: int, size: tuple[int, int] = (64, 36)) -> Path:
    """A picture of coloured blots, another one for each seed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC).save(path)
    return path


def write_json(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def write_table(path: Path, columns: list[str], rows: list[list[object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows(rows)
    return path


def thumbnails(folder: Path, count: int, channels: int = 10) -> Path:
    """metadata.csv and images of videos v0, v1, ... of channels c0, c1, ... in turn."""
    rows: list[list[object]] = []
    for number in range(count):
        paint(folder / "images" / f"v{number}.jpg", number)
        category = "even" if number % channels % 2 == 0 else "odd"
        rows.append([f"v{number}", f"c{number % channels}", f"Title number {number}", category])
    write_table(folder / "metadata.csv", ["Id", "Channel", "Title", "Category"], rows)
    return folder


def vqa(folder: Path) -> Path:
    """Two questions on picture 7, one on picture 42, as VQA v2 has them."""
    for number in (7, 42):
        paint(folder / "val2014" / f"COCO_val2014_{number:012d}.jpg", number)
    questions = [
        {"image_id": 7, "question": "What is the cat doing?", "question_id": 7000},
        {"image_id": 42, "question": "Is it sunny?", "question_id": 42000},
        {"image_id": 7, "question": "How many cats?", "question_id": 7001},
    ]
    annotations = [
        {"question_id": 7001, "image_id": 7, "multiple_choice_answer": "2", "answers": []},
        {"question_id": 7000, "image_id": 7, "multiple_choice_answer": "sleeping"},
        {"question_id": 42000, "image_id": 42, "answers": [{"answer": "no"}, {"answer": "yes"}] * 2
         + [{"answer": "yes"}]},
    ]  # fmt: skip
    head = {"info": {"version": "2.0"}, "data_subtype": "val2014", "license": {}}
    write_json(folder / "v2_questions.json", {**head, "questions": questions})
    write_json(folder / "v2_annotations.json", {**head, "annotations": annotations})
    return folder
