"""Flags win over the environment, the environment over the file, the file over defaults."""

from pathlib import Path

import pytest

from tubeseek.core.errors import ConfigError
from tubeseek.core.settings import load_settings


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("LIBRARY", "ENCODER", "WORKERS"):
        monkeypatch.delenv(f"TUBESEEK_{name}", raising=False)


def test_each_level_wins_over_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings({}).workers == 4
    Path("tubeseek.toml").write_text('workers = 5\nencoder = "starter"\n')
    assert load_settings({}).workers == 5
    monkeypatch.setenv("TUBESEEK_WORKERS", "6")
    assert load_settings({}).workers == 6
    assert load_settings({"workers": 7, "encoder": None}).workers == 7
    assert load_settings({"workers": 7, "encoder": None}).encoder == "starter"


@pytest.mark.parametrize(
    ("toml", "name"),
    [("wrkers = 5", "wrkers"), ("workers = 0", "workers"), ("workers = ", "tubeseek.toml")],
)
def test_a_bad_file_is_an_error_that_names_it(toml: str, name: str) -> None:
    Path("tubeseek.toml").write_text(toml)
    with pytest.raises(ConfigError, match=name) as caught:
        load_settings({})
    assert "tubeseek.toml" in str(caught.value)


def test_the_library_is_an_absolute_path(tmp_path: Path) -> None:
    assert load_settings({"library": Path("films")}).library == tmp_path / "films"


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUBESEEK_QDRANT_API_KEY", "hush")
    assert "hush" not in repr(load_settings({}))
