"""Finds videos: `tubeseek search`."""

from collections.abc import Mapping
from contextlib import closing
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from tubeseek.cli import render
from tubeseek.cli.options import Json, settings_of, with_filter_options
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import Boost, Scope, SearchRequest, Sort, Where
from tubeseek.core.schemas.search import Fit
from tubeseek.library.open import connect
from tubeseek.library.query_pictures import in_base64, pictures_named_in, read_image


@with_filter_options
def search(
    context: typer.Context,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            help="What the videos show or say, in words. It may combine several terms and "
            "pictures: a dog + cat.jpg - snow."
        ),
    ] = None,
    *,
    image: Annotated[
        str | None, typer.Option(help="Search by this picture, a file or URL, without words.")
    ] = None,
    like: Annotated[
        str | None, typer.Option(help="Find videos like the one of the library with this id.")
    ] = None,
    limit: Annotated[
        int,
        typer.Option("-n", "--limit", min=1, max=1000, help="Show at most this many videos."),
    ] = 10,
    offset: Annotated[
        int, typer.Option(min=0, max=10_000, help="Leave out this many of the best videos.")
    ] = 0,
    where: Mapping[str, Any],
    boost: Annotated[
        list[Boost] | None,
        typer.Option(help="Prefer such videos among those that fit well. May be repeated."),
    ] = None,
    sort: Annotated[
        Sort, typer.Option(help="Show first the best fit, or the most honest thumbnail.")
    ] = Sort.BEST,
    min_fit: Annotated[
        Fit, typer.Option(help="Hide videos that fit less well than this.")
    ] = Fit.NONE,
    encoder: Annotated[
        str | None, typer.Option(help="Search only the index of this encoder.")
    ] = None,
    using: Annotated[
        Scope, typer.Option(help="Search the pictures, the words, or both.")
    ] = Scope.ALL,
    literal: Annotated[
        bool,
        typer.Option("--literal", help="Take the query as plain words, without operators."),
    ] = False,
    fold: Annotated[
        bool, typer.Option(help="Show only the best of several videos that show the same.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Find videos by words, by a picture, or by a video of the library."""
    text = " ".join(query or ())
    try:
        request = SearchRequest(
            text=text,
            literal=literal,
            images={} if literal else pictures_named_in(text),
            image=in_base64(read_image(image)) if image is not None else None,
            image_name=image or "",
            like=like,
            limit=limit,
            offset=offset,
            where=Where(**where),
            encoder=encoder,
            using=using,
            boost=tuple(boost or ()),
            min_fit=min_fit,
            fold=fold,
            sort=sort,
        )
        with closing(connect(settings_of(context), "tubeseek search")) as library:
            answer = library.search(request)
    except ValidationError as error:
        problems = (problem["msg"].removeprefix("Value error, ") for problem in error.errors())
        raise QueryError("; ".join(problems)) from error
    except QueryError as error:
        if error.column is not None and text.strip():
            error.add_note(render.excerpt(text, error.column))
        raise
    if as_json:
        render.as_json(answer)
    else:
        render.hits(answer)
    if not answer.encoder:  # the library has no index that could have been searched
        raise typer.Exit(1)
