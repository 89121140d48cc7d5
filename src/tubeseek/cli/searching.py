"""`tubeseek search`."""

import base64
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError

from tubeseek.app import connect
from tubeseek.cli import render
from tubeseek.cli.globals import settings_of
from tubeseek.errors import MediaError, QueryError
from tubeseek.levels import Fit
from tubeseek.messages import MAX_IMAGE_BYTES, SearchRequest, Sort, Using, Where

DAY = ["%Y-%m-%d"]
UNITS = {"s": 1, "m": 60, "h": 3600}
IMAGE_TIMEOUT_SECONDS = 20.0


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
    query: Annotated[list[str] | None, typer.Argument(help="What is seen, in words.")] = None,
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
    sort: Annotated[
        Sort, typer.Option(help="What fits best, or the most honest first.")
    ] = Sort.BEST,
    min_fit: Annotated[Fit, typer.Option(help="The least that a result must fit.")] = Fit.NONE,
    encoder: Annotated[str | None, typer.Option(help="Ask the index of this encoder.")] = None,
    using: Annotated[Using, typer.Option(help="What is seen, what is said, or both.")] = Using.ALL,
    fold: Annotated[bool, typer.Option(help="One of several videos that show the same.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """Find videos by words, by a picture, or like one of the library."""
    where = Where(
        channel=tuple(channel or ()),
        category=tuple(category or ()),
        after=_day(after),
        before=_day(before),
        min_duration=min_duration,
        max_duration=max_duration,
        min_views=min_views,
        min_honesty=min_honesty,
    )
    try:
        request = SearchRequest(
            text=" ".join(query or ()),
            image=base64.b64encode(read_image(image)) if image is not None else None,
            image_name=image or "",
            like=like,
            limit=limit,
            where=where,
            encoder=encoder,
            using=using,
            min_fit=min_fit,
            fold=fold,
            sort=sort,
        )
    except ValidationError as error:
        told = "; ".join(e["msg"].removeprefix("Value error, ") for e in error.errors())
        raise QueryError(told) from error
    library = connect(settings_of(context), "tubeseek search")
    try:
        answer = library.search(request)
    finally:
        library.close()
    if as_json:
        render.as_json(answer)
    else:
        render.hits(answer)
    if not answer.encoder:  # there is nothing that could have been searched
        raise typer.Exit(1)


def read_image(place: str) -> bytes:
    """The bytes of a picture file, or of what a URL leads to.

    Raises:
        MediaError: It cannot be read, or is too large.
    """
    if urlsplit(place).scheme in ("http", "https"):
        return _download(place)
    path = Path(place).expanduser()
    try:
        if path.stat().st_size > MAX_IMAGE_BYTES:
            raise MediaError(f"{path} is larger than {MAX_IMAGE_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise MediaError(f"{path}: {error.strerror}; give a picture file or URL") from error


def _download(url: str) -> bytes:
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    request = Request(url, headers={"User-Agent": "tubeseek"})  # noqa: S310  scheme checked above
    try:
        with urlopen(request, timeout=IMAGE_TIMEOUT_SECONDS) as response:  # noqa: S310
            content: bytes = response.read(MAX_IMAGE_BYTES + 1)
    except (URLError, OSError, ValueError) as error:
        raise MediaError(f"{url}: {error}; check the address, or save the picture") from error
    if len(content) > MAX_IMAGE_BYTES:
        raise MediaError(f"{url} is larger than {MAX_IMAGE_BYTES // 1_000_000} MB")
    return content


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
