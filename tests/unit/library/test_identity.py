"""The id and the secret of a library."""

import itertools
import os
import sqlite3
from contextlib import closing

import pytest

from tubeseek.catalog import Catalog
from tubeseek.catalog.schema import MIGRATIONS
from tubeseek.library.identity import (
    CATALOG_NAME,
    SECRET_NAME,
    library_id,
    make_secret,
    read_secret,
)


def test_each_library_has_an_id_that_stays(tmp_path):
    ids = set()
    for name in ("a", "b"):
        for _ in range(2):
            Catalog(tmp_path / name / CATALOG_NAME).close()
            ids.add(library_id(tmp_path / name))
    assert len(ids) == 2
    assert None not in ids


def test_a_library_made_before_gets_an_id_when_it_is_opened(tmp_path):
    with closing(sqlite3.connect(tmp_path / CATALOG_NAME)) as connection:
        for statement in itertools.chain.from_iterable(MIGRATIONS[:3]):
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 3")
    assert library_id(tmp_path) is None
    Catalog(tmp_path / CATALOG_NAME).close()
    assert library_id(tmp_path) is not None


def test_no_id_where_there_is_no_library(tmp_path):
    assert library_id(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    (tmp_path / CATALOG_NAME).write_bytes(b"something else")
    assert library_id(tmp_path) is None


def test_the_secret_stays_and_is_the_users_own(tmp_path):
    assert read_secret(tmp_path) == ""
    secret = make_secret(tmp_path)
    assert len(secret) == 64
    assert make_secret(tmp_path) == read_secret(tmp_path) == secret
    if os.name != "nt":
        assert (tmp_path / SECRET_NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_secret_that_others_could_read_is_replaced(tmp_path):
    secret = make_secret(tmp_path)
    (tmp_path / SECRET_NAME).chmod(0o644)
    assert make_secret(tmp_path) != secret
    assert (tmp_path / SECRET_NAME).stat().st_mode & 0o777 == 0o600
