"""Finds videos: `tubeseek search`."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from tubeseek.cli import formats, pictures, player, render
from tubeseek.cli.clip import save_moments
from tubeseek.cli.completion import complete_encoders, complete_ids
from tubeseek.cli.formats import Format
from tubeseek.cli.options import settings_of, with_filter_options
from tubeseek.cli.results import show_hits
from tubeseek.core.errors import InputError, QueryError
from tubeseek.core.schemas import Boost, Scope, SearchAnswer, SearchHit, SearchRequest, Sort, Where
from tubeseek.core.schemas.search import Fit
from tubeseek.core.settings import Settings
from tubeseek.library.open import connect, videos_on_disk
from tubeseek.library.query_pictures import in_base64, pictures_named_in, read_image

QUERY, ORDER, INDEXES, OUTPUT = "The query", "How many, in which order", "Indexes", "Output"


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
        str | None,
        typer.Option(
            help="Search by this picture, a file or URL, without words.", rich_help_panel=QUERY
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            help="Find videos like the one of the library with this id.",
            rich_help_panel=QUERY,
            autocompletion=complete_ids,
        ),
    ] = None,
    literal: Annotated[
        bool,
        typer.Option(
            "--literal",
            help="Take the query as plain words, without operators.",
            rich_help_panel=QUERY,
        ),
    ] = False,
    where: Mapping[str, Any],
    limit: Annotated[
        int,
        typer.Option(
            "-n",
            "--limit",
            min=1,
            max=1000,
            help="Show at most this many videos.",
            rich_help_panel=ORDER,
        ),
    ] = 10,
    offset: Annotated[
        int,
        typer.Option(
            min=0,
            max=10_000,
            help="Leave out this many of the best videos.",
            rich_help_panel=ORDER,
        ),
    ] = 0,
    min_fit: Annotated[
        Fit,
        typer.Option(help="Hide videos that fit less well than this.", rich_help_panel=ORDER),
    ] = Fit.NONE,
    sort: Annotated[
        Sort,
        typer.Option(
            help="Show first the best fit, or the most honest thumbnail.", rich_help_panel=ORDER
        ),
    ] = Sort.BEST,
    boost: Annotated[
        list[Boost] | None,
        typer.Option(
            help="Prefer such videos among those that fit well. May be repeated.",
            rich_help_panel=ORDER,
        ),
    ] = None,
    fold: Annotated[
        bool,
        typer.Option(
            help="Show only the best of several videos that show the same.", rich_help_panel=ORDER
        ),
    ] = True,
    using: Annotated[
        Scope,
        typer.Option(help="Search the pictures, the words, or both.", rich_help_panel=INDEXES),
    ] = Scope.ALL,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="Search only the index of this encoder.",
            rich_help_panel=INDEXES,
            autocompletion=complete_encoders,
        ),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="Print a table for people, or a format for other programs: JSON, CSV, links, a "
            "playlist for players (m3u) or of YouTube (playlist), a list for editing programs "
            "(edl, otio).",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="The same as --format json.", rich_help_panel=OUTPUT),
    ] = False,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Cut the moments out of the files on this disk, and save them in this folder.",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    pictured: Annotated[
        bool,
        typer.Option(
            "--pictures",
            help="Show the frame that was found, in terminals that can show pictures.",
            rich_help_panel=OUTPUT,
        ),
    ] = False,
    opened: Annotated[
        int | None,
        typer.Option(
            "--open",
            min=1,
            metavar="RANK",
            help="Play the video of this rank at its moment: in mpv, VLC or the browser.",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
) -> None:
    """Find videos, and the moments in them, by words, by a picture, or like another video."""
    if as_json and form not in (None, Format.JSON):
        raise InputError(f"--json and --format {form} exclude each other; leave one out")
    form = Format.JSON if as_json else form or Format.TABLE
    if pictured and form is not Format.TABLE:
        raise InputError(f"--pictures goes with the table, not with {form}; leave one out")
    show_picture = pictures.picture_printer() if pictured else None
    settings = settings_of(context)
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
        with closing(connect(settings, "tubeseek search")) as library:
            answer = library.search(request)
    except ValidationError as error:
        problems = (problem["msg"].removeprefix("Value error, ") for problem in error.errors())
        raise QueryError("; ".join(problems)) from error
    except QueryError as error:
        if error.column is not None and text.strip():
            error.add_note(render.excerpt(text, error.column))
        raise
    if form is Format.TABLE:
        printer = pictures.hit_printer(show_picture, answer, settings) if show_picture else None
        show_hits(answer, quiet=context.obj.quiet, show_picture=printer)
    else:
        files = _files(answer, settings) if form in formats.FORMATS_OF_FILES else {}
        formats.write(answer, form, files)
        if form is not Format.JSON and not context.obj.quiet:  # JSON has them
            for notice in answer.notices:
                render.note(notice)
    complete = save is None or save_moments(answer, _files(answer, settings), save)
    if opened is not None:
        _open(player.choose_hit(answer.hits, opened), settings)
    if not (answer.encoder and complete):  # no encoder: there is no index
        raise typer.Exit(1)


def _files(answer: SearchAnswer, settings: Settings) -> dict[str, Path]:
    """Return the local files of the found videos, by their ids."""
    on_disk = videos_on_disk(settings, (hit.video_id for hit in answer.hits))
    return {name: Path(video.file) for name, (video, _) in on_disk.items() if video.file}


def _open(hit: SearchHit, settings: Settings) -> None:
    on_disk = videos_on_disk(settings, [hit.video_id])
    file = on_disk[hit.video_id][0].file if hit.video_id in on_disk else ""
    moment = formats.best_moment(hit)
    seconds = 0.0 if moment is None else moment.seek
    opened = player.open_moment(hit.best_url, Path(file) if file else None, seconds)
    render.note(f"opened {opened}")
