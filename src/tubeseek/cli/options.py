"""Defines the options that several commands share, and makes settings of them."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import typer
from pydantic.fields import FieldInfo

from tubeseek.cli.completion import complete_categories, complete_channels
from tubeseek.cli.global_options import GlobalFlags
from tubeseek.core.schemas import Where
from tubeseek.core.schemas.filters import Seconds
from tubeseek.core.settings import Settings, load_settings

UNITS = {"s": 1, "m": 60, "h": 3600}  # in seconds

FILTERS = "Which videos and moments"  # the heading of the filters in the help
_COMPLETED = {"channel": complete_channels, "category": complete_categories}
Json = Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")]
Cookies = Annotated[
    Path | None,
    typer.Option(help="Give yt-dlp the cookies of this Netscape file. It is only read."),
]
CookiesFromBrowser = Annotated[
    str | None,
    typer.Option(
        metavar="BROWSER",
        help="Give yt-dlp the cookies of this browser, such as firefox or chrome:PROFILE.",
    ),
]


def settings_of(context: typer.Context, **flags: Any) -> Settings:
    """Return the settings of this run.

    Global options and `flags`, the command's own, come before the environment and the file.
    """
    options: GlobalFlags = context.obj
    return load_settings({"library": options.library, "store": options.store} | flags)


def parse_seconds(text: str) -> float:
    """Return the seconds of a length: a number, m:ss, h:mm:ss, or a number with s, m or h.

    >>> parse_seconds("90"), parse_seconds("1:30"), parse_seconds("1.5m"), parse_seconds("1:00:00")
    (90.0, 90.0, 90.0, 3600.0)
    """
    try:
        total = 0.0
        for part in text.removesuffix("s").split(":"):
            amount = float(part.rstrip("mh"))
            if not 0 <= amount < float("inf"):
                raise ValueError(f"{amount} is out of range")
            total = total * 60 + amount * UNITS.get(part[-1:], 1)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a length such as 90, 1:30 or 2h") from error
    return total


def with_filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each field of `Where`, in place of its parameter `where`.

    Names, types, bounds and help come from the fields. The command takes a dict of the options
    that were used; they are checked where a `Where` is made of them.
    """
    parameters: list[Parameter] = []
    for parameter in signature(command).parameters.values():
        if parameter.name == "where":
            parameters += [_filter_option(*item) for item in Where.model_fields.items()]
        else:
            parameters.append(parameter)

    @wraps(command)
    def with_where(**values: Any) -> None:
        filters = {name: values.pop(name) for name in Where.model_fields}
        where = {name: value for name, value in filters.items() if value is not None}
        command(**values, where=where)

    with_where.__annotations__ = {each.name: each.annotation for each in parameters}
    vars(with_where)["__signature__"] = signature(command).replace(parameters=parameters)
    return with_where


def _filter_option(name: str, field: FieldInfo) -> Parameter:
    """Return the parameter of a command, as typer reads it, for a field of `Where`."""
    kind: Any = get_args(field.annotation)[0]  # of tuple[kind, ...] or kind | None
    help_text = field.description or ""
    details: dict[str, Any] = {"rich_help_panel": FILTERS}
    if name in _COMPLETED:
        details["autocompletion"] = _COMPLETED[name]
    if get_origin(field.annotation) is tuple:
        kind, help_text = list[str], f"{help_text} May be repeated."
    elif kind is date:
        kind = datetime
        details |= {"formats": ["%Y-%m-%d"], "metavar": "YYYY-MM-DD"}
    elif kind == Seconds:
        details |= {"parser": parse_seconds, "metavar": "SECONDS|M:SS|2h"}
    else:
        for bound in field.metadata:
            details |= {"min": bound.ge} if hasattr(bound, "ge") else {"max": bound.le}
    option = typer.Option(None, help=help_text, **details)
    return Parameter(name, Parameter.KEYWORD_ONLY, default=option, annotation=kind | None)
