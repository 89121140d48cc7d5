"""The dataset source: what columns mean, and one message for each thing that is wrong."""

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from tubeseek.core.errors import MediaError, SourceError
from tubeseek.core.types import Video
from tubeseek.sources.local.dataset import (
    DatasetSource,
    UnlistedPictureError,
    UntitledRowError,
    is_dataset,
)


def dataset(root: Path, metadata: str | bytes, *pictures: str) -> Path:
    """A dataset folder with small pictures of these names in `images/`."""
    (root / "images").mkdir(parents=True)
    data = metadata.encode() if isinstance(metadata, str) else metadata
    (root / "metadata.csv").write_bytes(data)
    for name in pictures:
        Image.new("RGB", (16, 9)).save(root / "images" / name)
    return root


def listed(root: Path) -> tuple[list[Video], list[SourceError | MediaError]]:
    """(videos, errors) of a dataset."""
    items = list(DatasetSource().list(str(root)))
    errors = [item for item in items if isinstance(item, (SourceError, MediaError))]
    videos = [item for item in items if isinstance(item, Video)]
    assert len(videos) + len(errors) == len(items)
    return videos, errors


def test_every_column_finds_its_field(tmp_path: Path) -> None:
    header = (
        "ID,channel,Title,Category,VIEWS,Length,Released,Published,Channel_Id,Description,Tags,"
        "Language,Url,Mood"
    )
    row = (
        'dQw4w9WgXcQ,Pets,"A cat, \n playing",Music,1.8M views,20:44,2 years ago,2023-04-02,UC1,'
        '"two\nlines","cat, piano",ko,https://example.org/cat,calm'
    )
    [video], errors = listed(
        dataset(tmp_path / "d", f"\ufeff{header}\r\n{row}\r\n", "dQw4w9WgXcQ.jpg")
    )
    assert not errors
    assert (video.id, video.channel, video.title) == ("dQw4w9WgXcQ", "Pets", "A cat, playing")
    assert (video.category, video.views, video.duration_seconds) == ("Music", 1_800_000, 1244.0)
    assert (video.published, video.channel_id) == (date(2023, 4, 2), "UC1")
    assert (video.description, video.tags) == ("two\nlines", ("cat", "piano"))
    assert (video.language, video.url) == ("ko", "https://example.org/cat")
    assert video.extra == {"Released": "2 years ago", "Mood": "calm"}


def test_released_is_a_date_where_it_is_one(tmp_path: Path) -> None:
    [video], _ = listed(dataset(tmp_path / "d", "Id,Released\na,2020-02-29\n", "a.jpg"))
    assert video.published == date(2020, 2, 29)
    assert not video.extra


@pytest.mark.parametrize(
    ("video_id", "link"),
    [
        ("dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("photo-1", "file://"),
        ("cat video 1", "file://"),
    ],
)
def test_the_link_is_youtubes_for_youtube_ids(tmp_path: Path, video_id: str, link: str) -> None:
    [video], _ = listed(dataset(tmp_path / "d", f"Id\n{video_id}\n", f"{video_id}.png"))
    assert video.url.startswith(link)


def test_a_link_that_runs_a_program_is_no_link(tmp_path: Path) -> None:
    [video], _ = listed(dataset(tmp_path / "d", "Id,Url\na,javascript:alert(1)\n", "a.jpg"))
    assert video.url.startswith("file://")
    assert video.extra == {"Url": "javascript:alert(1)"}


def test_a_value_that_is_not_understood_is_kept(tmp_path: Path) -> None:
    root = dataset(tmp_path / "d", "Id,Views,Length\na,lots,1/1/1900 9:13\n", "a.jpg")
    [video], errors = listed(root)
    assert not errors
    assert (video.views, video.duration_seconds) == (None, None)
    assert video.extra == {"Views": "lots", "Length": "1/1/1900 9:13"}


@pytest.mark.parametrize("name", ["a.jpg", "a.JPG", "a.jpeg", "a.png", "a.webp"])
def test_pictures_may_have_any_of_the_suffixes(tmp_path: Path, name: str) -> None:
    [video], errors = listed(dataset(tmp_path / "d", "Id\na\n", name))
    assert not errors
    assert DatasetSource().fetch(video, tmp_path / "media").thumbnail.name == name


def test_korean_names_match_however_they_are_composed(tmp_path: Path) -> None:
    composed, decomposed = "\uac15", "\u1100\u1161\u11bc"  # the same syllable
    videos, errors = listed(dataset(tmp_path / "d", f"Id\n{composed}\n", f"{decomposed}.jpg"))
    assert (len(videos), errors) == (1, [])


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        ("b,no picture\n", ["images/b.jpg"]),
        ("a,again\n", ["line 2"]),
        (",nameless\n", ["''"]),
        ("b\n", [" 1 ", " 2 "]),
        ("b,one,two\n", [" 3 ", " 2 "]),
        (b"b,caf\xe9\n", ["UTF-8"]),
        ("b,nul\0\n", ["NUL"]),
        ('b,"open\n', ["quote"]),
        ("b,return\rb,there\n", []),
        ("b" * 400 + ",long\n", []),
        ("../../etc/b,up\n", ["../../etc/b"]),
        ("b," + "long " * 40_000 + "\n", ["128 KiB"]),
    ],
)
def test_a_bad_row_costs_one_message(tmp_path: Path, rows: str | bytes, values: list[str]) -> None:
    bad = rows.encode() if isinstance(rows, str) else rows
    metadata = b"Id,Title\na,first\n" + bad + b"z,last\n"
    videos, [error] = listed(dataset(tmp_path / "d", metadata, "a.jpg", "z.jpg"))
    assert [video.title for video in videos] == ["first", "last"]
    assert all(value in str(error) for value in ("line 3", *values)), error


def test_a_picture_without_row_is_named(tmp_path: Path) -> None:
    root = dataset(tmp_path / "d", "Id,Title\na,A\n", "a.jpg", "stray.jpg", ".hidden.jpg")
    (root / "images" / "notes.txt").write_text("not a picture")
    videos, [error] = listed(root)
    assert len(videos) == 1
    assert isinstance(error, UnlistedPictureError)
    assert "images/stray.jpg" in str(error)


def test_a_row_without_title_goes_by_its_id(tmp_path: Path) -> None:
    [video], [error] = listed(dataset(tmp_path / "d", "Id,Title\na,\n", "a.jpg"))
    assert video.title == "a"
    assert isinstance(error, UntitledRowError)


@pytest.mark.parametrize("file", ["../outside.jpg", "images/../../outside.jpg", "{outside}"])
def test_a_file_outside_is_refused(tmp_path: Path, file: str) -> None:
    outside = tmp_path / "outside.jpg"
    Image.new("RGB", (16, 9)).save(outside)
    path = file.format(outside=outside)
    videos, [error] = listed(dataset(tmp_path / "d", f"Id,File\na,{path}\n"))
    assert not videos
    assert isinstance(error, SourceError)
    assert path in str(error)


def test_a_link_to_outside_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (16, 9)).save(tmp_path / "outside.jpg")
    root = dataset(tmp_path / "d", "Id\na\n")
    (root / "images" / "a.jpg").symlink_to(tmp_path / "outside.jpg")
    videos, [error] = listed(root)
    assert not videos
    assert isinstance(error, SourceError)
    assert "images/a.jpg" in str(error)


@pytest.mark.parametrize(
    ("metadata", "value"),
    [
        (b"", r"metadata\.csv"),
        (b"Name,Title\na,b\n", "Id.*Name, Title"),
        (b"Id;Title\na;b\n", "Id;Title"),
        (b"Id,Title,title\n", "title"),
        ("Id,Title\n".encode("utf-16"), "UTF-16"),
        (b"Id,\xff\xc0\n", "line 1"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(
    tmp_path: Path, metadata: bytes, value: str
) -> None:
    with pytest.raises(SourceError, match=value):
        listed(dataset(tmp_path / "d", metadata))


def test_what_counts_as_a_dataset(tmp_path: Path) -> None:
    assert is_dataset(dataset(tmp_path / "pictures", "Id\n"))
    files = tmp_path / "files"
    files.mkdir()
    (files / "metadata.csv").write_text("id,title,file\n")
    assert is_dataset(files)
    (files / "metadata.csv").write_text("date,weight\n")
    assert not is_dataset(files)
    assert not is_dataset(tmp_path / "nowhere")
    assert not is_dataset(tmp_path)


def test_the_real_thumbnails(shared_data: Path) -> None:
    videos, errors = listed(shared_data / "youtube_thumbnails")
    assert (len(videos), errors) == (1126, [])
    assert sum(video.views is not None for video in videos) == 916
    durations = [v.duration_seconds for v in videos if v.duration_seconds is not None]
    assert len(durations) == 915  # one was turned into a date by a spreadsheet
    assert max(durations) < 3600
