"""What both embedded stores leave to the owner of their shard: the swap, and being broken off."""

import os
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import qdrant_edge as qe

from tests.helpers.edge_writer import PER_BATCH, SPEC, batch
from tubeseek.core.errors import StoreError
from tubeseek.core.types import Video
from tubeseek.stores.edge.config import create_shard
from tubeseek.stores.edge.folder import read_card
from tubeseek.stores.edge.points import count_points, in_steps, points_of
from tubeseek.stores.edge.shard import OwnedShard


def opened(folder: Path) -> OwnedShard:
    return OwnedShard(folder, SPEC, partial(create_shard, spec=SPEC))


def copy_with_one_batch_more(owned: OwnedShard) -> qe.EdgeShard:
    shard = qe.EdgeShard.load(str(owned.copy()))
    for operation in in_steps(points_of(batch(0), {"v0": Video("v0", "", "")}), SPEC.dim):
        shard.update(operation)
    return shard


def counted(owned: OwnedShard) -> int:
    with owned.use() as shard:
        return count_points(shard)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot sync folders")
@pytest.mark.parametrize(
    ("is_of_step", "generation"),
    [
        pytest.param(stat.S_ISREG, 1, id="while the card is written, the old shard counts on"),
        pytest.param(stat.S_ISDIR, 2, id="once it is in place, the new one counts"),
    ],
)
def test_after_ctrl_c_the_card_on_the_disk_decides(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_of_step: Callable[[int], bool],
    generation: int,
):
    def interrupted(descriptor: int) -> None:
        if is_of_step(os.fstat(descriptor).st_mode):
            raise KeyboardInterrupt

    owned = opened(tmp_path)
    fuller = copy_with_one_batch_more(owned)
    following = replace(owned.card.following, loose=7)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            owned.put_in_place(following, fuller)
    points = PER_BATCH * (generation - 1)
    assert owned.card.generation == generation
    assert read_card(tmp_path) == owned.card
    assert counted(owned) == points
    owned.close()
    if generation == 1:
        fuller.close()
    owned = opened(tmp_path)
    assert owned.card.generation == generation
    assert counted(owned) == points
    assert [p.name for p in tmp_path.glob("shard-*")] == [f"shard-{generation}"]
    owned.close()


def test_a_searcher_keeps_the_shard_it_holds(tmp_path: Path):
    owned = opened(tmp_path)
    with owned.use() as shard:
        owned.put_in_place(owned.card.following, copy_with_one_batch_more(owned))
        owned.sweep()
        assert count_points(shard) == 0
        assert counted(owned) == PER_BATCH
    owned.close()


def test_closing_breaks_off_a_build_and_keeps_the_shard(tmp_path: Path):
    owned = opened(tmp_path)
    closing = threading.Thread(target=owned.close)
    with owned.writing:  # as during a commit: `close` waits for its end
        folder = owned.copy()
        closing.start()
        with pytest.raises(StoreError, match="a test"):  # noqa: PT012
            for _ in range(100):  # until one runs when `close` has begun
                owned.build(folder, "a test").close()
    closing.join()
    with pytest.raises(StoreError):
        counted(owned)
    owned = opened(tmp_path)
    assert owned.card.generation == 1
    assert [p.name for p in tmp_path.glob("shard-*")] == ["shard-1"]
    owned.close()


def test_a_failed_build_is_not_taken_for_a_closing(tmp_path: Path):
    owned = opened(tmp_path)
    (tmp_path / "shard-2").mkdir()
    with pytest.raises(StoreError):
        owned.build(tmp_path / "shard-2", "it was tested")
    assert counted(owned) == 0
    owned.close()
