"""Rows for many values, whatever the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, TableValuedAlias, select

from service.storage.database import Connection
from service.storage.matters import insert_matters
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
