"""The query language from the command line to the starter encoder, and the same over HTTP."""

import base64
import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.helpers.api_server import serving
from tests.helpers.command import Command
from tubeseek.api.app import create_api
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import Boost, Scope, SearchAnswer, SearchRequest, Where
from tubeseek.core.settings import load_settings
from tubeseek.library.library import Library
from tubeseek.library.open import open_library
from tubeseek.library.remote import RemoteLibrary

pytestmark = pytest.mark.slow  # about forty photos are encoded

MAX_PHOTOS = {"dog": 24, "snow": 12, "dog and snow": 12, "": 0}  # by what they show; few show both


@pytest.fixture(scope="module")
def photos(shared_data: Path) -> dict[str, dict[str, str]]:
    """Photos by id, each with its file, its title, and whether it shows a dog, snow or both."""
    folder = shared_data / "photos_captions"
    kinds: dict[str, dict[str, dict[str, str]]] = {}
    with (folder / "metadata.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            captions = " ".join(row[f"caption_{n}"] for n in range(1, 6)).lower()
            kind = " and ".join(w for w in ("dog", "snow") if re.search(rf"\b{w}s?\b", captions))
            facts = {"file": str(folder / row["file"]), "title": row["caption_1"], "kind": kind}
            if len(kinds.setdefault(kind, {})) < MAX_PHOTOS[kind]:
                kinds[kind][row["id"]] = facts
    return {key: facts for photos in kinds.values() for key, facts in photos.items()}


@pytest.fixture(scope="module")
def tubeseek(
    photos: dict[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Command:
    folder = tmp_path_factory.mktemp("photos")
    (folder / "set" / "images").mkdir(parents=True)
    with (folder / "set" / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["Id", "Title", "File"])
        for key, facts in photos.items():
            shutil.copy(facts["file"], folder / "set" / "images" / f"{key}.jpg")
            table.writerow([key, facts["title"], f"images/{key}.jpg"])
    command = Command(folder / "library")
    command.ok("add", str(folder / "set"))
    command.ok("index", "--encoder", "starter")
    return command


def test_an_offset_pages_through_the_list(tubeseek: Command) -> None:
    whole = tubeseek.json("search", "a dog", "-n", "9")["hits"]
    pages = [
        hit
        for offset in (0, 3, 6)
        for hit in tubeseek.json("search", "a dog", "-n", "3", "--offset", str(offset))["hits"]
    ]
    facts = ("rank", "video_id", "score", "relevance")
    assert [[hit[fact] for fact in facts] for hit in pages] == [
        [hit[fact] for fact in facts] for hit in whole
    ]
    after = tubeseek.json("search", "a dog", "--offset", "10000")
    assert (after["hits"], len(after["notices"])) == ([], 1)


@pytest.fixture(scope="module")
def library(tubeseek: Command) -> Iterator[Library]:
    library, ownership = open_library(load_settings({"library": tubeseek.library}), "test")
    yield library
    library.close()
    assert ownership is not None
    ownership.release()


@pytest.fixture(scope="module")
def remote(library: Library) -> Iterator[RemoteLibrary]:
    with serving(create_api(library, loopback=True)) as url:
        yield RemoteLibrary(url)


def test_the_command_line_points_at_the_error_in_a_query(tubeseek: Command) -> None:
    for text, column in (('a "dog', 3), ("dog + no-such.jpg", 7)):
        done = tubeseek.run("search", text)
        assert done.returncode == 2
        message, shown, caret = done.stderr.rstrip().splitlines()
        assert f"column {column}" in message
        assert shown == f"  {text}"
        assert caret == " " * (1 + column) + "^"


def test_command_library_and_server_agree(
    tubeseek: Command, photos: dict[str, dict[str, str]], request: pytest.FixtureRequest
) -> None:
    picture = next(facts["file"] for facts in photos.values() if facts["kind"] == "dog")
    sent = {picture: base64.b64encode(Path(picture).read_bytes())}
    requests = {
        ("2:snow", "+", picture, "-", "a man"): SearchRequest(
            text=f"2:snow + {picture} - a man", images=sent
        ),
        ('"dog" -snow', "--boost", "recent", "--using", "words"): SearchRequest(
            text='"dog" -snow', boost=(Boost.RECENT,), using=Scope.WORDS
        ),
        ("dog", "--moment-after", "0:01"): SearchRequest(text="dog", where=Where(moment_after=1)),
    }
    answers = [tubeseek.json("search", *arguments) for arguments in requests]
    # opened only now, because a library has one owner at a time
    library: Library = request.getfixturevalue("library")
    remote: RemoteLibrary = request.getfixturevalue("remote")
    for answer, message in zip(answers, requests.values(), strict=True):
        here = library.search(message)
        assert SearchAnswer.model_validate(answer) == here == remote.search(message)
    assert len(answers[0]["hits"]) == 10
    assert answers[1]["hits"]
    assert not [h for h in answers[1]["hits"] if re.search(r"\bsnow\b", h["title"], re.IGNORECASE)]
    assert answers[2]["hits"] == []  # a thumbnail is no moment


def test_a_server_reads_no_file(
    library: Library, remote: RemoteLibrary, photos: dict[str, dict[str, str]]
) -> None:
    path = next(iter(photos.values()))["file"]
    for end in (library, remote):
        with pytest.raises(QueryError) as caught:
            end.search(SearchRequest(text=f"dog - {path}"))
        assert caught.value.column == 7


def test_addition_finds_what_shows_both_and_subtraction_what_shows_one(
    library: Library, photos: dict[str, dict[str, str]]
) -> None:
    def typical_rank(text: str, kind: str) -> float:
        """Return the median rank of the photos of a kind."""
        request = SearchRequest(text=text, limit=100, using=Scope.PICTURES)
        order = [hit.video_id for hit in library.search(request).hits]
        shown = [key for key, facts in photos.items() if facts["kind"] == kind]
        return median(order.index(key) if key in order else len(photos) for key in shown)

    both, alone = "dog and snow", min(typical_rank(w, "dog and snow") for w in ("dog", "snow"))
    assert typical_rank("dog + snow", both) < alone
    assert typical_rank("dog - snow", both) > typical_rank("dog", both)
    assert typical_rank("dog -snow", both) > typical_rank("dog", both)
    assert typical_rank("dog - snow", "dog") < typical_rank("dog - snow", both)
