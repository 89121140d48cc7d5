"""A relevance model keeps its rate of false alarms for any encoder, and finds planted hits."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from pydantic import ValidationError

from tests.helpers.memory_store import MemoryStore
from tests.helpers.painted_library import open_painted, paint_dataset
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.core.index import Index
from tubeseek.core.schemas import AddRequest, IndexRequest, SearchRequest, Using, Where
from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import Vectors
from tubeseek.library.library import Library
from tubeseek.search.calibration import Calibrations, background_queries
from tubeseek.search.relevance import FALSE_ALARMS, RelevanceModel

DIM = 32
STRONG, WEAK = (most for _, most in FALSE_ALARMS)


def unit(x: Vectors) -> Vectors:
    rows: Vectors = (x / np.linalg.norm(x, axis=-1, keepdims=True)).astype(np.float32)
    return rows


def drawn(count: int, seed: int) -> Vectors:
    """Return random directions, so that a query fits a segment only by chance."""
    return unit(np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32))


def learn(background: Vectors, sample: Vectors, segments: int | None = None) -> RelevanceModel:
    model = RelevanceModel.learn(background, sample, segments or len(sample))
    assert model is not None
    return model


@pytest.mark.parametrize("segments", [40, 300, 2_000])
def test_false_alarms_come_as_often_as_promised(segments: int) -> None:
    library = drawn(segments, 1)
    model = learn(drawn(190, 0), library)
    chances = np.array([model.false_alarm(query, library) for query in drawn(200, 2)])
    assert np.mean(chances <= WEAK) == pytest.approx(WEAK, abs=0.1)
    assert np.mean(chances <= STRONG) == pytest.approx(STRONG, abs=0.05)


def test_a_sample_speaks_for_the_whole_library() -> None:
    library, background = drawn(8_000, 1), drawn(190, 0)
    whole, part = learn(background, library), learn(background, library[::10], 8_000)
    apart = learn(background, library[::10])  # as if the sample were all there is
    assert abs(part.location - whole.location) < abs(apart.location - whole.location) / 2


def test_what_is_planted_fits_and_a_hub_does_not() -> None:
    background, library = drawn(190, 0), drawn(300, 1)
    meaning = drawn(1, 3)[0]
    common = drawn(1, 4)[0]
    # All texts lean to one side, as those of real encoders do, and one segment lies there.
    leaning = unit(background + 2 * common)
    query = unit(meaning + 2 * common)
    planted = unit(library[0] * 0.4 + meaning)
    library = np.concatenate([library, planted[None], common[None]])
    model = learn(leaning, library)
    assert query @ common > query @ planted  # the hub is nearest
    videos = [common[None], np.stack([common, planted]), library[:0]]
    assert model.grade(query, videos) == [Fit.NONE, Fit.STRONG, Fit.NONE]


def test_background_queries_that_the_library_answers_do_not_raise_the_bar() -> None:
    background, library = drawn(190, 0), drawn(300, 1)
    answered = np.concatenate([library, background[:40]])
    before, after = learn(background, library), learn(background, answered)
    assert abs(after.location - before.location) < before.scale


def test_chances_follow_the_closed_form() -> None:
    background = drawn(190, 0)
    segment = drawn(1, 1)
    cosines = background @ segment[0]
    query = drawn(1, 2)[0]
    height = float((query @ segment[0] - cosines.mean()) / cosines.std())
    at_location = RelevanceModel(background, location=height, scale=0.5)
    assert at_location.false_alarm(query, segment) == pytest.approx(1 - math.exp(-1), abs=1e-4)
    far_below = RelevanceModel(background, location=height + 5_000, scale=0.5)
    assert far_below.false_alarm(query, segment) == 1.0


def test_too_little_to_learn_from_gives_no_model() -> None:
    vectors = drawn(100, 0)
    assert RelevanceModel.learn(vectors[:10], vectors, 100) is None
    assert RelevanceModel.learn(vectors, vectors[:0], 0) is None
    assert RelevanceModel.learn(np.repeat(vectors[:1], 100, axis=0), vectors, 100) is None


class DiscerningEncoder(PaletteEncoder):
    """Knows colours, and gives each background query a direction of its own."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        vectors = super().encode_texts(texts)
        for row, text in enumerate(texts):
            if text in background_queries():
                generator = np.random.default_rng(crc32(text.encode()))
                vectors[row] = unit(generator.standard_normal(self.spec.dim))
        return vectors


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = open_painted(tmp_path / "library", encoder=lambda name: DiscerningEncoder())
    folder = paint_dataset(tmp_path / "data", {colour: colour for colour in PALETTE})
    for request in (AddRequest(locators=(str(folder),)), IndexRequest(encoder="palette")):
        list(library.run(request))
    yield library
    library.close()


@pytest.mark.parametrize("using", Using)
def test_an_answer_marks_what_fits(library: Library, using: Using) -> None:
    answer = library.search(SearchRequest(text="red", using=using))
    # In a space of eight dimensions even a perfect match does not stand out as strong.
    reached = Fit.WEAK if using is Using.PICTURES else Fit.STRONG
    assert (answer.hits[0].video_id, answer.hits[0].fit) == ("red", reached)
    assert {hit.fit for hit in answer.hits[1:]} <= {Fit.NONE}
    assert answer.notices == ()
    fitting = SearchRequest(text="red", using=using, min_fit=reached)
    assert [hit.video_id for hit in library.search(fitting).hits] == ["red"]


def test_a_notice_tells_that_nothing_fits(library: Library) -> None:
    text = "quarterly tax returns"
    answer = library.search(SearchRequest(text=text))
    assert {hit.fit for hit in answer.hits} == {Fit.NONE}
    assert len(answer.notices) == 1
    hidden = library.search(SearchRequest(text=text, min_fit=Fit.WEAK))
    assert (hidden.hits, len(hidden.notices)) == ((), 1)
    assert hidden.notices != answer.notices  # nothing is shown that could be called the nearest
    warm = library.search(SearchRequest(text=text, where=Where(channel=("Warm",))))
    assert len(warm.notices) == 1
    assert warm.notices != answer.notices


def test_only_words_are_graded(library: Library) -> None:
    assert {hit.fit for hit in library.search(SearchRequest(like="red")).hits} == {None}
    with pytest.raises(ValidationError, match="min_fit"):
        SearchRequest(like="red", min_fit=Fit.WEAK)


@pytest.mark.parametrize(
    ("text", "graded"),
    [
        ('"in red"', True),
        ("red -blue", True),
        ("red - blue", True),
        ("2:red -like:blue", True),
        ("red + blue", False),
        ("like:blue - red", False),
    ],
)
def test_only_what_looks_for_one_sentence_is_graded(
    library: Library, text: str, graded: bool
) -> None:
    hits = library.search(SearchRequest(text=text, using=Using.PICTURES)).hits
    assert {hit.fit is not None for hit in hits} == {graded}
    if graded:  # by what is looked for, whatever is pushed away
        assert (hits[0].video_id, hits[0].fit) == ("red", Fit.WEAK)


def test_what_was_learnt_is_kept(library: Library) -> None:
    files = list((library.folder / "background").iterdir())
    assert [np.load(file).shape for file in files] == [(len(background_queries()), len(PALETTE))]
    files[0].write_bytes(files[0].read_bytes()[:200])  # a damaged file is written anew
    index = Index(DiscerningEncoder(), MemoryStore(DiscerningEncoder().spec))
    vectors = Calibrations(library._catalog, library.folder / "background")._background(index)
    assert vectors.shape == np.load(files[0]).shape == (len(background_queries()), len(PALETTE))


def test_the_background_is_in_two_languages_and_repeats_nothing() -> None:
    texts = background_queries()
    assert len(set(texts)) == len(texts)
    korean = [text for text in texts if any("가" <= c <= "힣" for c in text)]
    assert min(len(korean), len(texts) - len(korean)) >= 60
