"""Words found by what they mean: the encoders, and an index of passages beside that of letters."""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from tests.helpers.painted_library import open_painted
from tests.helpers.palette_encoder import PaletteEncoder
from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.protocols import Encoder
from tubeseek.core.schemas import AddRequest, IndexRequest, Scope, SearchRequest
from tubeseek.encoders.sentence.offline import StarterSentences
from tubeseek.encoders.sentence.transformers_model import SentenceModel
from tubeseek.library.library import Library

pytestmark = pytest.mark.slow  # loads the weights of the starter

TITLES = {
    "cake": "Baking a chocolate cake for a birthday",
    "car": "The fastest automobile on a race track",
    "cat": "고양이가 낮잠을 자요",
    "tax": "How to fill in your income tax form",
}
WORDS = ("[PAD]", "[UNK]", "cat", "dog", "piano", "plays", "the")


@pytest.fixture(scope="module")
def sentences() -> StarterSentences:
    return StarterSentences()


@cache
def encoder_of(name: str) -> Encoder:
    return StarterSentences() if name == "sentences" else PaletteEncoder()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Four videos that look alike, with titles of different meaning."""
    folder = tmp_path / "data"
    (folder / "images").mkdir(parents=True)
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("Id", "Title"), *TITLES.items()])
    for name in TITLES:
        Image.new("RGB", (32, 18), "red").save(folder / "images" / f"{name}.jpg")
    library = open_painted(tmp_path / "library", encoder=encoder_of)
    list(library.run(AddRequest(locators=(str(folder),))))
    for encoder in ("palette", "sentences"):
        list(library.run(IndexRequest(encoder=encoder)))
    yield library
    library.close()


@pytest.mark.parametrize(
    ("query", "expected_id"),
    [("sports vehicle", "car"), ("a sleeping kitten", "cat"), ("세금 신고하는 방법", "tax")],
)
def test_words_of_the_same_meaning_are_found(
    library: Library, query: str, expected_id: str
) -> None:
    """Not one of these queries shares a word with the title that it means."""
    answer = library.search(SearchRequest(text=query, using=Scope.WORDS))
    assert answer.hits[0].video_id == expected_id
    assert answer.hits[0].reasons[0] == "title"
    by_letters = library.search(SearchRequest(text=query, using=Scope.WORDS, encoder="palette"))
    assert expected_id not in [hit.video_id for hit in by_letters.hits[:1]]


def test_an_encoder_of_words_gets_no_pictures(library: Library) -> None:
    assert library.search(SearchRequest(text="red", using=Scope.PICTURES)).hits
    like = library.search(SearchRequest(like="cat"))
    assert like.encoder == "palette"
    assert {hit.video_id for hit in like.hits} == set(TITLES) - {"cat"}


def test_status_counts_its_passages_and_a_second_run_has_nothing_to_do(library: Library) -> None:
    facts = {index.encoder: index for index in library.status().indexes}
    assert facts["sentences"].active
    assert facts["palette"].active
    assert (facts["sentences"].segments, facts["sentences"].pending) == (len(TITLES), 0)
    events = list(library.run(IndexRequest()))
    assert [event.total for event in events if event.total] == []


def test_vectors_are_of_unit_length_and_the_same_one_by_one(sentences: StarterSentences) -> None:
    texts = list(TITLES.values())
    vectors = sentences.encode_texts(texts)
    assert vectors.shape == (4, sentences.spec.dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    one_by_one = np.concatenate([sentences.encode_texts([text]) for text in texts])
    np.testing.assert_allclose(vectors, one_by_one, atol=1e-3)
    assert sentences.encode_texts([]).shape == (0, sentences.spec.dim)
    with pytest.raises(ValueError, match="1 clips"):
        sentences.encode_clips([np.zeros((1, 8, 8, 3), np.uint8)])


def save_bert(folder: Path) -> Path:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=16,
    )
    BertModel(config).eval().save_pretrained(folder)
    words = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106
    words.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=words,
        unk_token="[UNK]",  # noqa: S106
        pad_token="[PAD]",  # noqa: S106
        model_max_length=16,
    ).save_pretrained(folder)
    return folder


def test_a_model_of_transformers_is_read_by_the_mean_of_its_tokens(tmp_path: Path) -> None:
    folder = save_bert(tmp_path / "bert")
    encoder = SentenceModel(str(folder), device="cpu")
    vectors = encoder.encode_texts(["the cat plays piano", "dog"])
    model = BertModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        ids = [torch.tensor([[6, 2, 5, 4]]), torch.tensor([[3]])]  # each alone: nothing is padded
        means = [model(input_ids=tokens).last_hidden_state[0].mean(0) for tokens in ids]
    expected = np.stack([(mean / mean.norm()).numpy() for mean in means])
    np.testing.assert_allclose(vectors, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True}),
        ("config_sentence_transformers.json", {"prompts": {"query": "query: "}}),
    ],
)
def test_a_model_that_wants_to_be_read_otherwise_is_refused(
    tmp_path: Path, name: str, config: dict[str, object]
) -> None:
    folder = save_bert(tmp_path / "bert")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(config))
    with pytest.raises(ModelUnavailableError, match=re.escape(str(folder))):
        SentenceModel(str(folder), device="cpu")
