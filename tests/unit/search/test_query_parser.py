"""What is words and what is not; any text is parsed or refused at its column."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tubeseek.core.errors import QueryError
from tubeseek.search.query import MAX_TERMS, Expression, LikeVideo, Picture, Words, parse


def read(text: str) -> tuple[list[tuple[str, float]], list[str]]:
    """Terms with their weights, and what is excluded."""
    expression = parse(text)
    terms = [(str(term.operand), term.weight) for term in expression.terms]
    return terms, [str(term) for term in expression.exclusions]


@pytest.mark.parametrize(
    "sentence",
    [
        "a red sports car",
        "rock-n-roll",
        "C++ and C# tutorial",
        "aspect ratio 3:2",
        "16:9",
        "news at 10:30",
        "Ocean's 11: the making-of",
        "it's a dog's life",
        'a 55" television',
        "50% off -> now",
        "-_- face",
        "well--known",
        "Tom & Jerry (1940) [HD] #shorts",
        "고양이가 피아노를 친다",
        "K-pop – 안무 없이",
        "what is 1+1?",
        "+1 more",
        "like: a virgin",
        "I like:it",
        "image of a dog.jpg",
        "see 2:dogs",
        "e\u0301te\u0301 \U0001f408",
        "A/B testing",
    ],
)
def test_a_sentence_is_taken_as_it_stands(sentence: str) -> None:
    assert parse(sentence).plain == sentence
    assert parse(f"  {sentence}\t\n").plain == sentence


@pytest.mark.parametrize(
    ("text", "terms", "excluded"),
    [
        ("dog-snow", [("dog-snow", 1)], []),
        ("dog - snow", [("dog", 1), ("snow", -1)], []),
        ("dog -snow", [("dog", 1)], ["-snow"]),
        ("-snow dog", [("dog", 1)], ["-snow"]),
        ("a -snow dog", [("a dog", 1)], ["-snow"]),
        (
            "a dog + thick snow - a red car",
            [("a dog", 1), ("thick snow", 1), ("a red car", -1)],
            [],
        ),
        ("2:a dog + .5:snow", [("a dog", 2), ("snow", 0.5)], []),
        ("dog -0.5:snow", [("dog", 1)], ["-snow"]),  # half is what it pushes with anyway
        ("dog -1:snow", [("dog", 1)], ["-1:snow"]),
        ('2:"red dog" + snow', [('"red dog"', 2), ("snow", 1)], []),
        ('dog -"thick  snow" park', [("dog park", 1)], ['-"thick snow"']),
        ('the "C++ - a tour" talk', [('the "C++ - a tour" talk', 1)], []),
        ("개 + 눈 -고양이", [("개", 1), ("눈", 1)], ["-고양이"]),
        ("iphone -15", [("iphone", 1)], ["-15"]),
        ("photo.JPG - dog", [("photo.JPG", 1), ("dog", -1)], []),
        ("2:./01.png + 16:9", [("./01.png", 2), ("16:9", 1)], []),
        ("like:abc - like:d-e", [("like:abc", 1), ("like:d-e", -1)], []),
        ("dog -like:abc + cat", [("dog", 1), ("cat", 1), ("like:abc", -1)], []),
        ("dog -.jpg", [("dog -.jpg", 1)], []),
        ("dog\n+\tcat", [("dog", 1), ("cat", 1)], []),
        ('"a"+b', [('"a" +b', 1)], []),
    ],
)
def test_operators_stand_alone_and_exclusions_are_glued(
    text: str, terms: list[tuple[str, float]], excluded: list[str]
) -> None:
    assert read(text) == (terms, excluded)


def test_quotes_ask_for_exact_words_and_are_not_read_aloud() -> None:
    (term,) = parse('how to tie a "bowline knot" or a "sheet bend"').terms
    assert isinstance(term.operand, Words)
    assert term.operand.text == "how to tie a bowline knot or a sheet bend"
    assert term.operand.phrases == ("bowline knot", "sheet bend")


@pytest.mark.parametrize(
    ("text", "operand"),
    [
        ("cat.jpg", Picture("cat.jpg", named=False)),
        ("~/cats/1.webp", Picture("~/cats/1.webp", named=False)),
        ("https://example.org/a.png?w=3", Picture("https://example.org/a.png?w=3", named=False)),
        ("image:https://example.org/a", Picture("https://example.org/a")),
        ('image:"my cat"', Picture("my cat")),
        ("like:dQw4w9WgXcQ", LikeVideo("dQw4w9WgXcQ")),
        ('like:"films/a b.mp4"', LikeVideo("films/a b.mp4")),
    ],
)
def test_pictures_and_videos(text: str, operand: Picture | LikeVideo) -> None:
    (term,) = parse(text).terms
    assert term.operand == operand
    assert str(term) == text


@pytest.mark.parametrize("text", ['"cat.jpg"', "my cat.jpg", "https://example.org/watch"])
def test_what_is_no_picture(text: str) -> None:
    assert isinstance(parse(text).terms[0].operand, Words)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        (" \n", 1),
        ("+ dog", 1),
        ("dog + - cat", 7),
        ("dog -", 5),
        ("dog +\n", 5),
        ("dog - -cat", 5),
        ("-dog", 1),
        ('  -like:x -"a b"', 3),
        ('red "car', 5),
        ('red -"car', 6),
        ('고양이 "" 집', 5),
        ("dog + 0:cat", 7),
        ("dog -1000:cat", 6),
        (f"{'1' * 500}:cat", 1),
        ("like:abc dog", 10),
        ("x + image:a b.jpg", 13),
        (" + ".join(["dog"] * (MAX_TERMS + 1)), 6 * MAX_TERMS + 1),
    ],
)
def test_an_error_names_its_column(text: str, column: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.column == column


OPERATORS = ["+", "-", '"', " ", "  ", "2:", ".5:", "0:", "like:", "image:"]
CONTENTS = ["dog", "고양이", "a.jpg", "./", "-a", "3:2", "~", "_", "1", "'", "²", "!"]
pieces = st.sampled_from([*OPERATORS, *CONTENTS, "\u3000", "\x1f", "https://x/y.png"])
texts = st.lists(pieces, max_size=14).map("".join) | st.text(max_size=40)


@given(texts)
@example('1:"a"-b')
@example('-"x"photo.jpg')
@example('-like:"x y" 2:like:z')
@example("https://[/y.png")
def test_any_text_is_read_or_refused_within_it(text: str) -> None:
    expression, refused = outcome(text)
    if refused is not None:
        assert 1 <= (refused.column or 0) <= max(1, len(text))
    if expression is not None:
        assert all(1 <= term.column <= len(text) for term in expression.terms)
        assert expression.terms[0].weight > 0
        again = parse(str(expression))
        assert again == expression
        assert str(again) == str(expression)


def outcome(text: str) -> tuple[Expression | None, QueryError | None]:
    try:
        return parse(text), None
    except QueryError as error:
        return None, error


letters = st.text(st.characters(categories=["L", "M"]), min_size=1, max_size=8)


@given(st.lists(letters, min_size=1, max_size=8))
def test_letters_and_blanks_are_a_sentence(words: list[str]) -> None:
    sentence = " ".join(words)
    assert parse(sentence).plain == sentence
    assert str(parse(sentence)) == sentence
