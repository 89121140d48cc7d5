"""`remove` asks first, `index` begins nothing where there is nothing, and tab completes."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.helpers.made_videos import RED, make_video
from tubeseek.cli import library as commands
from tubeseek.cli.completion import complete_channels, complete_encoders, complete_ids
from tubeseek.cli.main import app
from tubeseek.core.errors import InputError
from tubeseek.core.schemas import AddRequest
from tubeseek.core.settings import load_settings
from tubeseek.library.open import open_library

GROUP = typer.main.get_command(app)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library with one video, of a channel called 고양이 방송."""
    (tmp_path / "videos").mkdir()
    make_video(tmp_path / "videos" / "cat.mp4", [RED])
    info = '{"id": "cat", "title": "A cat", "channel": "고양이 방송"}'
    (tmp_path / "videos" / "cat.info.json").write_text(info, encoding="utf-8")
    opened, ownership = open_library(load_settings({"library": tmp_path / "library"}), "test")
    list(opened.run(AddRequest(locators=(str(tmp_path / "videos"),))))
    opened.close()
    assert ownership is not None
    return tmp_path / "library"


def run(library: Path, *arguments: str, **options: str):
    return CliRunner().invoke(app, ["--library", str(library), *arguments], **options)


def ids(library: Path) -> list[str]:
    return [name for name, _ in complete_ids(context_of(library), "")]


def context_of(library: Path) -> typer.Context:
    return GROUP.make_context("tubeseek", ["--library", str(library), "search"])


@pytest.mark.parametrize(("answer", "removed"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_remove_asks(library, monkeypatch, answer, removed):
    class Terminal:
        @staticmethod
        def isatty() -> bool:
            return True

    (video_id,) = ids(library)
    monkeypatch.setattr(commands, "sys", type("sys", (), {"stdin": Terminal}))
    result = run(library, "remove", video_id, input=answer)
    assert result.exit_code == (0 if removed else 1)
    assert ids(library) == ([] if removed else [video_id])


def test_remove_refuses_where_nobody_can_answer(library):
    (video_id,) = ids(library)
    assert isinstance(run(library, "remove", video_id).exception, InputError)  # exit 2
    assert ids(library) == [video_id]
    assert run(library, "remove", video_id, "--yes").exit_code == 0
    assert ids(library) == []


def test_an_empty_library_is_not_indexed(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "run_job", lambda *_, **__: pytest.fail("something was begun"))
    assert isinstance(run(tmp_path, "index", "--encoder", "clip").exception, InputError)


def test_tab_completes_from_the_library(library):
    context = context_of(library)
    (video_id,) = ids(library)
    assert complete_ids(context, video_id[:3]) == [(video_id, "A cat")]
    assert complete_ids(context, "no-such") == []
    assert complete_channels(context, "고양") == [("고양이 방송", "")]
    assert ("siglip2", "") in complete_encoders(context, "sig")


def test_tab_makes_no_library(tmp_path):
    context = context_of(tmp_path / "none")
    assert complete_ids(context, "") == complete_channels(context, "") == []
    assert complete_encoders(context, "star") == [("starter", "")]
    assert not (tmp_path / "none").exists()


def test_tab_survives_a_damaged_library(tmp_path):
    (tmp_path / "catalog.sqlite").write_bytes(b"no database" * 100)
    assert complete_ids(context_of(tmp_path), "") == []
