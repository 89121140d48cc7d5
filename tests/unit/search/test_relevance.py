"""A relevance model keeps its rate of false alarms for any encoder, and finds planted hits."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from tests.helpers.memory_store import MemoryStore
from tests.helpers.painted_library import open_painted, paint_dataset
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.core.index import Index
from tubeseek.core.schemas import AddRequest, IndexRequest, Scope, SearchRequest, Where
from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import Vectors
from tubeseek.library.library import Library
from tubeseek.search.background import background_queries
from tubeseek.search.calibration import Calibrations
from tubeseek.search.evidence import BASE_SLOPE, FALSE_ALARMS, STRONG, relevance, softplus
from tubeseek.search.relevance import Gumbel, RelevanceModel, gumbel_of_maxima

DIM = 32


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


def excess(model: RelevanceModel, query: Vectors, library: Vectors) -> NDArray[np.float64]:
    """Return the evidence of each segment less what is needed, (n,)."""
    cosines = library @ query
    scale = model.vector_scale(query, float(cosines.max()), judged=True)
    assert scale.needed is not None
    return np.array([scale.evidence(float(cosine)) - scale.needed for cosine in cosines])


@pytest.mark.parametrize("segments", [40, 300, 2_000])
def test_false_alarms_come_as_often_as_promised(segments: int) -> None:
    library = drawn(segments, 1)
    model = learn(drawn(190, 0), library)
    best = np.array([excess(model, query, library).max() for query in drawn(300, 2)])
    assert np.mean(best >= 0) == pytest.approx(FALSE_ALARMS, abs=0.05)
    strong = [relevance(nats) >= STRONG for nats in best]
    assert np.mean(strong) < np.mean(best >= 0)


def test_a_sample_speaks_for_the_whole_library() -> None:
    library, background = drawn(8_000, 1), drawn(190, 0)
    whole, part = learn(background, library).best, learn(background, library[::10], 8_000).best
    apart = learn(background, library[::10]).best  # as if the sample were all there is
    assert whole is not None
    assert part is not None
    assert apart is not None
    assert abs(part.location - whole.location) < abs(apart.location - whole.location) / 2


def test_what_is_planted_fits() -> None:
    background, library = drawn(190, 0), drawn(300, 1)
    meaning = drawn(1, 3)[0]
    common = drawn(1, 4)[0]
    # All texts lean to one side, as those of real encoders do.
    leaning = unit(background + 2 * common)
    query = unit(meaning + 2 * common)
    planted = unit(library[0] * 0.4 + meaning + 2 * common)
    library = np.concatenate([unit(library + common), planted[None]])
    model = learn(leaning, library)
    nats = excess(model, query, library)
    assert int(nats.argmax()) == len(library) - 1
    assert nats[-1] > 0
    assert (nats[:-1] < 0).mean() > 0.99


def test_a_segment_near_to_every_query_makes_none_of_them_fit() -> None:
    """All texts lean to one side, as those of real encoders do, and one segment lies there."""
    common = drawn(1, 4)[0]
    library = np.concatenate([drawn(300, 1), common[None]])
    model = learn(unit(drawn(190, 0) + 2 * common), library)
    queries = unit(drawn(200, 3) + 2 * common)
    assert ((queries @ library.T).argmax(axis=1) == 300).all()
    alarms = [excess(model, query, library).max() >= 0 for query in queries]
    assert np.mean(alarms) <= 2 * FALSE_ALARMS


def test_a_planted_gumbel_is_found_again() -> None:
    best = 4.0 + 0.5 * np.random.default_rng(0).gumbel(size=20_000)
    learnt = gumbel_of_maxima(best, grown=1)
    ten_times = gumbel_of_maxima(best, grown=10)
    answered = gumbel_of_maxima(np.where(best > np.quantile(best, 0.6), 1e6, best), grown=1)
    assert learnt is not None
    assert ten_times is not None
    assert (learnt.location, learnt.scale) == pytest.approx((4.0, 0.5), abs=0.03)
    assert ten_times.location == pytest.approx(learnt.location + learnt.scale * math.log(10))
    assert answered == learnt  # the upper half, where answered queries lie, is not looked at


@pytest.mark.parametrize("segments", [1, 2, 100])
def test_segments_that_are_all_alike_give_finite_evidence(segments: int) -> None:
    library = np.repeat(drawn(1, 1), segments, axis=0)
    model = learn(drawn(190, 0), library)
    for query in (library[0], drawn(1, 2)[0], -library[0]):
        scale = model.vector_scale(query, float(library[0] @ query), judged=True)
        assert all(math.isfinite(scale.evidence(cosine)) for cosine in (-1.0, 0.0, 1.0))
        assert scale.needed is None or math.isfinite(scale.needed)


def test_background_queries_that_the_library_answers_do_not_raise_the_bar() -> None:
    background, library = drawn(190, 0), drawn(300, 1)
    before = learn(background, library).best
    after = learn(background, np.concatenate([library, background[:40]])).best
    assert before is not None
    assert after is not None
    assert abs(after.location - before.location) < before.scale


def test_the_scale_of_a_query_follows_the_closed_form() -> None:
    sample, query = drawn(50, 1), drawn(1, 2)[0]
    usual, spread = np.full(50, 0.1, np.float32), np.full(50, 0.5, np.float32)
    best = Gumbel(location=1.0, scale=0.25)
    cosines = sample @ query
    top = float(cosines.max())
    scale = RelevanceModel(sample, usual, spread, best).vector_scale(query, top, judged=True)
    # all heights are (cosine - 0.1) / 0.5, so the line a(z) is exact
    surprise = ((top - 0.1) / 0.5 - 1.0) / 0.25
    slope = BASE_SLOPE + math.log1p(max(0.0, surprise))
    needed_height = 1.0 - 0.25 * math.log(-math.log(1 - FALSE_ALARMS))
    needed_z = (needed_height * 0.5 + 0.1 - cosines.mean()) / cosines.std()
    assert scale.mean == pytest.approx(cosines.mean(), abs=1e-6)
    assert scale.spread == pytest.approx(cosines.std(), abs=1e-6)
    assert scale.slope == pytest.approx(slope, abs=1e-4)
    assert scale.needed == pytest.approx(softplus(slope * needed_z), abs=1e-3)


def test_a_gumbel_quantile_has_its_probability() -> None:
    best = Gumbel(location=2.0, scale=0.5)
    height = best.quantile(0.9)
    assert math.exp(-math.exp(-(height - 2.0) / 0.5)) == pytest.approx(0.9)


def test_a_query_that_cannot_be_compared_is_ordered_but_not_graded() -> None:
    model = learn(drawn(190, 0), drawn(300, 1))
    scale = model.vector_scale(drawn(1, 2)[0], 0.5, judged=False)
    assert (scale.needed, scale.slope) == (None, BASE_SLOPE)
    assert scale.evidence(0.5) > scale.evidence(0.4)


def test_too_little_to_learn_from_gives_no_grade() -> None:
    vectors = drawn(100, 0)
    assert RelevanceModel.learn(vectors, vectors[:0], 0) is None
    few = learn(vectors[:10], vectors)
    equal = learn(np.repeat(vectors[:1], 100, axis=0), vectors)
    none = learn(vectors[:0], vectors)
    assert (few.best, equal.best, none.best) == (None, None, None)
    assert none.vector_scale(vectors[0], 1.0, judged=True).needed is None
    alone = learn(vectors, vectors[:1])  # a library of one segment
    assert math.isfinite(alone.vector_scale(vectors[1], 0.1, judged=True).evidence(0.1))


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


@pytest.mark.parametrize("using", [Scope.ALL, Scope.WORDS])
def test_an_answer_marks_what_fits(library: Library, using: Scope) -> None:
    answer = library.search(SearchRequest(text="red", using=using))
    assert (answer.hits[0].video_id, answer.hits[0].fit) == ("red", Fit.STRONG)
    assert {hit.fit for hit in answer.hits[1:]} <= {Fit.NONE}
    assert answer.notices == ()
    fitting = SearchRequest(text="red", using=using, min_fit=Fit.STRONG)
    assert [hit.video_id for hit in library.search(fitting).hits] == ["red"]


def test_relevance_falls_along_the_list(library: Library) -> None:
    # In a space of eight dimensions not even a perfect match stands out enough to fit.
    answer = library.search(SearchRequest(text="red", using=Scope.PICTURES))
    grades = [hit.relevance for hit in answer.hits]
    assert answer.hits[0].video_id == "red"
    assert grades == sorted(grades, reverse=True)
    assert grades[0] > grades[1]


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
    hits = library.search(SearchRequest(text=text, using=Scope.PICTURES)).hits
    assert {hit.fit is not None for hit in hits} == {graded}
    if graded:  # by what is looked for, whatever is pushed away
        assert hits[0].video_id == "red"
        assert all(hits[0].relevance > hit.relevance for hit in hits[1:])


def test_what_was_learnt_is_kept(library: Library) -> None:
    files = list((library.folder / "background").iterdir())
    assert [np.load(file).shape for file in files] == [(len(background_queries()), len(PALETTE))]
    files[0].write_bytes(files[0].read_bytes()[:200])  # a damaged file is written anew
    index = Index(DiscerningEncoder(), MemoryStore(DiscerningEncoder().spec))
    vectors = Calibrations(library._catalog, library.folder / "background")._background(
        index, background_queries()
    )
    assert vectors.shape == np.load(files[0]).shape == (len(background_queries()), len(PALETTE))


def test_the_background_is_in_two_languages_and_repeats_nothing() -> None:
    texts = background_queries()
    assert len(set(texts)) == len(texts)
    korean = [text for text in texts if any("가" <= c <= "힣" for c in text)]
    assert min(len(korean), len(texts) - len(korean)) >= 60
