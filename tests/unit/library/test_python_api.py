"""The Python API: jobs, searches and errors, on a library here and on one in a server."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.api_server import same_user, serving
from tests.helpers.painted_library import VIDEOS, open_painted, paint_dataset, picture_of
from tubeseek import open_library
from tubeseek.api.app import create_api
from tubeseek.core.errors import ConfigError, InputError, QueryError, StoreLockedError
from tubeseek.core.events import Event, EventKind
from tubeseek.library.python_api import VideoLibrary


@pytest.fixture(params=["here", "in a server"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VideoLibrary]:
    painted = open_painted(tmp_path)
    if request.param == "here":
        with VideoLibrary(painted) as library:
            yield library
        return
    with serving(create_api(painted, loopback=True)) as url:
        yield VideoLibrary(same_user(url, painted))
    painted.close()


@pytest.fixture
def indexed(library: VideoLibrary, tmp_path: Path) -> VideoLibrary:
    library.add(paint_dataset(tmp_path / "pictures", VIDEOS))
    library.index("palette")
    return library


def test_jobs_report_their_steps_and_counts(library, tmp_path):
    steps: list[Event] = []
    added = library.add(paint_dataset(tmp_path / "pictures", VIDEOS), on_event=steps.append)
    assert added.counts["new"] == len(VIDEOS)
    assert sum(step.kind is EventKind.ADVANCED for step in steps) == len(VIDEOS)
    indexed = library.index("palette")
    assert indexed.counts["indexed"] == len(VIDEOS)
    assert not added.failures
    assert not indexed.failures
    assert library.sync().counts["same"] == len(VIDEOS)


def test_a_picture_that_cannot_be_read_is_a_failure_and_the_rest_goes_on(library, tmp_path):
    folder = paint_dataset(tmp_path / "pictures", VIDEOS)
    (folder / "images" / "0.png").write_bytes(b"no picture")
    library.add(folder)
    result = library.index("palette")
    assert [failure.video_id for failure in result.failures] == ["v-red"]
    assert result.counts["indexed"] == len(VIDEOS) - 1


def test_hits_are_what_an_answer_goes_through(indexed):
    answer = indexed.search("red", limit=3)
    assert tuple(answer) == answer.hits
    assert answer.hits[0].video_id == "v-red"
    assert answer.hits[0].best_url == indexed.video("v-red").url


def test_a_picture_is_a_file_or_its_content(indexed, tmp_path):
    file = tmp_path / "blue.png"
    file.write_bytes(picture_of("blue"))
    for image in (file, str(file), picture_of("blue")):
        assert indexed.search(image=image, limit=1).hits[0].video_id == "v-blue"
    assert indexed.search(f'image:"{file}"', limit=1).hits[0].video_id == "v-blue"


def test_filters_are_given_by_name(indexed):
    warm = {hit.video_id for hit in indexed.search("blue", channel="Warm")}
    assert warm == {hit.video_id for hit in indexed.search("blue", channel=["Warm"])}
    assert warm == {"v-red", "v-yellow"}
    assert not indexed.search("blue", min_views=10_000).hits


@pytest.mark.parametrize(
    "arguments", [{"colour": "red"}, {"using": "ears"}, {"limit": 0}, {"like": "nobody"}]
)
def test_an_argument_that_is_wrong_is_a_query_error_that_names_it(indexed, arguments):
    ((name, value),) = arguments.items()
    text = {} if name == "like" else {"text": "red"}
    with pytest.raises(QueryError) as caught:
        indexed.search(**text, **arguments)
    assert name in str(caught.value) or value in str(caught.value)


def test_a_job_that_cannot_start_raises(library):
    with pytest.raises(InputError):
        library.add("no such folder")
    with pytest.raises(InputError):
        library.add()


def test_videos_and_status_agree(indexed):
    videos = list(indexed.videos())
    assert {video.id for video in videos} == set(VIDEOS)
    assert indexed.status().videos == len(videos)
    assert indexed.timeline("v-red").video_id == "v-red"


def test_what_is_removed_is_gone(indexed):
    assert indexed.remove("v-red", "nobody").unknown == ("nobody",)
    assert "v-red" not in {video.id for video in indexed.videos()}


def test_a_library_has_one_owner_until_it_is_closed(tmp_path):
    with open_library(tmp_path / "videos"), pytest.raises(StoreLockedError):
        open_library(tmp_path / "videos")
    with open_library(tmp_path / "videos") as again:
        assert again.status().videos == 0


def test_a_setting_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="colour"):
        open_library(tmp_path / "videos", colour="red")


def test_importing_the_package_imports_nothing_heavy():
    program = (
        "import sys, tubeseek; tubeseek.open_library; "
        "print([name for name in ('numpy', 'pydantic', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
