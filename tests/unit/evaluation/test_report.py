"""The report of a painted library: self-contained, escaped, and true to its figures."""

import json
import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.helpers.painted_library import VIDEOS, open_painted, paint_dataset
from tubeseek.cli.evaluate.report import small_picture
from tubeseek.core.errors import InputError
from tubeseek.core.schemas import AddRequest, IndexRequest, Scope
from tubeseek.evaluation import EvaluationTarget
from tubeseek.evaluation.geometry import pairs_of, picture_to_text, texts_of_titles, texts_of_topics
from tubeseek.evaluation.report.build import Material, build
from tubeseek.evaluation.report.document import Document, Plot, Section, Table
from tubeseek.evaluation.report.render import to_html, write_report
from tubeseek.evaluation.report.training import read_learned, read_training
from tubeseek.evaluation.topics import Topic, topics_of_titles, with_places

EVIL = "<img src=x onerror=alert(1)> | **b** [x](javascript:1) `c` $y$"
CURVES = {
    "steps": [
        {"step": at, "epoch": (at + 1) // 2, "loss": 3 - at / 50, "within_texts": 1 / at}
        for at in range(1, 11)
    ],
    "epochs": [{"epoch": epoch, "recall@10": epoch / 10} for epoch in range(6)],
}

IDS = {"train": ["v-red"], "validation": ["v-blue"], "test": ["v-green"]}


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    library = open_painted(folder)
    list(library.run(AddRequest(locators=(str(paint_dataset(folder / "paint", VIDEOS)),))))
    list(library.run(IndexRequest()))
    measuring = EvaluationTarget(library, depth=20)
    videos = measuring.videos()
    topics = with_places(topics_of_titles(videos), videos)
    comparison = measuring.compare(topics, ("palette", "palette"), Scope.PICTURES)
    (pairs,) = pairs_of([library.index()], texts_of_titles(videos))
    training = folder / "adapter"
    training.mkdir()
    (training / "training.json").write_text(json.dumps({"curves": CURVES, "ids": IDS}))
    yield Material(
        runs=[comparison.a, comparison.b],
        comparison=comparison,
        pairs=[("before", pairs), ("after", pairs)],
        paired="its title",
        videos={video.id: video for video in videos},
        picture=lambda video_id: small_picture(library.media(video_id).thumbnail),
        training=read_training(training),
        queries="5 queries.",
    )
    library.close()


@pytest.fixture(scope="module")
def document(material):
    return build(material)


def test_what_is_written_stands_alone(document, tmp_path):
    page = write_report(document, tmp_path / "out").read_text("utf-8")
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    names = [plot.name for plot in document.plots()]
    # All are of one category, which needs no bars.
    assert names == ["recall", "training", "cosines", "alignment-uniformity", "map"]
    for name in names:
        picture = Image.open(tmp_path / "out" / "plots" / f"{name}.png")
        assert np.ptp(np.asarray(picture.convert("L"))) > 200, f"{name} is blank"
        assert f'id="{name}"' in page


def test_figures_are_those_that_were_measured(document):
    tables = [b for s in document.sections for b in s.blocks if isinstance(b, Table)]
    figures, gains, geometry, other_way = tables
    assert figures.rows[0][:2] == ("palette", "1.000 [1.000, 1.000]")
    assert {row[1] for row in gains.rows} == {"+0.000"}
    assert {row[4] for row in gains.rows} == {"within chance"}
    assert geometry.rows[0][1] == geometry.rows[1][1]
    assert other_way.headers == figures.headers


def test_nothing_changed_so_no_query_gained(document):
    gained, lost = document.sections[-2:]
    assert gained.blocks == lost.blocks == ("There is none.",)


def test_one_system_shows_its_best_and_worst(material):
    small = Material(
        material.runs[:1],
        None,
        material.pairs[:1],
        material.paired,
        material.videos,
        material.picture,
        None,
        "5 queries.",
    )
    best, worst = build(small).sections[-2:]
    (examples,) = best.blocks
    assert len(examples.rows) == 5
    assert examples.rows[0].note == "palette: rank 1"
    right, first = examples.rows[0].videos
    assert right.jpeg == first.jpeg
    assert right.jpeg[:3] == b"\xff\xd8\xff"
    assert first.label == "first by palette, which is right"
    assert worst.title == "Queries that went worst"


def test_a_picture_that_is_gone_or_broken_leaves_a_blank(tmp_path):
    assert small_picture(tmp_path / "gone.jpg") is None
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff not a picture")
    assert small_picture(tmp_path / "broken.jpg") is None
    Image.new("RGBA", (1280, 720), "red").save(tmp_path / "large.png")
    small = Image.open(BytesIO(small_picture(tmp_path / "large.png")))
    assert small.size == (416, 234)


def test_titles_become_no_markup():
    plot = Plot("p", b"\x89PNG" + b"\0" * 12 + (320).to_bytes(4, "big"), EVIL)
    document = Document(EVIL, EVIL, (Section(EVIL, (EVIL, plot, Table((EVIL,), ((EVIL,),)))),))
    page = to_html(document)
    assert "<img src=x" not in page
    assert 'width="200"' in page


def test_curves_are_read_at_their_steps(material):
    curves = material.training.curves
    assert curves["loss"] == (list(range(1, 11)), [3 - step / 50 for step in range(1, 11)])
    assert curves["validation_recall"] == ([0, 2, 4, 6, 8, 10], [0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert curves["within_texts"] == (list(range(1, 11)), [1 / step for step in range(1, 11)])
    assert not {"alignment", "within_pictures"} & set(curves)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"steps": []}', '{"curves": {"steps": [{"loss": 1}], "epochs": []}}']
)
def test_curves_of_another_form_say_what_is_wanted(tmp_path, content):
    (tmp_path / "training.json").write_text(content)
    with pytest.raises(InputError):
        read_training(tmp_path)
    with pytest.raises(InputError):
        read_learned(tmp_path)
    (tmp_path / "training.json").write_text(json.dumps({"ids": IDS}))
    assert read_learned(tmp_path) == {"v-red", "v-blue"}


def test_videos_are_known_by_their_stills_and_clips(tmp_path):
    ids = {"train": ["a@12.5", "b@1e+06", "me@home"], "validation": ["c@0"], "test": ["d@7"]}
    (tmp_path / "training.json").write_text(json.dumps({"ids": ids}))
    assert read_learned(tmp_path) >= {"a", "b", "c", "me@home"}
    assert not read_learned(tmp_path) & {"d", "me"}


def test_a_folder_that_cannot_be_written_is_refused(document, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError):
        write_report(document, tmp_path / "file")


class IndexWithoutVideo:
    """An index that does not hold one video."""

    def __init__(self, index, absent):
        self._index, self._absent = index, absent
        self.spec, self.text_vectors = index.spec, index.text_vectors

    def mean_of_video(self, video_id):
        return None if video_id == self._absent else self._index.mean_of_video(video_id)


def test_two_indexes_are_drawn_by_what_both_hold(tmp_path):
    library = open_painted(tmp_path)
    list(library.run(AddRequest(locators=(str(paint_dataset(tmp_path / "paint", VIDEOS)),))))
    list(library.run(IndexRequest()))
    videos = EvaluationTarget(library).videos()
    index, absent = library.index(), videos[0].id
    pairs = pairs_of([index, IndexWithoutVideo(index, absent)], texts_of_titles(videos))
    assert pairs[0].ids == pairs[1].ids
    assert set(pairs[0].ids) == {video.id for video in videos} - {absent}
    np.testing.assert_array_equal(pairs[0].pictures, pairs[1].pictures)
    with pytest.raises(InputError, match="3"):
        pairs_of([index], texts_of_titles(videos[:2]))
    library.close()


def test_queries_stand_for_titles_where_there_are_none(tmp_path):
    """Two captions for each: a picture is asked of all of them, and each of its own is right."""
    library = open_painted(tmp_path)
    list(library.run(AddRequest(locators=(str(paint_dataset(tmp_path / "paint", VIDEOS)),))))
    list(library.run(IndexRequest()))
    videos = EvaluationTarget(library).videos()
    topics = [Topic(text, {v.id: 1.0}) for v in videos for text in (v.title, f"{v.title} again")]
    by_id = {video.id: video for video in videos}
    (pairs,) = pairs_of([library.index()], texts_of_topics(topics, by_id) * 2)
    assert len(pairs.ids) == 4 * len(videos)
    assert len(pairs.videos()) == len(videos)
    placed = picture_to_text(pairs)
    assert len(placed) == len(videos)
    assert {len(placement.ranks) for placement in placed} == {4}
    library.close()
