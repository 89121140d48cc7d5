"""Answers yt-dlp's requests from recorded and made pages, in place of its network.

The made pages have the form of the recorded ones, which are in `youtube_real` of the test data,
with nothing in them that yt-dlp does not read.
"""

import gzip
import io
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from yt_dlp import YoutubeDL
from yt_dlp.networking import Request, Response
from yt_dlp.networking.exceptions import HTTPError

from tests.conftest import ROOT

SITE = "https://www.youtube.com"
API = f"{SITE}/youtubei/v1/"
CHANNEL = "UCshapesxxxxxxxxxxxxxxxx"
PLAYLIST = "PLshapesxxxxxxxxxxxxxxxx"
Answer = Any  # text or bytes; a dict is sent as JSON, a number is a status of HTTP
Route = Callable[[str, dict[str, Any]], Answer]  # the address, and the JSON that was sent


def real(name: str) -> Path:
    """Return a file of the recorded material, or skip the test where there is none."""
    root = Path(os.environ.get("TUBESEEK_TEST_DATA") or ROOT.parent / "shared" / "data")
    path = root / "youtube_real" / name
    if not path.exists():
        pytest.skip(f"needs {name} of youtube_real in ../shared/data or TUBESEEK_TEST_DATA")
    return path


def real_text(name: str) -> str:
    """Return a recorded page as text."""
    return gzip.decompress(real(f"pages/{name}").read_bytes()).decode()


class Replay:
    """Stands in for YouTube in this process.

    Attributes:
        route: Answers a request; what it has no answer for (None) does not exist (404).
        requests: The addresses that were asked for, each with the JSON that was sent.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, route: Route) -> None:
        self.route = route
        self.requests: list[tuple[str, dict[str, Any]]] = []
        replay = self

        def urlopen(session: YoutubeDL, request: Request | str) -> Response:
            url = request if isinstance(request, str) else request.url
            sent = None if isinstance(request, str) else request.data
            body = json.loads(sent) if sent else {}
            body.pop("context", None)
            replay.requests.append((url, body))
            return _response(url, replay.route(url, body))

        monkeypatch.setattr(YoutubeDL, "urlopen", urlopen)

    def count(self, words: str) -> int:
        """How many requests had these words in their address."""
        return sum(words in url for url, _ in self.requests)


def _response(url: str, answer: Answer) -> Response:
    if answer is None:
        answer = 404
    if isinstance(answer, int):
        raise HTTPError(Response(io.BytesIO(b""), url, {}, answer, "refused"))
    if isinstance(answer, dict):
        answer = json.dumps(answer)
    data = answer.encode() if isinstance(answer, str) else answer
    return Response(io.BytesIO(data), url, {"Content-Type": "text/html; charset=utf-8"})


def page(data: dict[str, Any], name: str = "ytInitialData") -> str:
    """Return the web page that carries this data."""
    return f"<html><script>var {name} = {json.dumps(data)};</script></html>"


def video_id(number: int) -> str:
    return f"shape{number:05d}A"


def playlist_video(number: int) -> dict[str, Any]:
    return {
        "playlistVideoRenderer": {
            "videoId": video_id(number),
            "title": {"runs": [{"text": f"Video {number}"}]},
            "lengthSeconds": "60",
        }
    }


def result_video(number: int) -> dict[str, Any]:
    """A video in the results of a search."""
    return {
        "videoRenderer": {
            "videoId": video_id(number),
            "title": {"runs": [{"text": f"Result {number}"}]},
            "lengthText": {"simpleText": "1:00"},
        }
    }


def result_channel(number: int) -> dict[str, Any]:
    return {
        "channelRenderer": {
            "channelId": f"UC{number:022d}",
            "title": {"simpleText": f"Channel {number}"},
        }
    }


def result_playlist(number: int) -> dict[str, Any]:
    return {
        "lockupViewModel": {
            "contentId": f"PLresult{number:016d}",
            "contentType": "LOCKUP_CONTENT_TYPE_PLAYLIST",
            "metadata": {"lockupMetadataViewModel": {"title": {"content": f"Playlist {number}"}}},
        }
    }


def tab_video(number: int) -> dict[str, Any]:
    """A video in the grid of a channel's tab."""
    lockup = {
        "contentId": video_id(number),
        "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
        "metadata": {"lockupMetadataViewModel": {"title": {"content": f"Video {number}"}}},
    }
    return {"richItemRenderer": {"content": {"lockupViewModel": lockup}}}


def further(token: str | None) -> list[dict[str, Any]]:
    """What ends a page that another one follows."""
    if token is None:
        return []
    endpoint = {"continuationCommand": {"token": token}}
    return [{"continuationItemRenderer": {"continuationEndpoint": endpoint}}]


def continuation(items: Sequence[dict[str, Any]], token: str | None = None) -> dict[str, Any]:
    """A further page of a playlist or a tab."""
    action = {"continuationItems": [*items, *further(token)]}
    return {"onResponseReceivedActions": [{"appendContinuationItemsAction": action}]}


def playlist_page(
    items: Sequence[dict[str, Any]], total: int | None, token: str | None = None
) -> dict[str, Any]:
    """The first page of a playlist that says it has `total` videos."""
    videos = {"playlistVideoListRenderer": {"contents": [*items, *further(token)]}}
    section = {"contents": [{"itemSectionRenderer": {"contents": [videos]}}]}
    count = [] if total is None else [{"runs": [{"text": str(total)}, {"text": " videos"}]}]
    return {
        "contents": _tabs({"sectionListRenderer": section}),
        "metadata": {"playlistMetadataRenderer": {"title": "Shapes"}},
        "sidebar": {
            "playlistSidebarRenderer": {
                "items": [{"playlistSidebarPrimaryInfoRenderer": {"stats": count}}]
            }
        },
    }


def channel_page(
    items: Sequence[dict[str, Any]], token: str | None = None, tab: str = "videos"
) -> dict[str, Any]:
    """The first page of a channel's tab."""
    grid = {"richGridRenderer": {"contents": [*items, *further(token)]}}
    return {
        "contents": _tabs(grid, f"/channel/{CHANNEL}/{tab}", tab.capitalize()),
        "metadata": {"channelMetadataRenderer": {"title": "Shapes", "externalId": CHANNEL}},
    }


def search_page(items: Sequence[dict[str, Any]], token: str | None = None) -> dict[str, Any]:
    """The first answer to a search."""
    contents = [{"itemSectionRenderer": {"contents": list(items)}}, *further(token)]
    sections = {"sectionListRenderer": {"contents": contents}}
    return {"contents": {"twoColumnSearchResultsRenderer": {"primaryContents": sections}}}


def watch_page(number: int, captions: Sequence[dict[str, Any]] = (), title: str = "") -> str:
    """The page of a video that can be watched."""
    beside = {"contents": {"twoColumnWatchNextResults": {"results": {"results": {}}}}}
    return page(player(number, captions, title), "ytInitialPlayerResponse") + page(beside)


def player(number: int, captions: Sequence[dict[str, Any]] = (), title: str = "") -> dict[str, Any]:
    """What YouTube's player is told of a video."""
    video = video_id(number)
    boards = (
        f"https://i.ytimg.com/sb/{video}/storyboard3_L$L/$N.jpg"
        "|160#90#4#2#2#5000#M$M#rs$AOn4CLBsignature"
    )
    return {
        "playabilityStatus": {"status": "OK"},
        "videoDetails": {
            "videoId": video,
            "title": title or f"Video {number}",
            "lengthSeconds": "20",
        },
        "streamingData": {"formats": []},
        "storyboards": {"playerStoryboardSpecRenderer": {"spec": boards}},
        "captions": {"playerCaptionsTracklistRenderer": {"captionTracks": list(captions)}},
    }


def picture(size: tuple[int, int] = (320, 180)) -> bytes:
    """A JPEG with something to see in each of its four tiles."""
    drawn = Image.new("RGB", size, "white")
    width, height = size[0] // 2, size[1] // 2
    for number, colour in enumerate(("red", "green", "blue", "black")):
        corner = (number % 2 * width, number // 2 * height)
        drawn.paste(colour, (*corner, corner[0] + width // 2, corner[1] + height))
    file = io.BytesIO()
    drawn.save(file, "JPEG")
    return file.getvalue()


def video_route(url: str, body: dict[str, Any]) -> Answer:
    """Answer what yt-dlp asks of any made video: its page, its player and its pictures."""
    if "i.ytimg.com" in url:
        return picture()
    if url.startswith(f"{SITE}/watch?v=shape"):
        return watch_page(int(url.split("shape")[1][:5]))
    if "/player" in url and "videoId" in body:
        return player(int(body["videoId"].removeprefix("shape")[:5]))
    return None


def _tabs(content: dict[str, Any], url: str = "", title: str = "") -> dict[str, Any]:
    endpoint = {"commandMetadata": {"webCommandMetadata": {"url": url}}}
    tab = {"selected": True, "title": title, "content": content, "endpoint": endpoint}
    return {"twoColumnBrowseResultsRenderer": {"tabs": [{"tabRenderer": tab}]}}
