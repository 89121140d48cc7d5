"""`tubeseek search`."""

from datetime import date, datetime
from typing import Annotated

import typer
from pydantic import ValidationError

from tubeseek.cli import render
from tubeseek.cli.options import settings_of
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import Boost, SearchRequest, Sort, Using, Where
from tubeseek.core.schemas.search import Fit
from tubeseek.library.open import connect
from tubeseek.library.query_pictures import in_base64, pictures_named_in, read_image

DAY = ["%Y-%m-%d"]
UNITS = {"s": 1, "m": 60, "h": 3600}


def seconds(text: str) -> float:
    """A length: seconds, m:ss, h:mm:ss, or a number with s, m or h.

    >>> seconds("90"), seconds("1:30"), seconds("1.5m"), seconds("1:00:00")
    (90.0, 90.0, 90.0, 3600.0)
    """
    try:
        total = 0.0
        for part in text.removesuffix("s").split(":"):
            unit = UNITS.get(part[-1:], 1)
            total = total * 60 + float(part.rstrip("mh")) * unit
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a length such as 90, 1:30 or 2h") from error
    return total


def search(
    context: typer.Context,
    query: Annotated[
        list[str] | None,
        typer.Argument(help="What is seen or said, in words; or several things: a dog + cat.jpg."),
    ] = None,
    image: Annotated[str | None, typer.Option(help="A picture: file or URL.")] = None,
    like: Annotated[str | None, typer.Option(help="The id of a video of the library.")] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=1000)] = 10,
    channel: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    category: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    after: Annotated[datetime | None, typer.Option(formats=DAY, help="On or after.")] = None,
    before: Annotated[datetime | None, typer.Option(formats=DAY)] = None,
    min_duration: Annotated[float | None, typer.Option(parser=seconds, metavar="LENGTH")] = None,
    max_duration: Annotated[float | None, typer.Option(parser=seconds, metavar="LENGTH")] = None,
    min_views: Annotated[int | None, typer.Option(min=0)] = None,
    min_honesty: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="How well the thumbnail shows what is inside."),
    ] = None,
    moment_after: Annotated[
        float | None, typer.Option(parser=seconds, metavar="TIME", help="In the video: 1:30.")
    ] = None,
    moment_before: Annotated[float | None, typer.Option(parser=seconds, metavar="TIME")] = None,
    boost: Annotated[list[Boost] | None, typer.Option(help="May be given several times.")] = None,
    sort: Annotated[
        Sort, typer.Option(help="What fits best, or the most honest first.")
    ] = Sort.BEST,
    min_fit: Annotated[Fit, typer.Option(help="The least that a result must fit.")] = Fit.NONE,
    encoder: Annotated[str | None, typer.Option(help="Ask the index of this encoder.")] = None,
    using: Annotated[Using, typer.Option(help="What is seen, what is said, or both.")] = Using.ALL,
    literal: Annotated[
        bool, typer.Option("--literal", help="One sentence, whatever stands in it.")
    ] = False,
    fold: Annotated[bool, typer.Option(help="One of several videos that show the same.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """Find videos by words, by a picture, or like one of the library."""
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
            where=Where(
                channel=tuple(channel or ()),
                category=tuple(category or ()),
                after=_day(after),
                before=_day(before),
                min_duration=min_duration,
                max_duration=max_duration,
                min_views=min_views,
                min_honesty=min_honesty,
                moment_after=moment_after,
                moment_before=moment_before,
            ),
            encoder=encoder,
            using=using,
            boost=tuple(boost or ()),
            min_fit=min_fit,
            fold=fold,
            sort=sort,
        )
        library = connect(settings_of(context), "tubeseek search")
        try:
            answer = library.search(request)
        finally:
            library.close()
    except ValidationError as error:
        told = "; ".join(e["msg"].removeprefix("Value error, ") for e in error.errors())
        raise QueryError(told) from error
    except QueryError as error:
        if error.column is not None and text.strip():
            error.add_note(render.pointed_at(text, error.column))
        raise
    if as_json:
        render.as_json(answer)
    else:
        render.hits(answer)
    if not answer.encoder:  # there is nothing that could have been searched
        raise typer.Exit(1)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
