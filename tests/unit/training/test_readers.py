"""Each form of data set is recognised, and read as what it says."""

import re
import shutil

import pytest

from tests.helpers.pair_sets import paint, thumbnails, vqa, write_json, write_table
from tubeseek.core.errors import InputError
from tubeseek.training.data.pairs import read_pairs

TEXTS = {"a.jpg": ("A cat sleeps", "a sleeping cat"), "b.jpg": ("두 사람이 걷는다",)}


def coco(folder):
    names = list(TEXTS)
    images = [{"id": number, "file_name": name} for number, name in enumerate(names)]
    annotations = [
        {"id": len(names) * i + number, "image_id": number, "caption": text}
        for number, name in enumerate(names)
        for i, text in enumerate(TEXTS[name])
    ]
    write_json(
        folder / "annotations" / "captions_val2014.json",
        {"info": {}, "licenses": [{"id": 1}], "annotations": annotations, "images": images},
    )


def karpathy(folder):
    images = [
        {"filename": name, "filepath": "images", "split": "train", "imgid": number,
         "sentences": [{"raw": f"{text} ❤", "tokens": []} for text in texts]}
        for number, (name, texts) in enumerate(TEXTS.items())
    ]  # fmt: skip
    write_json(folder / "dataset_coco.json", {"images": images, "dataset": "coco"})


def listed(folder):
    a, b = TEXTS
    items = [
        {"image": a, "caption": TEXTS[a][0]},
        {"image": f"images/{b}", "caption": list(TEXTS[b])},
        {"image": a, "caption": TEXTS[a][1]},
    ]
    write_json(folder / "train.json", items)


def table(folder):
    rows = [[name, text] for name, texts in TEXTS.items() for text in texts]
    write_table(folder / "captions.txt", ["image", "caption"], rows)


def wide_table(folder):
    rows = [[name, *texts, *[""] * (2 - len(texts))] for name, texts in TEXTS.items()]
    write_table(folder / "metadata.csv", ["file_name", "caption_1", "Caption 2"], rows)


each_form = pytest.mark.parametrize("form", [coco, karpathy, listed, table, wide_table])


@each_form
def test_captions(tmp_path, form):
    for seed, name in enumerate(TEXTS):
        paint(tmp_path / "images" / name, seed)
    form(tmp_path)
    pair_set = read_pairs(tmp_path)
    assert pair_set.left_out == ()
    assert {pair.picture.name: pair.texts for pair in pair_set.pairs} == TEXTS
    assert [pair.id for pair in pair_set.pairs] == ["images/a.jpg", "images/b.jpg"]
    assert [pair.group for pair in pair_set.pairs] == ["images/a.jpg", "images/b.jpg"]


@each_form
def test_the_file_itself_may_be_named(tmp_path, form):
    folder = tmp_path / "one"
    for seed, name in enumerate(TEXTS):
        paint(folder / "images" / name, seed)
    form(folder)
    described = next(
        path for path in folder.rglob("*.*") if path.suffix in (".json", ".csv", ".txt")
    )
    shutil.move(described, folder / described.name)
    write_table(folder / "other.csv", ["image", "caption"], [["a.jpg", "something else"]])
    assert {p.picture.name: p.texts for p in read_pairs(folder / described.name).pairs} == TEXTS


def test_questions_with_their_answers(tmp_path):
    pair_set = read_pairs(vqa(tmp_path))
    assert pair_set.left_out == ()
    assert {pair.id: pair.texts for pair in pair_set.pairs} == {
        "val2014/COCO_val2014_000000000007.jpg": (
            "What is the cat doing? sleeping",
            "How many cats? 2",
        ),
        "val2014/COCO_val2014_000000000042.jpg": ("Is it sunny? yes",),
    }
    assert read_pairs(tmp_path / "v2_questions.json") == pair_set


def test_pictures_of_two_parts_with_one_number_are_distinct(tmp_path):
    paint(vqa(tmp_path) / "train2014" / "COCO_train2014_000000000007.jpg", 100)
    assert "val2014/COCO_val2014_000000000007.jpg" in [p.id for p in read_pairs(tmp_path).pairs]


def test_thumbnails_with_their_titles(tmp_path):
    pair, *_ = read_pairs(thumbnails(tmp_path, 12)).pairs
    assert (pair.id, pair.texts, pair.group) == ("v0", ("Title number 0",), "c0")
    assert (pair.category, pair.start, pair.end) == ("even", None, None)
    assert pair.look is not None


def test_real_captions_are_all_read(shared_data):
    pair_set = read_pairs(shared_data / "photos_captions")
    assert len(pair_set.pairs) == 300
    assert pair_set.left_out == ()
    assert all(4 <= len(pair.texts) <= 5 for pair in pair_set.pairs)  # two may be the same
    assert len({pair.group for pair in pair_set.pairs}) == 300


def test_a_name_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    paint(tmp_path / "secret.jpg", 1)
    paint(tmp_path / "set" / "a.jpg", 2)
    rows = [["../secret.jpg", "outside"], ["/etc/passwd", "outside"], ["a.jpg", "inside"]]
    write_table(tmp_path / "set" / "captions.csv", ["image", "caption"], rows)
    pair_set = read_pairs(tmp_path / "set")
    assert [pair.texts for pair in pair_set.pairs] == [("inside",)]
    assert len(pair_set.left_out) == 2


def unknown_json(folder):
    write_json(folder / "x.json", {"boxes": [1]})


def unknown_table(folder):
    write_table(folder / "t.csv", ["a", "b"], [])


def nameless_metadata(folder):
    write_table(folder / "metadata.csv", ["Name"], [])


def questions_only(folder):
    (vqa(folder) / "v2_annotations.json").unlink()


def pictures_only(folder):
    paint(folder / "images" / "a.jpg", 1)


@pytest.mark.parametrize(
    ("fill", "named"),
    [
        (pictures_only, r"metadata\.csv.*images/"),
        (unknown_json, r"x\.json.*\bboxes\b"),
        (unknown_table, r"t\.csv.*\ba, b\b"),
        (questions_only, "v2_questions"),
        (nameless_metadata, r"\bId\b"),
    ],
)
def test_what_is_no_data_set_says_what_was_looked_for(tmp_path, fill, named):
    (tmp_path / "images").mkdir()
    fill(tmp_path)
    with pytest.raises(InputError, match=named):
        read_pairs(tmp_path)


def test_a_place_where_nothing_is(tmp_path):
    with pytest.raises(InputError, match=re.escape(str(tmp_path / "none"))):
        read_pairs(tmp_path / "none")
