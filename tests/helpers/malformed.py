"""A hundred damaged media and caption files beside whole ones; the same for the same seed."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.fixture_site.captions import json3, webvtt
from tests.helpers.made_videos import RED, make_audio, make_video, painted

SIZE = (96, 64)  # pixels
WHOLE = {  # suffix: codec
    ".mp4": "libx264",
    ".mov": "libx264",  # its index stands in front
    ".webm": "libvpx",
    ".mkv": "libx264",
    ".gif": "gif",
    ".ts": "libx264",
}
LINES = ((0.0, 1.0, "first all of it is there"), (1.0, 2.0, "then a part of it breaks"))
SRT = "".join(
    f"{number}\n00:00:{start:06.3f} --> 00:00:{end:06.3f}\n{text}\n\n".replace(".", ",")
    for number, (start, end, text) in enumerate(LINES, start=1)
)
CAPTIONS = {
    ".vtt": webvtt(LINES).encode(),
    ".srt": SRT.encode(),
    ".json3": json.dumps(json3(LINES, rolls=True)).encode(),
}


@dataclass(frozen=True)
class DamagedFile:
    """A damaged file, and whether nothing at all can be made of it."""

    path: Path
    hopeless: bool


@dataclass(frozen=True)
class Folder:
    """Whole videos, some of them beside damaged captions, and damaged ones."""

    path: Path
    good: list[Path]  # videos
    with_words: list[Path]  # those of them that have whole captions
    bad: list[DamagedFile]


def make_folder(root: Path, seed: int) -> Folder:
    """Writes it: 100 damaged files, a third of them captions.

    Args:
        root: Where; it must not exist yet.
        seed: Chooses where the damage is.
    """
    rng = random.Random(seed)  # noqa: S311 (no secret)
    root.mkdir()
    good = [_whole(root / f"good {suffix[1:]}{suffix}", codec) for suffix, codec in WHOLE.items()]
    with_words = good[: len(CAPTIONS)]
    for video, (suffix, content) in zip(with_words, CAPTIONS.items(), strict=True):
        video.with_suffix(suffix).write_bytes(content)
    misnamed = root / "an mp4 inside.webm"
    misnamed.write_bytes(good[0].read_bytes())
    good[-1].with_suffix(".vtt").mkdir()
    (root / "a folder.mp4").mkdir()
    inside = root / "a folder.mp4" / "in a folder.mp4"
    inside.write_bytes(good[0].read_bytes())
    good += [misnamed, inside]
    bad = [*_damaged(root, good[: len(WHOLE)], rng), *_no_videos(root, good[0].stat().st_size, rng)]
    for caption in _captions(root, rng):
        video = caption.path.with_suffix(".mp4")
        video.write_bytes(good[0].read_bytes())
        good.append(video)
        bad.append(caption)
    return Folder(root, good, with_words, bad)


def _whole(path: Path, codec: str) -> Path:
    """Three shots of a second; without random numbers in the container."""
    options = {"fflags": "+bitexact"}
    if path.suffix == ".mov":
        options["movflags"] = "faststart"
    pictures = [painted(SIZE, 1), RED, painted(SIZE, 2)]
    return make_video(path, pictures, size=SIZE, codec=codec, keyframe_every=10, options=options)


def _damaged(root: Path, wholes: list[Path], rng: random.Random) -> Iterator[DamagedFile]:
    """Eight files of each whole one."""
    for whole in wholes:
        data = whole.read_bytes()
        size = len(data)
        kinds = {
            "a tenth": data[: size // 10],
            "half": data[: size // 2],
            "cut": data[: rng.randrange(size)],
            "one bit": _flipped(data, 1, rng),
            "some bits": _flipped(data, 20, rng),
            "many bits": _flipped(data, size // 10, rng),
            "zeros inside": data[: size // 3] + bytes(size // 3) + data[size // 3 * 2 :],
            "other head": rng.randbytes(64) + data[64:],
        }
        for kind, content in kinds.items():
            path = root / f"{kind}{whole.suffix}"
            path.write_bytes(content)
            yield DamagedFile(path, hopeless=False)


def _no_videos(root: Path, size: int, rng: random.Random) -> Iterator[DamagedFile]:
    """What is called a video and holds none."""
    picture = BytesIO()
    Image.fromarray(painted(SIZE)).save(picture, "JPEG")
    contents = {
        "empty.mp4": b"",
        "empty.mkv": b"",
        "empty.gif": b"",
        "zeros.mp4": bytes(size),
        "zeros.webm": bytes(size),
        "noise.mp4": rng.randbytes(size),
        "noise.avi": rng.randbytes(size),
        "text.mp4": b"to be or not to be\n" * 50,
        "page.webm": b"<!doctype html><html><title>404 Not Found</title></html>",
        "captions.mkv": CAPTIONS[".srt"],
        "picture.mp4": picture.getvalue(),
        "archive.mov": b"PK\x03\x04" + rng.randbytes(size),
    }
    for name, content in contents.items():
        (root / name).write_bytes(content)
        yield DamagedFile(root / name, hopeless=True)
    for name in ("sound.mp4", "sound.webm", "sound.mkv", "sound.mov"):
        yield DamagedFile(make_audio(root / name, 0.5), hopeless=True)


def _captions(root: Path, rng: random.Random) -> Iterator[DamagedFile]:
    """Twelve files of each kind of captions, called as the video beside them."""
    for suffix, data in CAPTIONS.items():
        other = CAPTIONS[".json3" if suffix == ".vtt" else ".vtt"]
        kinds = {
            "half": (data[: len(data) // 2], False),
            "cut": (data[: rng.randrange(1, len(data))], False),
            "cut again": (data[: rng.randrange(1, len(data))], False),
            "one bit": (_flipped(data, 1, rng), False),
            "some bits": (_flipped(data, 10, rng), False),
            "many bits": (_flipped(data, len(data), rng), False),
            "zeros inside": (data[: len(data) // 3] + bytes(40) + data[len(data) // 2 :], False),
            "of another kind": (other, False),
            "empty": (b"", True),
            "zeros": (bytes(500), True),
            "prose": (b"to be or not to be\n" * 50, True),
            "picture": (b"\xff\xd8\xff\xe0" + rng.randbytes(500), True),
        }
        for kind, (content, hopeless) in kinds.items():
            path = root / f"{kind} {suffix[1:]}{suffix}"
            path.write_bytes(content)
            yield DamagedFile(path, hopeless)


def _flipped(data: bytes, bits: int, rng: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(bits):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)
