"""Pictures and video files come from the paths in the catalogue only."""

from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.helpers.api_server import same_user, serving
from tests.helpers.painted_library import VIDEOS, open_painted, paint_dataset
from tests.helpers.palette_encoder import PALETTE
from tests.helpers.raw_http import ask, refused
from tubeseek.api.app import create_api
from tubeseek.catalog import Catalog, SourceRow
from tubeseek.catalog.catalog import content_of
from tubeseek.core.schemas import AddRequest, IndexRequest
from tubeseek.core.types import Media, Still, Video
from tubeseek.library.identity import read_secret

TOKEN = "öffne dich"  # noqa: S105


def test_thumbnails_are_the_files_of_the_catalogue(library, remote):
    for video_id in VIDEOS:
        path = library.media(video_id).thumbnail
        assert remote.thumbnail(video_id) == path.read_bytes()
    assert remote.thumbnail("nobody") is None
    assert remote.thumbnail_url("a/b").endswith("/v1/videos/a%2Fb/thumbnail")


def test_a_browser_keeps_its_copy_while_it_is_good(remote):
    status, headers, body = ask(remote.url, "GET", "/v1/videos/v-red/thumbnail")
    assert (status, headers["Content-Type"]) == (200, "image/png")
    assert Image.open(BytesIO(body)).getpixel((0, 0)) == PALETTE["red"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    again = ask(remote.url, "GET", "/v1/videos/v-red/thumbnail", If_None_Match=headers["ETag"])
    assert (again[0], again[2]) == (304, b"")
    other = ask(remote.url, "GET", "/v1/videos/v-red/thumbnail", If_None_Match='"older"')
    assert other[0] == 200


@pytest.mark.parametrize(
    "name",
    [
        "../catalog.sqlite",
        "..%2fcatalog.sqlite",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%252f..%252fcatalog.sqlite",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "..%5c..%5ccatalog.sqlite",
        "v-red/../../catalog.sqlite",
        "v-red%00",
        "",
        ".",
    ],
)
@pytest.mark.parametrize("ending", ["thumbnail", "file", "captions", "still?seconds=0"])
def test_no_path_leads_out_of_the_catalogue(remote, library, name, ending):
    secret = read_secret(library.folder)
    answer = ask(remote.url, "GET", f"/v1/videos/{name}/{ending}", Tubeseek_Secret=secret)
    status, error, _ = refused(answer)
    assert (status, error) == (404, "QueryError")


def test_a_thumbnail_that_is_no_picture_is_not_served(fresh, tmp_path):
    library, remote = fresh
    dataset = paint_dataset(tmp_path / "set", {"v": "red"})
    for request in (AddRequest(locators=(str(dataset),)), IndexRequest()):
        list(remote.run(request))
    picture = library.media("v").thumbnail
    assert remote.thumbnail("v") == picture.read_bytes()
    picture.write_text("root:x:0:0")
    assert remote.thumbnail("v") is None
    picture.unlink()
    assert remote.thumbnail("v") is None


def test_a_video_file_is_played_here_and_nowhere_else(tmp_path):
    folder = paint_dataset(tmp_path / "set", {})
    video = folder / "clip.webm"
    video.write_bytes(bytes(range(256)) * 10)
    Image.new("RGB", (8, 8)).save(folder / "clip.png")
    library = open_painted(tmp_path / "library")
    _take_in(library, "clip", video)
    _take_in(library, "notes", folder / "metadata.csv")
    with serving(create_api(library, loopback=True)) as url:
        parts = urlsplit(same_user(url, library).file_url("clip"))
        place = f"{parts.path}?{parts.query}"
        notes = urlsplit(same_user(url, library).file_url("notes")).query
        assert refused(ask(url, "GET", parts.path))[0] == 403  # as through nginx's default proxy
        assert refused(ask(url, "GET", f"{parts.path}?{notes}"))[0] == 403
        status, headers, body = ask(url, "GET", place, Range="bytes=256-259")
        assert (status, body) == (206, bytes([0, 1, 2, 3]))
        assert headers["Content-Type"] == "video/webm"
        assert ask(url, "GET", place)[2] == video.read_bytes()
        assert refused(ask(url, "GET", f"/v1/videos/notes/file?{notes}"))[0] == 404
        assert refused(ask(url, "GET", place, X_Forwarded_For="8.8.8.8"))[0] == 403
    with serving(create_api(library, loopback=False, token=TOKEN)) as url:
        assert refused(ask(url, "GET", place, Authorization=f"Bearer {TOKEN}"))[0] == 403
    library.close()


def test_a_still_is_the_picture_of_the_catalogue_that_stands_for_the_second(fresh, tmp_path):
    library, remote = fresh
    _take_in(library, "a/clip", tmp_path / "clip.mp4")
    colours = {0.0: "red", 4.0: "green", 8.5: "blue"}
    stills = _record_stills(library, "a/clip", tmp_path, colours)
    shown = {
        0: "red",
        3: "red",
        3.9: "green",
        4.01: "green",
        7.5: "green",
        8.51: "blue",
        1e9: "blue",
    }
    for seconds, colour in shown.items():
        picture = remote.still("a/clip", seconds)
        assert Image.open(BytesIO(picture)).getpixel((0, 0)) == PALETTE[colour], seconds
    place = "/v1/videos/a%2Fclip/still?seconds=4.1"
    status, headers, body = ask(remote.url, "GET", place)
    assert (status, headers["Content-Type"], body) == (200, "image/png", stills[1].read_bytes())
    assert ask(remote.url, "GET", place, If_None_Match=headers["ETag"])[0] == 304
    stills[1].unlink()
    assert remote.still("a/clip", 4.1) is None


def test_a_missing_still_is_404(remote):
    assert remote.still("v-red", 3) is None
    assert remote.still("nobody", 3) is None
    status, _, message = refused(ask(remote.url, "GET", "/v1/videos/v-red/still?seconds=3"))
    assert (status, "v-red" in message) == (404, True)


@pytest.mark.parametrize("query", ["", "?seconds=-1", "?seconds=nan", "?seconds=inf", "?seconds=x"])
def test_a_still_needs_a_second(remote, query):
    assert refused(ask(remote.url, "GET", f"/v1/videos/v-red/still{query}"))[0] == 422


def _record_stills(library, video_id: str, folder: Path, colours: dict[float, str]) -> list[Path]:
    paths = []
    for number, colour in enumerate(colours.values()):
        paths.append(folder / f"still-{number}.png")
        Image.new("RGB", (32, 18), PALETTE[colour]).save(paths[-1])
    stills = tuple(Still(path, at) for path, at in zip(paths, colours, strict=True))
    catalog = Catalog(library.folder / "catalog.sqlite")
    video = catalog.videos([video_id])[video_id]
    catalog.record_media(Media(video, paths[0], stills), content_of(video))
    catalog.close()
    return paths


def _take_in(library, video_id: str, file: Path) -> None:
    catalog = Catalog(library.folder / "catalog.sqlite")
    listing = catalog.add_source(SourceRow("videos", "folder", None))
    catalog.record_listed(
        Video(video_id, file.as_uri(), "A video", file=str(file)), "videos", listing
    )
    catalog.close()
