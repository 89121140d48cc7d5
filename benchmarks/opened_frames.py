"""Shows whether a real player, opened at the link of a moment, shows the still that was found.

    python benchmarks/opened_frames.py DEMO/library --judgements DEMO/videos/judgements.jsonl

Chromium plays the file at the link of the first moment of each query, and what its <video> shows is
compared with the stills of that video: the mean difference of pixels, from 0 to 255, after both
were shrunk to 64x36. The found still must be the nearest of all. Of a moment that words found, in
a shot without a still, it is the frame at which they begin. Three other ways to open are measured
beside it: at the exact time, at that time rounded down to a tenth and to a whole second, as links
did before.
"""

import argparse
import io
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tubeseek.core.schemas import Moment, SearchRequest
from tubeseek.core.settings import Settings
from tubeseek.core.types import Media
from tubeseek.evaluation import read_judgements
from tubeseek.evaluation.moments import ranked_moments
from tubeseek.library.library import Library
from tubeseek.library.open import open_library
from tubeseek.media.frames import frames_at

SIZE = (64, 36)  # pixels
MOST_DIFFERENCE = 12.0  # of 255; JPEG and scaling cost 2, the next shot of the demo differs by 30
PAGE_HTML = '<body style="margin:0"><video width="640" height="360" muted preload="auto">'
# A seek to the time of an address may begin only after the first frame was shown.
OPEN = """async address => {
    const video = document.querySelector('video');
    const time = Number(address.split('#t=')[1] || 0);
    const frame = () => new Promise(requestAnimationFrame);
    let presented = false;
    video.requestVideoFrameCallback(() => { presented = true; });
    video.src = address;
    while (video.readyState < 2 || video.seeking || Math.abs(video.currentTime - time) > 0.001) {
        await frame();
    }
    for (let wait = 0; wait < 60 && !presented; wait++) await frame();
    await frame();
    await frame();
}"""
WAYS: dict[str, Callable[[float], str]] = {
    "exact time": lambda at: f"#t={at!r}",
    "tenths, rounded down": lambda at: f"#t={int(at * 10) / 10}",
    "whole seconds, rounded down": lambda at: f"#t={int(at)}",
}


class OpenedFrame(NamedTuple):
    """What a player shows.

    Attributes:
        difference: From the found still, 0 to 255.
        nearest: The second of the still that it is nearest to.
    """

    difference: float
    nearest: float


def open_at(page: Any, address: str) -> NDArray[np.float32]:
    """Return what Chromium's player shows at an address with a time: (height, width, 3)."""
    page.evaluate(OPEN, address)
    return _small(Image.open(io.BytesIO(page.locator("video").screenshot())))


def compare(
    picture: NDArray[np.float32], frames: Mapping[float, NDArray[np.float32]], expected: float
) -> OpenedFrame:
    """Compare what a player shows with frames of its video.

    Args:
        picture: As `open_at` returns it.
        frames: By their seconds, as `frames_of` returns them.
        expected: The second of the one that should be shown.
    """
    differences = {at: float(np.abs(picture - frame).mean()) for at, frame in frames.items()}
    return OpenedFrame(differences[expected], min(differences, key=differences.__getitem__))


def frames_of(media: Media, moment: Moment) -> tuple[dict[float, NDArray[np.float32]], float]:
    """Return the stills of a video by their seconds, and the second of what a moment found."""
    frames = {still.seconds: _small(Image.open(still.path)) for still in media.stills}
    if moment.kind == "still":
        return frames, max(at for at in frames if at <= moment.seek)
    _, frame = next(frames_at(Path(media.video.file), [moment.start]))
    return frames | {moment.start: _small(Image.fromarray(frame))}, moment.start


def write_page(folder: Path) -> str:
    """Write an empty player, and return its address: only a page of a file may play a file."""
    page = folder / "player.html"
    page.write_text(PAGE_HTML)
    return page.as_uri()


def _small(image: Image.Image) -> NDArray[np.float32]:
    return np.asarray(image.convert("RGB").resize(SIZE, Image.Resampling.BOX), np.float32)


def _measure(library: Library, queries: Iterable[str], page: Any) -> dict[str, list[bool]]:
    right: dict[str, list[bool]] = {}
    for query in queries:
        video_id, moment = ranked_moments(library.search(SearchRequest(text=query)))[0]
        media = library.media(video_id)
        assert media is not None
        frames, expected = frames_of(media, moment)
        address = moment.url.partition("#")[0]
        links = {"link": moment.url} | {way: address + at(expected) for way, at in WAYS.items()}
        for way, link in links.items():
            frame = compare(open_at(page, link), frames, expected)
            same = frame.nearest == expected and frame.difference < MOST_DIFFERENCE
            right.setdefault(way, []).append(same)
            if way == "link" and not same:
                print(f"{query!r}: {link} shows {frame}, not {expected}")
    return right


def main() -> None:
    """Print how many of the links show the found still."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("library", type=Path)
    parser.add_argument("--judgements", type=Path, required=True)
    options = parser.parse_args()
    library, _ = open_library(Settings(library=options.library), "benchmark")
    program = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    queries = [judgement.query for judgement in read_judgements(options.judgements)]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(write_page(options.library))
        for way, right in _measure(library, queries, page).items():
            print(f"{way:<28} {sum(right)} of {len(right)}")
        browser.close()
    library.close()


if __name__ == "__main__":
    main()
