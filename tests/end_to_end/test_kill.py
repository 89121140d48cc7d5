"""kill -9 at twenty random moments: after resuming, the library equals one made in peace."""

import csv
import random
import shutil
import subprocess
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.command import Command
from tubeseek.catalog import Catalog
from tubeseek.core.schemas import SearchRequest
from tubeseek.core.settings import load_settings
from tubeseek.core.types import EmbeddingBatch
from tubeseek.library.identity import CATALOG_NAME
from tubeseek.library.open import open_library
from tubeseek.stores.factory import choose_stores

VIDEOS = 240
KILLS = 20
SEED = 20
QUERIES = ("sports car review", "스포츠카", "a cat", "음식", "someone playing a video game")


@pytest.mark.slow
def test_killed_twenty_times_it_comes_out_the_same(shared_data: Path, tmp_path: Path) -> None:
    dataset = str(_part_of(shared_data / "youtube_thumbnails", tmp_path / "dataset"))
    peaceful, killed = Command(tmp_path / "peaceful"), Command(tmp_path / "killed")
    for verb in (("add", dataset), ("index", "--encoder", "starter")):
        peaceful.ok(*verb)

    chance = random.Random(SEED)  # noqa: S311  no secret
    verbs = [("add", dataset)] * 4 + [("index", "--encoder", "starter")] * (KILLS - 4)
    landed = 0
    for verb in verbs:
        process = killed.start(*verb, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        longest = 0.4 if verb[0] == "add" else 1.5  # seconds; opening the encoder takes up to one
        try:
            process.wait(timeout=chance.uniform(0.05, longest))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            landed += 1
        killed.ok("status")  # it opens, whatever happened
    assert landed >= KILLS // 2, "most runs were over before they were killed"
    for verb in (("add", dataset), ("index",)):
        killed.ok(*verb)

    ours, theirs = _contents(killed.library), _contents(peaceful.library)
    assert ours.keys() == theirs.keys()
    assert len(ours) == VIDEOS
    for video_id, batch in theirs.items():
        assert ours[video_id].segments == batch.segments
        np.testing.assert_allclose(ours[video_id].vectors, batch.vectors, atol=1e-3)
    for query in QUERIES:
        assert _result_ids(killed.library, query) == _result_ids(peaceful.library, query)


def _part_of(dataset: Path, folder: Path) -> Path:
    """Make a dataset of the first videos of another one."""
    with (dataset / "metadata.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = islice(csv.reader(file), VIDEOS + 1)
    folder.mkdir()
    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    for row in rows:
        name = row[header.index("File")]
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dataset / name, folder / name)
    return folder


def _contents(library: Path) -> dict[str, EmbeddingBatch]:
    catalog = Catalog(library / CATALOG_NAME)
    ids = [video.id for video, _ in catalog.list_videos(5000)]
    stores = choose_stores(load_settings({"library": library}))
    store = stores.open_store(catalog.indexes.active_indexes()[0].spec)
    contents = {video_id: store.read_videos([video_id]) for video_id in ids}
    assert store.count() == sum(len(batch.segments) for batch in contents.values())
    store.close()
    catalog.close()
    return contents


def _result_ids(library: Path, query: str) -> list[str]:
    opened, _ = open_library(load_settings({"library": library}), "test")
    answer = opened.search(SearchRequest(text=query, limit=10))
    opened.close()
    return [hit.video_id for hit in answer.hits]
