"""`tubeseek clip` and `search --save` cut out of the library's files and say what they cannot."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.helpers.made_hits import make_answer, make_hit
from tests.helpers.made_videos import GREEN, RED, make_video
from tubeseek.cli.clip import save_moments
from tubeseek.cli.main import app
from tubeseek.core.errors import InputError, QueryError
from tubeseek.core.schemas import AddRequest
from tubeseek.core.settings import load_settings
from tubeseek.library.open import open_library
from tubeseek.media.frames import probe

TITLE = "red and green"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A library with one local video of two seconds, and the video's id."""
    folder = tmp_path_factory.mktemp("clip")
    (folder / "videos").mkdir()
    make_video(folder / "videos" / f"{TITLE}.mp4", [RED, GREEN])
    settings = load_settings({"library": folder / "library"})
    opened, ownership = open_library(settings, "test")
    list(opened.run(AddRequest(locators=(str(folder / "videos"),))))
    (video,) = opened.list(9, 0).videos
    opened.close()
    assert ownership is not None
    return folder / "library", video.id


def run(library: Path, *arguments: str):
    return CliRunner().invoke(app, ["--library", str(library), *arguments])


def test_a_clip_is_named_after_its_video(library, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(library[0], "clip", library[1], "0:00.5", "1.5")
    assert result.exit_code == 0, result.output
    (path,) = tmp_path.iterdir()
    assert path.name == f"{TITLE} 0m00.50s.mp4"
    assert path.name in result.stdout
    assert probe(path).duration_seconds == pytest.approx(1, abs=0.1)


def test_an_end_beyond_the_end_gives_a_notice(library, tmp_path):
    result = run(library[0], "clip", library[1], "1", "1:00", "-o", str(tmp_path / "a.mkv"))
    assert result.exit_code == 0
    assert "0:02" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("unknown", "0", "1"), QueryError),
        (("{id}", "1", "0.5"), InputError),
        (("{id}", "5", "6"), InputError),
        (("{id}", "0", "1", "-o", "a.exe"), InputError),
    ],
)
def test_what_cannot_be_cut_is_refused(library, arguments, error):
    arguments = [word.replace("{id}", library[1]) for word in arguments]
    assert isinstance(run(library[0], "clip", *arguments).exception, error)


@pytest.mark.parametrize("time", ["soon", "nan", "inf", "1:-5"])
def test_times_must_be_times(library, time):
    assert run(library[0], "clip", library[1], time, "9").exit_code == 2


def test_moments_are_saved_one_file_each(tmp_path, capsys):
    file = make_video(tmp_path / "a.mp4", [RED, GREEN] * 3)
    hits = [
        make_hit(1, video_id="local", title="a/b: c"),
        make_hit(2, video_id="local", moments=()),
        make_hit(3, video_id="remote"),
    ]
    folder = tmp_path / "new" / "folder"
    for saved in (2, 4):  # a second run replaces nothing
        assert not save_moments(make_answer(*hits), {"local": file}, folder)
        paths = sorted(folder.iterdir())
        assert len(paths) == saved
    out, err = capsys.readouterr()
    assert str(folder / "01 a b c 0m01.00s.mp4") in out
    assert err.count("3:") == 2
    lengths = {round(probe(path).duration_seconds, 1) for path in paths}
    assert lengths == {3.5, 4.0}
