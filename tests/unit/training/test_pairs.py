"""Pairs of damaged sets, of videos, and of a library."""

import itertools
import json
import re
import shutil

import pytest

from tests.helpers.made_videos import make_video, painted
from tests.helpers.pair_sets import paint, thumbnails, vqa, write_json, write_table
from tubeseek.core.errors import InputError
from tubeseek.core.passages import Cue, caption_passages
from tubeseek.core.types import Media, Still, Video
from tubeseek.training.config import PairKind
from tubeseek.training.data.checks import check_pictures
from tubeseek.training.data.pairs import Pair, library_pairs, read_pairs
from tubeseek.training.data.readers.rows import Candidate
from tubeseek.training.data.split import split_pairs

ROWS = 100


def damage_table(folder):
    """Damage five of a hundred rows, each in another way; return what the messages must name.

    The fifth repeats an id, which costs no message: the latest row of an id counts.
    """
    lines = (folder / "metadata.csv").read_bytes().splitlines(keepends=True)
    images = folder / "images"
    (images / "v10.jpg").unlink()
    whole = (images / "v20.jpg").read_bytes()
    (images / "v20.jpg").write_bytes(whole[: len(whole) // 2])
    lines[31] = b"v30,c0,caf\xe9 title,even\r\n"  # Latin-1
    lines[41] = "v40,c0,❤️!!,even\r\n".encode()
    lines[51] = b"v49,c0,Another one,even\r\n"  # an id that is taken
    (folder / "metadata.csv").write_bytes(b"".join(lines))
    return ["v10", "v20", "line 32", "v40"]


def test_damaged_rows_cost_one_message_each_and_of_repeated_ids_the_latest_counts(tmp_path):
    names = damage_table(thumbnails(tmp_path, ROWS))
    pair_set = read_pairs(tmp_path)
    assert len(pair_set.pairs) == ROWS - 5
    assert len(pair_set.left_out) == 4
    assert {pair.texts for pair in pair_set.pairs if pair.id == "v49"} == {("Another one",)}
    for name, message in zip(
        names, sorted(pair_set.left_out, key=lambda message: _first(names, message)), strict=True
    ):
        assert name in message
    assert {pair.id for pair in pair_set.pairs} == {
        f"v{number}" for number in range(ROWS) if number not in (10, 20, 30, 40, 50)
    }
    split = split_pairs(pair_set.pairs, seed=0)
    assert len(split.train) + len(split.validation) + len(split.test) == ROWS - 5


def _first(names, message):
    return next(place for place, name in enumerate(names) if name in message)


def test_a_damaged_set_of_questions_costs_a_message_a_row(tmp_path):
    path = vqa(tmp_path) / "v2_questions.json"
    whole = json.loads(path.read_text())
    questions = whole["questions"]
    questions += [
        {"question_id": 7000, "image_id": 7, "question": "Twice?"},
        {"question_id": 7003, "image_id": 7, "question": "Unanswered?"},
        {"question_id": 7004, "image_id": 7, "question": "  "},
        {"question_id": 99000, "image_id": 99, "question": "No picture?"},
        {"question_id": 7005, "image_id": 7, "question": "Q?"},
        "no question",
        {"question_id": 8},
    ]
    path.write_bytes(json.dumps(whole).replace("Q?", "\udcff?").encode(errors="surrogateescape"))
    answers = tmp_path / "v2_annotations.json"
    annotations = json.loads(answers.read_text())
    annotations["annotations"] += [
        {"question_id": 99000, "multiple_choice_answer": "yes"},
        {"question_id": 7005, "multiple_choice_answer": "yes"},
        {"question_id": 7000, "multiple_choice_answer": "again"},
        {"image_id": 7},
    ]
    write_json(answers, annotations)
    pair_set = read_pairs(tmp_path)
    assert [len(pair.texts) for pair in pair_set.pairs] == [2, 1]
    messages = "\n".join(pair_set.left_out)
    assert len(pair_set.left_out) == 9
    for part in ("7000 occurs twice", "7000 has two answers", "7003", "7004", "99000", "7005"):
        assert part in messages


def test_damaged_captions_cost_a_message_a_row(tmp_path):
    paint(tmp_path / "images" / "a.jpg", 1)
    (tmp_path / "images" / "broken.jpg").write_bytes(b"no picture")
    images = [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "broken.jpg"}, {"id": 3}]
    annotations = [
        {"id": 1, "image_id": 1, "caption": "a cat"},
        {"id": 1, "image_id": 1, "caption": "twice"},
        {"id": 2, "image_id": 2, "caption": "broken"},
        {"id": 3, "image_id": 9, "caption": "no such image"},
        {"id": 4, "image_id": 1, "caption": None},
        {"id": 5, "caption": "of nothing"},
    ]
    write_json(tmp_path / "captions.json", {"images": images, "annotations": annotations})
    pair_set = read_pairs(tmp_path)
    assert [pair.texts for pair in pair_set.pairs] == [("a cat",)]
    assert len(pair_set.left_out) == 6
    assert any("images/broken.jpg" in message for message in pair_set.left_out)


def test_a_set_of_which_nothing_is_whole_says_why(tmp_path):
    for picture in (thumbnails(tmp_path, 5) / "images").iterdir():
        picture.write_bytes(b"")
    with pytest.raises(InputError, match=r"v0\.jpg.*\b5\b"):
        read_pairs(tmp_path)


def test_the_digest_is_of_the_content(tmp_path):
    here = read_pairs(thumbnails(tmp_path / "here", 6))
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    (tmp_path / "there" / "images" / "v0.jpg").touch()
    assert read_pairs(tmp_path / "there", workers=1).digest == here.digest
    paint(tmp_path / "there" / "images" / "v0.jpg", 77)
    changed = read_pairs(tmp_path / "there").digest
    assert changed != here.digest
    metadata = tmp_path / "there" / "metadata.csv"
    metadata.write_text(metadata.read_text().replace("Title number 3", "Another title"))
    assert read_pairs(tmp_path / "there").digest not in (changed, here.digest)


def test_videos_become_clips(tmp_path):
    pictures = [painted((160, 96), seed) for seed in range(4)]
    make_video(tmp_path / "videos.mp4", pictures, seconds_each=10.0, fps=2)
    columns = ["Id", "Title", "File"]
    (tmp_path / "images").mkdir()
    write_table(tmp_path / "metadata.csv", columns, [["v", "Four pictures", "videos.mp4"]])
    (clip,) = read_pairs(tmp_path).pairs
    assert (clip.id, clip.start, clip.end) == ("v", 15.0, 25.0)
    clips = read_pairs(tmp_path, clips_per_video=2).pairs
    assert [(p.id, p.start, p.end) for p in clips] == [("v@5", 5.0, 15.0), ("v@25", 25.0, 35.0)]
    assert {pair.group for pair in clips} == {"v"}
    assert clips[0].look != clips[1].look
    assert clips[0].picture == tmp_path / "videos.mp4"
    (tmp_path / "videos.mp4").write_bytes(b"no video")
    with pytest.raises(InputError, match="v: "):
        read_pairs(tmp_path)


def media_of(folder, name, title="A fine title", **facts):
    spoken = caption_passages(name, [Cue(0, 4, "first words"), Cue(60, 64, "later words")])
    stills = tuple(
        Still(paint(folder / f"{name}-{second}.png", second), float(second))
        for second in (1, 30, 62)
    )
    video = Video(name, "", title, channel="A channel", category="Art", **facts)
    return Media(video, paint(folder / f"{name}.png", 9), stills, tuple(spoken))


def test_a_library_has_thumbnails_with_titles(tmp_path):
    broken = media_of(tmp_path, "broken")
    broken.thumbnail.write_bytes(b"")
    media = [
        media_of(tmp_path, "one", "It bakes 🍞 | A channel"),
        media_of(tmp_path, "wordless", "❤❤"),
        broken,
    ]
    pair_set = library_pairs(iter(media))
    (pair,) = pair_set.pairs
    assert (pair.id, pair.texts, pair.group, pair.category) == (
        "one",
        ("It bakes",),
        "A channel",
        "Art",
    )
    assert [message.split(":")[0] for message in pair_set.left_out] == ["wordless", "broken"]


def test_a_library_has_stills_with_the_words_spoken_meanwhile(tmp_path):
    pair_set = library_pairs([media_of(tmp_path, "v")], PairKind.STILL_CAPTION)
    assert [(pair.id, pair.texts) for pair in pair_set.pairs] == [
        ("v@1", ("first words",)),
        ("v@62", ("later words",)),
    ]
    assert pair_set.pairs[0].picture == tmp_path / "v-1.png"
    assert pair_set.pairs[0].start is None


def test_a_library_has_clips_where_the_video_is_at_hand(tmp_path):
    pictures = [painted((160, 96), seed) for seed in range(2)]
    file = make_video(tmp_path / "v.mp4", pictures, seconds_each=2.0)
    media = [media_of(tmp_path, "v", file=str(file)), media_of(tmp_path, "remote")]
    pair_set = library_pairs(media, PairKind.CLIP_TITLE)
    (pair,) = pair_set.pairs
    assert (pair.id, pair.picture, pair.start, pair.texts) == ("v", file, 0.0, ("A fine title",))
    assert pair.end == pytest.approx(4.0)
    assert ["remote" in message for message in pair_set.left_out] == [True]


def test_a_library_without_pairs_says_so(tmp_path):
    with pytest.raises(InputError):
        library_pairs([])
    with pytest.raises(InputError, match="remote"):
        library_pairs([media_of(tmp_path, "remote")], PairKind.CLIP_TITLE)


def test_a_pair_needs_words(tmp_path):
    for name, texts in (("", ("a",)), ("a", ()), ("a", ("",))):
        with pytest.raises(ValueError, match=re.escape(f"{name!r}")):
            Pair(name, texts, tmp_path, "g")


def test_reading_runs_ahead_by_a_few_pictures_only(tmp_path):
    """However long the set is, and however slowly it is taken."""
    picture = paint(tmp_path / "a.jpg", 1)
    taken = []

    def endless():
        for number in itertools.count():
            taken.append(number)
            yield Candidate(str(number), ("a text",), picture, "g")

    results = check_pictures(endless(), workers=2)
    assert [next(results).candidate.id for _ in range(50)] == [str(n) for n in range(50)]
    assert len(taken) < 50 + 20
    results.close()
