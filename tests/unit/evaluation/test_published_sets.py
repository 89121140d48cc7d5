"""Annotation files in the forms of the published sets, made small."""

import csv
import json

import pytest

from tubeseek.core.errors import InputError
from tubeseek.evaluation.published_annotations import FILES, Choice
from tubeseek.evaluation.published_sets import Item, lay_out, read_published
from tubeseek.evaluation.topics import read_judgements
from tubeseek.sources.local.dataset import DatasetSource, is_dataset

MSRVTT = """key,vid_key,video_id,sentence
ret0,msr9770,video9770,a person is connecting something to system
ret1,msr9771,video9771,"a little girl does gymnastics, alone"
"""
MSVD_CSV = """VideoID,Start,End,WorkerID,Source,AnnotationTime,Language,Description
mv89psg6zh4,33,46,588702,unverified,55,English,A bird in a sink keeps getting under the water.
mv89psg6zh4,33,46,588702,unverified,55,Slovene,Papagaj.
mv89psg6zh4,33,46,588703,clean,10,English,
mv89psg6zh4,33,46,362812,unverified,12,English,A bird is bathing in a sink.
R2DvpPTfl-E,5,10,1,clean,12,English,A cat.
"""
MSVD_TXT = """# a comment of the set
mv89psg6zh4_33_46 a bird is bathing in a sink
R2DvpPTfl-E_5_10 a cat
"""
KARPATHY = {
    "dataset": "coco",
    "images": [
        {
            "filepath": "val2014",
            "filename": "COCO_val2014_000000391895.jpg",
            "split": "test",
            "cocoid": 391895,
            "sentences": [
                {"raw": "A man with a red helmet on a small moped.", "tokens": ["a"]},
                {"raw": "Man riding a\nmotor bike.", "tokens": ["man"]},
            ],
        },
        {"filename": "1000092795.jpg", "split": "train", "sentences": [{"raw": "Two men."}]},
    ],
}
XM3600 = [
    {
        "image/key": "000411001ff7dd4f",
        "image/locale": "ko",
        "en": {"caption": ["A bicycle."], "caption/tokenized": ["A bicycle ."]},
        "ko": {"caption": ["자전거", "길가의 자전거"], "caption/tokenized": ["자 전거"]},
    }
]


def written(path, content):
    path.write_text(content, encoding="utf-8")
    return path


def test_msrvtt(tmp_path):
    items = read_published("msrvtt", written(tmp_path / "a.csv", MSRVTT), Choice())
    assert [item.id for item in items] == ["video9770", "video9771"]
    assert items[0].files[0] == "video9770.mp4"
    assert items[1].captions == (("a little girl does gymnastics, alone", ""),)


@pytest.mark.parametrize(("name", "content"), [("c.csv", MSVD_CSV), ("d.txt", MSVD_TXT)])
def test_msvd(tmp_path, name, content):
    path = written(tmp_path / name, content)
    assert len(read_published("msvd", path, Choice())) == 2
    (item,) = read_published("msvd", path, Choice(names={"mv89psg6zh4_33_46"}))
    assert "mv89psg6zh4_33_46.avi" in item.files
    assert item.captions[-1][0].lower().rstrip(".") == "a bird is bathing in a sink"
    assert len(item.captions) == (2 if name == "c.csv" else 1)


def test_karpathy(tmp_path):
    path = written(tmp_path / "k.json", json.dumps(KARPATHY))
    (test,) = read_published("karpathy", path, Choice())
    assert test.id == "COCO_val2014_000000391895"
    assert test.files[0] == "val2014/COCO_val2014_000000391895.jpg"
    assert test.captions[1][0] == "Man riding a motor bike."
    (train,) = read_published("karpathy", path, Choice(split="train"))
    assert train.files == ("1000092795.jpg",)


def test_xm3600(tmp_path):
    path = written(tmp_path / "x.jsonl", "\n".join(map(json.dumps, XM3600)))
    (item,) = read_published("xm3600", path, Choice())
    assert [group for _, group in item.captions] == ["en", "ko", "ko"]
    (korean,) = read_published("xm3600", path, Choice(language="ko"))
    assert korean.captions == (("자전거", "ko"), ("길가의 자전거", "ko"))


@pytest.mark.parametrize(
    ("kind", "content", "name"),
    [
        ("msrvtt", "a,b\n1,2\n", "MSRVTT_JSFUSION_test.csv"),
        ("msvd", "", "annotations.txt"),
        ("karpathy", "[]", "dataset_coco.json"),
        ("karpathy", '{"images": []}', "annotations.txt"),
        ("xm3600", "{", "captions.jsonl"),
        ("imagenet", "", "msrvtt"),
    ],
)
def test_another_file_is_refused_with_the_one_that_is_wanted(tmp_path, kind, content, name):
    with pytest.raises(InputError, match=name):
        read_published(kind, written(tmp_path / "annotations.txt", content), Choice())
    with pytest.raises(InputError):
        read_published(kind, tmp_path / "absent", Choice())


FORMS = {
    "msrvtt": [MSRVTT],
    "msvd": [MSVD_CSV, MSVD_TXT, "vid1 a bird is bathing\nvid2 a cat\n"],
    "karpathy": [json.dumps(KARPATHY), json.dumps(KARPATHY, indent=2)],
    "xm3600": ["\n".join(map(json.dumps, XM3600))],
    "": [
        json.dumps({"info": {}, "videos": [], "sentences": [{"caption": "a", "video_id": "v"}]}),
        json.dumps({"images": [{"id": 1}], "annotations": []}),
        "a,b\n1,2\n",
        "This is a README of the set.\nRead it.\n",
        "\x80\x04\x95",
        "{" * 100_000,
        '{"images": [{"sentences": [',
        "\0" * 1000,
    ],
}


@pytest.mark.parametrize("kind", FILES)
def test_the_wrong_form_is_recognised(tmp_path, kind):
    for form, contents in FORMS.items():
        for number, content in enumerate(contents):
            path = tmp_path / f"{form}{number}"
            path.write_bytes(content.encode("latin-1" if content[0] == "\x80" else "utf-8"))
            if form == kind:
                assert read_published(kind, path, Choice())
                continue
            with pytest.raises(InputError) as caught:
                read_published(kind, path, Choice())
            assert FILES[kind] in str(caught.value)
            assert not form or f"`{form}`" in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "content", "bad"),
    [
        ("msrvtt", MSRVTT, 'ret2,msr1,video1,"never closed'),
        ("msvd", MSVD_TXT, "no name here"),
        ("msvd", MSVD_CSV, "a,b\0"),
        ("xm3600", "\n".join(map(json.dumps, XM3600)) + "\n", '{"image/key": "0004'),
        (
            "karpathy",
            '{"images": [1, ' + json.dumps(KARPATHY)[len('{"dataset": "coco", "images": [') :],
            "",
        ),
    ],
)
def test_a_damaged_row_is_left_out(tmp_path, kind, content, bad):
    damaged = []
    assert read_published(kind, written(tmp_path / "a", content + bad), Choice(), damaged)
    assert len(damaged) == 1


def test_names_of_the_test_split_may_have_a_suffix(tmp_path):
    path = written(tmp_path / "d.txt", MSVD_TXT)
    [item] = read_published("msvd", path, Choice(names={"R2DvpPTfl-E_5_10.avi"}))
    assert item.id == "R2DvpPTfl-E_5_10"


def test_what_is_laid_out_is_a_dataset_with_judgements(tmp_path):
    media = tmp_path / "media"
    (media / "val").mkdir(parents=True)
    (media / "val" / "one.jpg").write_bytes(b"1")
    (media / "two.avi").write_bytes(b"2")
    items = [
        Item("one", ("val/one.jpg",), (("a dog - alone", "en"), ("개", "ko"))),
        Item("two", ("two.mp4", "two.avi"), (("a cat", ""),)),
        Item("three", ("three.jpg",), (("a cow", ""),)),
    ]
    laid = lay_out(items, media, tmp_path / "out")
    assert (laid.items, laid.captions, laid.missing) == (2, 3, ("three",))
    assert is_dataset(tmp_path / "out")
    videos = list(DatasetSource().list(str(tmp_path / "out")))
    assert [video.id for video in videos] == ["one", "two"]
    assert [video.title for video in videos] == ["one", "two"]  # no caption to be found by words
    judged = read_judgements(tmp_path / "out" / "judgements.jsonl")
    assert [(judgement.query, judgement.video_id, judgement.group) for judgement in judged] == [
        ("a dog - alone", "one", "en"),
        ("개", "one", "ko"),
        ("a cat", "two", ""),
    ]
    with (tmp_path / "out" / "metadata.csv").open() as file:
        assert next(csv.reader(file)) == ["Id", "File"]
    with pytest.raises(InputError):
        lay_out(items, media, tmp_path / "out")
    with pytest.raises(InputError, match=r"three\.jpg"):
        lay_out(items[2:], media, tmp_path / "other")
