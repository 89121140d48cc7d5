"""The example of docs/python.md runs as it stands."""

import re
from pathlib import Path

from tests.helpers.made_library import make_dataset

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


def test_the_example_finds_what_it_asks_for(tmp_path, monkeypatch, capsys):
    (example,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    make_dataset(tmp_path / "recordings")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    exec(compile(example, str(PAGE), "exec"), {})  # noqa: S102  the page is ours
    *_, best = re.split(r"^\d", capsys.readouterr().out, flags=re.M)[:2]
    assert "Red circles" in best
    assert (tmp_path / "videos" / "catalog.sqlite").is_file()
