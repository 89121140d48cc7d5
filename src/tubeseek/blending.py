"""From a query as it was read to what indexes are asked. Pure functions."""

from collections.abc import Mapping

from tubeseek.errors import QueryError
from tubeseek.mixture import Example, Ingredient, Mixture
from tubeseek.query import Expression, LikeVideo, Picture, Term, Words
from tubeseek.records import Clip


def blend(expression: Expression, pictures: Mapping[str, Clip]) -> str | Clip | Mixture:
    """What a query asks for: one sentence or one picture as it is, anything else as a mixture.

    Args:
        expression: The query.
        pictures: Those that came with it, by name.

    Raises:
        QueryError: A picture is named that did not come, or came and is not named.

    >>> from tubeseek.query import parse
    >>> blend(parse("a red car"), {})
    'a red car'
    >>> mixture = blend(parse('2:"red car" + snow -man'), {})
    >>> mixture.ingredients, mixture.weights
    (('red car', 'snow', 'man'), (2.0, 1.0, -0.5))
    >>> mixture.words, mixture.phrases, mixture.pushed, mixture.excluded
    ('red car snow', ('red car',), ('man',), ('man',))
    """
    _check_named(expression, pictures)
    if (sentence := expression.plain) is not None:
        return sentence
    first = expression.terms[0].operand
    if len(expression.terms) == 1 and not expression.excluded and isinstance(first, Picture):
        if first.name not in pictures and not first.named:
            return first.name  # words that look like the name of a file
        return _picture(expression.terms[0], first, pictures)
    wanted = [t.operand for t in expression.terms if t.weight > 0 and isinstance(t.operand, Words)]
    against = [t.operand for t in expression.terms if t.weight < 0 and isinstance(t.operand, Words)]
    excluded = tuple(one.part.text for one in expression.excluded)
    pushed = [text for words in against for text in (words.phrases or (words.text,))]
    return Mixture(
        ingredients=(*(_ingredient(term, pictures) for term in expression.terms), *excluded),
        weights=(
            *(term.weight for term in expression.terms),
            *(-one.weight for one in expression.excluded),
        ),
        words=" ".join(words.text for words in wanted),
        phrases=tuple(phrase for words in wanted for phrase in words.phrases),
        pushed=(*pushed, *excluded),
        excluded=excluded,
    )


def _ingredient(term: Term, pictures: Mapping[str, Clip]) -> Ingredient:
    match term.operand:
        case Words() as words:
            return words.text
        case LikeVideo(video_id):
            return Example(video_id)
        case Picture() as picture:
            return _picture(term, picture, pictures)


def _picture(term: Term, picture: Picture, pictures: Mapping[str, Clip]) -> Clip:
    if picture.name not in pictures:
        raise QueryError(
            f"column {term.column}: there is no picture {picture.name!r} here; on the command line "
            "it may be a file or a URL, to a server it is sent along. To look for these words, put "
            "them in quotes",
            column=term.column,
        )
    return pictures[picture.name]


def _check_named(expression: Expression, pictures: Mapping[str, Clip]) -> None:
    operands = (term.operand for term in expression.terms)
    named = {operand.name for operand in operands if isinstance(operand, Picture)}
    for name in pictures.keys() - named:
        raise QueryError(f"the picture {name!r} came along, but the query does not name it")
