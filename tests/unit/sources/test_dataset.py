"""The dataset source: what columns mean, and one message for each thing that is wrong."""

import csv
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from tubeseek.core.errors import ItemError, ListingNotice, MediaError, SourceError
from tubeseek.core.types import Video
from tubeseek.sources.caption_choice import local_files
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
    every = DatasetSource().list(str(root))
    items = [item for item in every if not isinstance(item, ListingNotice)]
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
        (b"Id,Title,title\n", "title"),
        (b"PK\x03\x04\x14\0\x06\0", "Excel"),
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


TRENDING = (
    "video_id,trending_date,title,channel_title,category_id,publish_time,tags,views,likes,"
    "thumbnail_link,comments_disabled,description\n"
    'aircAruvnKk,17.14.11,Old,3B1B,27,2017-10-05T14:00:00.000Z,"math|""nets""",1000,9,'
    "https://i.ytimg.com/vi/aircAruvnKk/default.jpg,False,words\\nand words\n"
    "dQw4w9WgXcQ,17.14.11,Song,Rick,10,2009-10-25T06:57:33.000Z,[none],7,1,x,False,\n"
    'aircAruvnKk,17.15.11,New,3B1B,27,2017-10-05T14:00:00.000Z,"math|""nets""",2000,9,'
    "https://i.ytimg.com/vi/aircAruvnKk/default.jpg,False,words\n"
    "aircAruvnKk,17.13.11,Oldest,3B1B,27,2017-10-05T14:00:00.000Z,math,1,9,x,False,words\n"
)


def notices_and_videos(root: Path) -> tuple[list[str], list[Video]]:
    items = list(DatasetSource().list(str(root)))
    notices = [str(item) for item in items if isinstance(item, ListingNotice)]
    videos = [item for item in items if isinstance(item, Video)]
    assert len(notices) + len(videos) == len(items)
    return notices, videos


def test_kaggles_trending_set(tmp_path: Path) -> None:
    root = dataset(tmp_path / "d", TRENDING, "aircAruvnKk.jpg", "dQw4w9WgXcQ.png")
    [columns, repeats], [song, new] = notices_and_videos(root)
    assert (new.title, new.views, new.channel, new.category) == ("New", 2000, "3B1B", "Education")
    assert (new.published, new.tags) == (date(2017, 10, 5), ("math", "nets"))
    assert new.extra["likes"] == "9"
    assert (song.category, song.tags, song.published) == ("Music", (), date(2009, 10, 25))
    assert "channel_title" in columns
    assert "publish_time" in columns
    assert " 2 " in repeats


def test_of_repeated_ids_without_a_date_the_last_counts(tmp_path: Path) -> None:
    root = dataset(tmp_path / "d", "Id,Title\na,first\nb,B\na,last\na,\0\n", "a.jpg", "b.jpg")
    videos, errors = listed(root)
    assert [video.title for video in videos] == ["B", "last"]
    assert len(errors) == 1  # the row with NUL


KOREAN = (
    "동영상 ID,제목,채널명,조회수,게시일,길이,카테고리\n"
    "aircAruvnKk,신경망이란,수학채널,3.2만회,2023. 4. 2.,18분 40초,교육\n"
    'b,"고양이, 강아지",동물,"1,234",2023-04-03 오전 9:00,0:30,동물\n'
)


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_korean_excel_saves(tmp_path: Path, encoding: str, delimiter: str) -> None:
    quoted = KOREAN.replace('"1,234"', "1;234").replace("고양이, 강아지", "고양이 강아지")
    text = quoted.replace(",", delimiter).replace("1;234", '"1,234"').replace("\n", "\r\n")
    root = dataset(tmp_path / "d", text.encode(encoding), "aircAruvnKk.jpg", "b.jpg")
    [_], [first, second] = notices_and_videos(root)
    assert (first.title, first.channel, first.views) == ("신경망이란", "수학채널", 32_000)
    assert (first.published, first.duration_seconds) == (date(2023, 4, 2), 1120)
    assert (second.views, second.published, second.category) == (1234, date(2023, 4, 3), "동물")


def test_captions_are_titles(tmp_path: Path) -> None:
    table = "id,caption_1,caption_2,caption_3\na,A dog runs.,A brown dog.,\n"
    _, [video] = notices_and_videos(dataset(tmp_path / "d", table, "a.jpg"))
    assert (video.title, video.description) == ("A dog runs.", "A brown dog.")


def test_an_id_may_stand_in_a_link(tmp_path: Path) -> None:
    table = "Link,Title\nhttps://youtu.be/aircAruvnKk?si=x,A\nhttps://example.org/,B\n"
    root = dataset(tmp_path / "d", table, "aircAruvnKk.jpg")
    items = list(DatasetSource().list(str(root)))
    assert [item.id for item in items if isinstance(item, Video)] == ["aircAruvnKk"]
    assert sum(type(item) is SourceError for item in items) == 1


def test_columns_may_be_mapped(tmp_path: Path) -> None:
    root = dataset(tmp_path / "d", "code,title,headline\na,no,yes\n", "a.jpg")
    mapping = {"Code": "id", "headline": "title"}
    items = list(DatasetSource().with_columns(mapping).list(str(root)))
    [video] = [item for item in items if isinstance(item, Video)]
    assert (video.id, video.title) == ("a", "yes")
    for wrong in ({"nothing": "id"}, {"code": "colour"}):
        with pytest.raises(SourceError):
            list(DatasetSource(wrong).list(str(root)))


@pytest.mark.parametrize("name", ["metadata.csv", "USvideos.csv"])
@pytest.mark.parametrize("folder", ["images", "thumbnails", "."])
def test_tables_and_folders_of_other_names(tmp_path: Path, name: str, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / name).write_text("video_id,title\naircAruvnKk,A\n")
    Image.new("RGB", (16, 9)).save(tmp_path / folder / "aircAruvnKk.jpg")
    for place in (tmp_path, tmp_path / name):
        if (name, folder) == ("metadata.csv", ".") and place == tmp_path:
            continue  # as ever, such a folder needs a folder of pictures or a column of files
        assert is_dataset(place)
        _, [video] = notices_and_videos(place)
        assert video.title == "A"


def test_videos_beside_a_table_are_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("video_id,title\naircAruvnKk,A\n")
    Image.new("RGB", (16, 9)).save(tmp_path / "aircAruvnKk.jpg")
    (tmp_path / "aircAruvnKk.mp4").write_bytes(b"")
    assert not is_dataset(tmp_path)


def test_a_column_of_picture_names(tmp_path: Path) -> None:
    table = "id,thumbnail,title\na,one.jpg,A\nb,https://i.ytimg.com/vi/b/default.jpg,B\n"
    root = dataset(tmp_path / "d", table, "one.jpg", "b.jpg")
    _, videos = notices_and_videos(root)
    assert [Path(video.picture).name.split("#")[0] for video in videos] == ["one.jpg", "b.jpg"]


def test_pictures_that_are_not_mounted_are_one_error(tmp_path: Path) -> None:
    root = dataset(tmp_path / "d", "Id\na\nb\nc\nd\n")
    with pytest.raises(SourceError):
        listed(root)
    (root / "images").rmdir()
    with pytest.raises(SourceError):
        listed(root)


@pytest.mark.parametrize("name", ["metadata.csv", "USvideos_head.csv"])
def test_the_real_trending_set(shared_data: Path, tmp_path: Path, name: str) -> None:
    table = shared_data / "youtube_real" / "datasets" / "USvideos_head.csv"
    (tmp_path / "images").mkdir()
    (tmp_path / name).write_bytes(table.read_bytes())
    with table.open(encoding="utf-8", newline="") as file:
        rows = {row["video_id"]: row for row in csv.DictReader(file)}  # the last of each
    for video_id in list(rows)[::2]:
        Image.new("RGB", (16, 9)).save(tmp_path / "images" / f"{video_id}.jpg")
    items = list(DatasetSource().list(str(tmp_path)))
    videos = {item.id: item for item in items if isinstance(item, Video)}
    assert set(videos) == set(list(rows)[::2])
    assert all(v.title == " ".join(rows[i]["title"].split()) for i, v in videos.items())
    assert all(v.views == int(rows[i]["views"]) for i, v in videos.items())
    failed = [item for item in items if isinstance(item, ItemError)]
    assert {item.video_id for item in failed} == set(rows) - set(videos)
    assert len({item.group for item in failed}) == 1


@pytest.mark.parametrize("column", ["subtitles", "subtitles.ko"])
def test_no_column_opens_a_file_as_captions(tmp_path: Path, column: str) -> None:
    secret = tmp_path / "secret.srt"
    secret.write_text("1\n00:00:01,000 --> 00:00:02,000\nprivate\n")
    table = f"Id,Title,{column}\na,A cat,{secret}\n"
    [video], _ = listed(dataset(tmp_path / "d", table, "a.jpg"))
    assert str(secret) in video.extra.values()
    assert local_files(video) == []
