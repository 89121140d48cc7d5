"""Lists the commands, and imports a command when it is called.

What a command imports takes longer than most commands run. `tubeseek --help` needs the names and
one line of help each, so they stand here; a test compares the lines with those of the commands.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

SEARCHING, LIBRARY, QUALITY = "Search", "The library", "Quality and training"


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """What is known of a command without importing it.

    Attributes:
        name: What users call it by.
        function: Its module and function.
        panel: The heading under which the help lists it.
        summary: The first line of its help.
        examples: Lines that show how it is used.
    """

    name: str
    function: str
    panel: str
    summary: str
    examples: tuple[str, ...]


COMMANDS = (  # in the order of the help
    CommandEntry(
        "search",
        "tubeseek.cli.search:search",
        SEARCHING,
        "Find videos, and the moments in them, by words, by a picture, or like another video.",
        (
            "tubeseek search a red sports car",
            "tubeseek search 고양이가 피아노를 친다 --channel Cats -n 5",
            "tubeseek search --image photo.jpg --format csv",
            "tubeseek search a goal --open 1",
            "tubeseek search a goal --min-fit weak --save goals",
        ),
    ),
    CommandEntry(
        "clip",
        "tubeseek.cli.clip:clip",
        SEARCHING,
        "Cut a stretch out of a video whose file is on this disk.",
        (
            "tubeseek clip file-holiday 1:23.5 1:35",
            "tubeseek clip file-holiday 0 12 -o beach.mkv",
        ),
    ),
    CommandEntry(
        "app",
        "tubeseek.cli.serve:app",
        SEARCHING,
        "Open the app in the browser.",
        (
            "tubeseek app",
            "tubeseek app --port 8501 --no-browser",
        ),
    ),
    CommandEntry(
        "demo",
        "tubeseek.cli.demo.command:demo",
        SEARCHING,
        "Make forty short videos from the Tux Paint stamps, index them, and search them.",
        (
            "tubeseek demo",
            "tubeseek demo --no-app",
        ),
    ),
    CommandEntry(
        "add",
        "tubeseek.cli.library:add",
        LIBRARY,
        "Add channels, playlists, videos, folders, datasets or lists to the library.",
        (
            "tubeseek add https://www.youtube.com/@channel --limit 50",
            "tubeseek add 'ytsearch20:고양이 피아노'",
            "tubeseek add ~/Videos",
        ),
    ),
    CommandEntry(
        "index",
        "tubeseek.cli.library:index",
        LIBRARY,
        "Fetch and embed all pending videos, so that searches find them.",
        (
            "tubeseek index --encoder siglip2",
            "tubeseek index --encoder starter",
            "tubeseek index --off xclip",
        ),
    ),
    CommandEntry(
        "sync",
        "tubeseek.cli.library:sync",
        LIBRARY,
        "Update the library from everything that was added to it.",
        (
            "tubeseek sync",
            "tubeseek sync --every 6h",
            "tubeseek sync --accept-gone",
        ),
    ),
    CommandEntry(
        "watch",
        "tubeseek.cli.upkeep:watch",
        LIBRARY,
        "Save a search, and write what is new in it to an Atom feed.",
        (
            "tubeseek watch a red sports car --feed cars.xml",
            "tubeseek watch",
        ),
    ),
    CommandEntry(
        "refresh",
        "tubeseek.cli.upkeep:refresh",
        LIBRARY,
        "Fetch titles, views and descriptions again that are older than a period.",
        ("tubeseek refresh --older-than 30d",),
    ),
    CommandEntry(
        "purge",
        "tubeseek.cli.upkeep:purge",
        LIBRARY,
        "Remove videos of sites whose facts are older than a period, with all that is stored.",
        ("tubeseek purge --older-than 30d @channel",),
    ),
    CommandEntry(
        "status",
        "tubeseek.cli.library:status",
        LIBRARY,
        "Show what the library holds and what is pending or failed.",
        (
            "tubeseek status",
            "tubeseek status --json",
        ),
    ),
    CommandEntry(
        "list",
        "tubeseek.cli.library:list_videos",
        LIBRARY,
        "List the videos of the library, the latest additions first.",
        (
            "tubeseek list -n 50",
            "tubeseek list --offset 50",
        ),
    ),
    CommandEntry(
        "remove",
        "tubeseek.cli.library:remove",
        LIBRARY,
        "Remove videos from the library, or a source with the videos that only it brought.",
        (
            "tubeseek remove dQw4w9WgXcQ",
            "tubeseek remove @channel --yes",
        ),
    ),
    CommandEntry(
        "doctor",
        "tubeseek.cli.doctor:doctor",
        LIBRARY,
        "Show versions, weights, runtimes, disk space, and whether the library is whole.",
        (
            "tubeseek doctor",
            "tubeseek doctor --repair",
        ),
    ),
    CommandEntry(
        "serve",
        "tubeseek.cli.serve:serve",
        LIBRARY,
        "Serve the library over HTTP until stopped.",
        (
            "tubeseek serve --port 8080",
            "tubeseek serve --host 0.0.0.0 --port 8080",
        ),
    ),
    CommandEntry(
        "eval",
        "tubeseek.cli.evaluate.command:eval_library",
        QUALITY,
        "Measure how well searches find the right videos of this library.",
        (
            "tubeseek eval",
            "tubeseek eval judgements.jsonl --moments",
            "tubeseek eval --compare clip siglip2 --report report",
        ),
    ),
    CommandEntry(
        "prepare",
        "tubeseek.cli.evaluate.prepare:prepare",
        QUALITY,
        "Make a dataset folder and judgements of a published set.",
        ("tubeseek prepare msrvtt MSRVTT_JSFUSION_test.csv --media videos --out msrvtt",),
    ),
    CommandEntry(
        "train",
        "tubeseek.cli.train:train",
        QUALITY,
        "Adapt an encoder to your videos, and measure the gain on channels it did not learn from.",
        ("tubeseek train --encoder siglip2 --out my-adapter",),
    ),
    CommandEntry(
        "export",
        "tubeseek.cli.export:export",
        QUALITY,
        "Write an encoder or an adapter as a folder that transformers and PEFT load, with a card.",
        ("tubeseek export my-adapter --out exported",),
    ),
    CommandEntry(
        "model",
        "tubeseek.cli.export:model",
        QUALITY,
        "Show what an encoder is made of, and draw its graph.",
        (
            "tubeseek model starter",
            "tubeseek model clip --graph clip.svg",
        ),
    ),
)


class CommandGroup(TyperGroup):
    """The group of `COMMANDS`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {  # for the help
            each.name: TyperCommand(each.name, help=each.summary, rich_help_panel=each.panel)
            for each in COMMANDS
        }

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name of the command that was called, the command, and its arguments."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name else None, rest


def load_command(name: str) -> Any:
    """Import a command and return it as the parser knows it."""
    from rich.markup import escape

    (entry,) = (each for each in COMMANDS if each.name == name)
    module, _, function = entry.function.partition(":")
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(
        name,
        rich_help_panel=entry.panel,
        epilog="\n\n".join(("Examples:", *map(escape, entry.examples))),
    )(getattr(import_module(module), function))
    return get_command(alone)
