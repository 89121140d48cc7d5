"""The demo's folder: what lies beside each video, and that nothing is made twice."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from tests.helpers.demo_collection import paint_farm, paint_stamp
from tubeseek.cli.demo.material import make_demo
from tubeseek.cli.demo.stamps import fetch_stamps
from tubeseek.core.errors import SourceError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.types import Video
from tubeseek.sources.local.folder import FolderSource

pytestmark = pytest.mark.slow  # videos are rendered

FRUIT = {"apple": "사과", "pear": "배", "plum": "자두", "fig": "무화과"}
VIDEOS = ["farm-animals-1", "fruit-1"]


@pytest.fixture(scope="module")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = paint_farm(tmp_path_factory.mktemp("stamps"))
    for n, (english, korean) in enumerate(FRUIT.items()):
        paint_stamp(root, f"food/fruit/{english}", (60 * n, 90, 90), f"A {english}.", korean)
    return root


@pytest.fixture(scope="module")
def demo(stamps: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "videos"
    events = list(make_demo(folder, folder / "unused", stamps=stamps))
    advanced = [event for event in events if event.kind is EventKind.ADVANCED]
    assert [(event.video_id, event.done, event.total) for event in advanced] == [
        (f"stamps-{VIDEOS[0]}", 1, 2),
        (f"stamps-{VIDEOS[1]}", 2, 2),
    ]
    assert events[-1].counts == {"made": 2, "kept": 0, "shots": 8}
    return folder


def test_folder_holds_three_files_for_each_video(demo: Path) -> None:
    expected = [f"{name}{suffix}" for name in VIDEOS for suffix in (".info.json", ".jpg", ".mp4")]
    expected += ["judgements.jsonl", "shots.json"]
    assert sorted(path.name for path in demo.iterdir()) == sorted(expected)


def test_information_is_what_ytdlp_would_write(demo: Path) -> None:
    for name in VIDEOS:
        info = json.loads((demo / f"{name}.info.json").read_text("utf-8"))
        with av.open(str(demo / f"{name}.mp4")) as container:
            assert info["duration"] == pytest.approx(container.duration / av.time_base)
        assert info["id"] == name
        assert len(info["upload_date"]) == 8
        assert info["upload_date"].isdigit()
        assert info["view_count"] > 0
        assert "Tux Paint" in info["description"]
        assert "invented" in info["description"]
        assert "webpage_url" not in info  # no page on the web shows it
        ends = [chapter["end_time"] for chapter in info["chapters"]]
        assert [chapter["start_time"] for chapter in info["chapters"]] == [0.0, *ends[:-1]]
        assert ends[-1] == info["duration"]


def test_shots_tell_what_is_shown_when(demo: Path, stamps: Path) -> None:
    truth = json.loads((demo / "shots.json").read_text("utf-8"))
    by_name = {stamp.name: stamp for stamp in fetch_stamps(stamps, stamps)}
    assert len(truth["shots"]) == 8
    for shot in truth["shots"]:
        stamp = by_name[shot["stamp"]]
        assert (shot["english"], shot["korean"]) == (stamp.english, stamp.korean)
        name = shot["video_id"].removeprefix("stamps-")
        info = json.loads((demo / f"{name}.info.json").read_text("utf-8"))
        chapter = {"start_time": shot["start"], "end_time": shot["end"], "title": shot["title"]}
        assert chapter in info["chapters"]


def test_folder_source_reads_it_under_the_same_ids(demo: Path) -> None:
    truth = json.loads((demo / "shots.json").read_text("utf-8"))["shots"]
    videos = list(FolderSource().list(str(demo)))
    assert [type(video) for video in videos] == [Video, Video]  # no complaint about shots.json
    listed = {
        (video.id, chapter.title, chapter.start, chapter.end)
        for video in videos
        if isinstance(video, Video)
        for chapter in video.chapters
    }
    assert listed == {(s["video_id"], s["title"], s["start"], s["end"]) for s in truth}


def _changes(demo: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in demo.iterdir()}


def _last(events: Iterator[Event]) -> Event:
    return list(events)[-1]


def test_second_run_touches_nothing(demo: Path, stamps: Path) -> None:
    before = _changes(demo)
    done = _last(make_demo(demo, demo / "unused", stamps=stamps))
    assert done.counts == {"made": 0, "kept": 2, "shots": 8}
    assert _changes(demo) == before


def test_broken_off_run_goes_on_and_ends_the_same(demo: Path, stamps: Path, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    shutil.copytree(demo, folder)
    # As a kill in the middle of the second video leaves it, over one of an older plan.
    (folder / f".{VIDEOS[1]}.mp4.0123abcd.part").write_bytes(b"half a video")
    (folder / f"{VIDEOS[1]}.mp4").write_bytes(b"of another plan")
    (folder / f"{VIDEOS[1]}.info.json").unlink()
    (folder / "shots.json").unlink()
    kept = _changes(folder)[f"{VIDEOS[0]}.mp4"]

    assert _last(make_demo(folder, tmp_path, stamps=stamps)).counts["made"] == 1
    assert _changes(folder)[f"{VIDEOS[0]}.mp4"] == kept
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in demo.iterdir()
    }


def test_changed_plan_is_made_anew(demo: Path, stamps: Path, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    shutil.copytree(demo, folder)
    done = _last(make_demo(folder, tmp_path, stamps=stamps, count=1, seed=5))
    assert done.counts["made"] == 1
    old, new = (path / f"{VIDEOS[0]}.mp4" for path in (demo, folder))
    assert old.read_bytes() != new.read_bytes()


def test_too_few_stamps_are_an_error(tmp_path: Path) -> None:
    paint_stamp(tmp_path / "stamps", "food/fruit/fig", (90, 20, 90), "A fig.", "무화과")
    with pytest.raises(SourceError):
        list(make_demo(tmp_path / "videos", tmp_path, stamps=tmp_path / "stamps"))
    assert not (tmp_path / "videos").exists()
