"""Rows for many values, whatever the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, TableValuedAlias, select

from service.errors import DatabaseUnavailableError
from service.storage.database import Connection, Database
from service.storage.matters.matters import insert_matters
from service.storage.tables import matter
from service.storage.values import read_for
from tests.service.storage.new_rows import a_matter


def matter_ids(asked: TableValuedAlias) -> Select[Any]:
    return select(matter.c.id).select_from(asked.join(matter, matter.c.id == asked.c.value))


def test_rows_come_for_the_values_that_are_there(connection: Connection) -> None:
    insert_matters(connection, [a_matter(number) for number in (1, 2, 3)])
    found = read_for(connection, matter_ids, [3, 1, 2**62, 9])
    assert sorted(tuple(row) for row in found) == [(1,), (3,)]


def test_no_values_give_no_rows(connection: Connection) -> None:
    assert list(read_for(connection, matter_ids, [])) == []


def test_the_same_statement_takes_any_number_of_values(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1)])
    assert len(read_for(connection, matter_ids, range(50_000))) == 1


def test_a_database_that_is_damaged_further_on_is_told(sqlite_url: str) -> None:
    on_file = Database(sqlite_url)
    on_file.upgrade()
    with on_file.transaction() as connection:
        insert_matters(connection, [a_matter(number) for number in range(1, 2_000)])
        page = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        root = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'matter'"
        ).scalar_one()
    on_file.close()
    path = Path(str(on_file.engine.url.database))
    content = bytearray(path.read_bytes())
    # As SQLite's file format has it: the last child of an inner page, in its bytes 8 to 11.
    begin = (root - 1) * page + 8
    last_leaf = int.from_bytes(content[begin : begin + 4])
    content[(last_leaf - 1) * page : last_leaf * page] = b"\xff" * page
    path.write_bytes(content)
    # The statement begins well and fails while its rows are fetched.
    with (
        pytest.raises(DatabaseUnavailableError, match="数据库文件已损坏"),
        on_file.reading() as connection,
    ):
        read_for(connection, matter_ids, range(1, 2_000))
    on_file.close()
