"""Makes two small video files, and knows what they show and say at which time."""

import json
from pathlib import Path

from PIL import Image

from tests.helpers.made_videos import BLUE, GREEN, GREY, RED, make_video
from tubeseek.catalog import Catalog

SHOT_SECONDS = 4
NAME = "Three pictures"
PLAIN_NAME = "plain"
OCEAN = "Ocean <img src=x onerror=alert(2)>"
SPOKEN = "and the <img src=x onerror=alert(1)> **gardens** of the &lt;b&gt; sea"
# By id. Indexing rates thumbnails only where there are more videos than these two.
HONESTY = {"file-colours": 0.2, "file-plain": 0.9}


def make_video_files(folder: Path) -> None:
    """Write a video of three shots with chapters and captions, and one without either."""
    make_video(folder / "colours.mp4", [RED, GREEN, BLUE], seconds_each=SHOT_SECONDS)
    make_video(folder / "plain.mp4", [GREY], seconds_each=SHOT_SECONDS)
    names = ("Apple", "Meadow", OCEAN)
    chapters = [
        {"title": name, "start_time": SHOT_SECONDS * i, "end_time": SHOT_SECONDS * (i + 1)}
        for i, name in enumerate(names)
    ]
    heatmap = [
        {"start_time": SHOT_SECONDS * i, "end_time": SHOT_SECONDS * (i + 1), "value": value}
        for i, value in enumerate((0.2, 1.0, 0.5))
    ]
    info = {"id": "colours", "title": NAME, "chapters": chapters, "heatmap": heatmap}
    (folder / "colours.info.json").write_text(json.dumps(info))
    (folder / "plain.info.json").write_text(json.dumps({"id": "plain", "title": PLAIN_NAME}))
    cue = SPOKEN.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    (folder / "colours.en.vtt").write_text(
        f"WEBVTT\n\n00:00:08.500 --> 00:00:11.500\n{cue}\n", encoding="utf-8"
    )


def rate_thumbnails(library: Path) -> None:
    """Rate their thumbnails, as indexing does where there are many videos."""
    catalog = Catalog(library / "catalog.sqlite")
    catalog.record_honesty(HONESTY)
    catalog.close()


STREAM = "streamed001"  # a video on YouTube
LONG_LINES = 5400  # of captions, in three hours
HOSTILE = "\u202eA <b>film</b> <img src=x onerror=alert(3)>"


def make_odd_files(folder: Path) -> None:
    """Write what a video page has to cope with, each named after it.

    A file that no browser plays, a GIF, three hours with captions, hostile words, and a video that
    is on YouTube.
    """
    make_video(folder / "old.avi", [RED, GREEN], seconds_each=SHOT_SECONDS, codec="mpeg4")
    make_video(folder / "moving.gif", [RED, BLUE], codec="gif")
    make_video(folder / "long.mp4", [RED, GREY], seconds_each=LONG_LINES, fps=1, size=(64, 36))
    cues = []
    for number, at in enumerate(range(0, 2 * LONG_LINES, 2)):
        minute = f"{at // 3600:02}:{at // 60 % 60:02}"
        times = f"{minute}:{at % 60:02}.000 --> {minute}:{at % 60 + 1:02}.900"
        cues.append(f"{times}\n{number}번째 문장 line {number}\n")
    (folder / "long.ko.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    description = (
        "0:02 to 0:03, not 9:99 or 1:00:00.\n"
        "https://example.org/a?b=c, javascript:alert(4) <script>alert(5)</script>"
    )
    make_video(folder / "hostile.mp4", [GREEN, BLUE], seconds_each=SHOT_SECONDS)
    info = {"id": "hostile", "title": HOSTILE, "description": description, "channel": "<i>x</i>"}
    chapters = [{"title": HOSTILE, "start_time": 0, "end_time": SHOT_SECONDS}]
    (folder / "hostile.info.json").write_text(json.dumps(info | {"chapters": chapters}))
    address = f"https://www.youtube.com/watch?v={STREAM}"
    streamed = {"id": STREAM, "title": "Streamed", "webpage_url": address, "duration": 600}
    streamed["extractor_key"] = "Youtube"
    streamed["chapters"] = [{"title": "Middle", "start_time": 300.5, "end_time": 600}]
    (folder / "streamed.info.json").write_text(json.dumps(streamed))
    Image.new("RGB", (320, 180), BLUE).save(folder / "streamed.jpg")
