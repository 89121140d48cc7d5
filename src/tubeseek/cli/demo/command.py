"""Makes, indexes and searches a small library of real pictures: `tubeseek demo`."""

import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from tubeseek.cli import render
from tubeseek.cli.options import settings_of
from tubeseek.cli.results import show_hits
from tubeseek.cli.serve import app as open_app
from tubeseek.core.encoder_names import STARTER
from tubeseek.core.schemas import AddRequest, IndexRequest, Operations, SearchRequest
from tubeseek.library.open import connect

SHOWN_HITS = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A query and the stamp that it describes."""

    query: str
    stamp: str  # its name in the collection; the plan says which video shows it


# Picked from some eighty that were tried because the search puts the right video first
# for each: they show what it can do, not how often it succeeds.
EXAMPLES = (
    Example("an animal with black and white stripes", "animals/mammals/equines/zebra"),
    Example("하늘을 나는 비행기", "vehicles/flight/planes/747"),
    Example("an instrument played with a bow", "hobbies/music/string/violin"),
    Example("빨간 과일", "food/fruit/Strawberry2"),
    Example("a truck that puts out fires", "vehicles/emergency/firetruck"),
    Example("줄무늬 호랑이", "animals/mammals/cats/tiger"),
)


def demo(
    context: typer.Context,
    app: Annotated[bool, typer.Option(help="Open the app at the end.")] = True,
    folder: Annotated[
        Path | None,
        typer.Option(help="Make the demo in this folder. The default is in your cache folder."),
    ] = None,
    stamps: Annotated[
        Path | None,
        typer.Option(help="Take the stamps from this .deb or unpacked folder instead of from apt."),
    ] = None,
) -> None:
    """Make forty short videos from the Tux Paint stamps, index them, and search them."""
    from tubeseek.cli.demo.material import make_demo

    place = folder or Path(platformdirs.user_cache_dir("tubeseek")) / "demo"
    context.obj = context.obj.with_library(place / "library")
    quiet = context.obj.quiet
    render.note(f"The demo lives in {place}")
    made = make_demo(place / "videos", place / "stamps", stamps=stamps)
    counts, _ = render.run(made, quiet=quiet)
    render.say(f"videos: {render.summary(counts)}")
    library = connect(settings_of(context), "tubeseek demo")
    try:
        requests = (AddRequest(locators=(str(place / "videos"),)), IndexRequest(encoder=STARTER))
        for request in requests:
            counts, failed = render.run(library.run(request), quiet=quiet)
            render.say(f"{request.verb}: {render.summary(counts)}")
            if failed:
                raise typer.Exit(1)
        for example in EXAMPLES:
            _show(library, example.query, place / "library")
    finally:
        library.close()
    render.say(
        "\nSearch a channel of your own:\n"
        f"  {_program()} add https://www.youtube.com/@channel --limit 50\n"
        f"  {_program()} index --encoder siglip2\n"
        f"  {_program()} search 'what you remember seeing'\n"
        "siglip2 reads Korean and 100 more languages, clip English, starter 16 languages."
    )
    if app:
        open_app(context, browser=sys.stdout.isatty())


def _show(library: Operations, query: str, folder: Path) -> None:
    """Print a command that works where it is pasted, and what it answers."""
    render.say(f"\n{_program()} --library {shlex.quote(str(folder))} search {shlex.quote(query)}")
    show_hits(library.search(SearchRequest(text=query, limit=SHOWN_HITS)))


def _program() -> str:
    """Return how this command is called from where the user is."""
    called = Path(sys.argv[0])
    on_path = shutil.which("tubeseek")
    if on_path and Path(on_path).resolve() == called.resolve():
        return "tubeseek"
    if called.name != "tubeseek":  # python -m tubeseek
        return f"{shlex.quote(sys.executable)} -m tubeseek"
    return shlex.quote(str(called))
