"""A small dataset of painted pictures whose likeness is known."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

MALICIOUS_TITLE = (
    "[x](javascript:alert(1)) $\\frac{1}{2}$ :material/delete: :cat: :red[y] "
    "<img src=x onerror=alert(2)> **b** `c` www.example.com -> end"
)
MALICIOUS_ID = "malicious01"
PAINTS = {"Red": (205, 40, 40), "Green": (40, 160, 70), "Blue": (45, 80, 205)}
FORMS = ("circles", "stripes", "squares")
SIZE = (320, 180)


@dataclass(frozen=True, slots=True)
class MadeVideo:
    """A row of the dataset."""

    id: str
    title: str
    channel: str
    category: str
    views: str
    length: str


def made_videos() -> list[MadeVideo]:
    """Two of each colour and form: the second differs from the first by where its forms lie."""
    rows: list[MadeVideo] = []
    for paint in PAINTS:
        for form in FORMS:
            for number in (1, 2):
                title = f"{paint} {form} {number}"
                views = "2.5M views" if paint == "Red" else "800 views"
                # none as long as another: those would be taken for copies
                seconds = (1500 if form == "stripes" else 60) + 9 * len(rows)
                length = f"{seconds // 60}:{seconds % 60:02}"
                row_id = f"{paint[0]}{form[:2]}{number}".ljust(11, "0")
                rows.append(MadeVideo(row_id, title, f"{paint} channel", form, views, length))
    rows.append(MadeVideo(MALICIOUS_ID, MALICIOUS_TITLE, "<b>Channel</b>", "circles", "", ""))
    return rows


def paint(folder: Path, video: MadeVideo, seed: int) -> Path:
    """The picture of one video."""
    draw_at = np.random.default_rng(seed)
    colour = next(
        (rgb for name, rgb in PAINTS.items() if video.title.startswith(name)), (90, 90, 90)
    )
    picture = Image.new("RGB", SIZE, (245, 243, 238))
    draw = ImageDraw.Draw(picture)
    for _ in range(9):
        x, y = int(draw_at.integers(0, SIZE[0] - 40)), int(draw_at.integers(0, SIZE[1] - 40))
        if video.category == "circles":
            draw.ellipse((x, y, x + 44, y + 44), fill=colour)
        elif video.category == "squares":
            draw.rectangle((x, y, x + 40, y + 40), fill=colour)
        else:
            draw.line((x - 60, y, x + 100, y + 60), fill=colour, width=12)
    path = folder / f"{video.id}.jpg"
    picture.save(path, quality=92)
    return path


def make_long_dataset(folder: Path, number: int) -> None:
    """So many videos that all have one picture: soon made, and long to index."""
    (folder / "images").mkdir(parents=True)
    first = paint(folder, made_videos()[0], 0)
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "Title"])
        for at in range(number):
            name = f"long{at:07}"
            writer.writerow([name, f"Number {at}"])
            (folder / "images" / f"{name}.jpg").hardlink_to(first)


def make_dataset(folder: Path) -> list[MadeVideo]:
    """`metadata.csv` beside `images/`, as datasets of thumbnails are laid out."""
    (folder / "images").mkdir(parents=True)
    videos = made_videos()
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "Channel", "Title", "Category", "Views", "Length"])
        for seed, video in enumerate(videos):
            row = (video.id, video.channel, video.title, video.category, video.views, video.length)
            writer.writerow(row)
            paint(folder / "images", video, seed)
    return videos
