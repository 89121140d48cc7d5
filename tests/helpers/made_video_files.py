"""Makes two small video files, and knows what they show and say at which time."""

import json
from pathlib import Path

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
