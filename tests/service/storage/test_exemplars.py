"""Exemplars and the keys that find them, on both databases."""

from __future__ import annotations

import pytest

from service.storage.database import Connection
from service.storage.exemplars import (
    NEWEST,
    Exemplar,
    count_exemplars,
    insert_exemplars,
    insert_postings,
    read_exemplars,
    read_exemplars_of,
    read_postings,
)
from service.storage.matters import insert_matters
from service.storage.messages import insert_messages
from tests.service.storage.new_rows import a_matter, a_new_message


def test_postings_come_back_once(connection: Connection) -> None:
    insert_postings(connection, [(7, 2), (7, 1), (0, 1), (2**31 - 1, 2), (7, 1)])
    insert_postings(connection, [(7, 1), (8, 1)])
    insert_postings(connection, [])
    found = read_postings(connection, [7, 0, 2**31 - 1, 5])
    assert sorted(found) == [(0, 1), (7, 1), (7, 2), (2**31 - 1, 2)]
    assert read_postings(connection, []) == []


@pytest.mark.parametrize("count", [NEWEST - 1, NEWEST, NEWEST + 1, 3 * NEWEST])
def test_of_a_common_key_only_the_newest_are_read(connection: Connection, count: int) -> None:
    insert_postings(connection, [(7, number) for number in range(1, count + 1)])
    insert_postings(connection, [(8, 1)])
    found = read_postings(connection, [7, 8])
    newest = range(max(1, count - NEWEST + 1), count + 1)
    assert sorted(found) == [*((7, number) for number in newest), (8, 1)]


def test_tens_of_thousands_of_keys_are_asked_for_at_once(connection: Connection) -> None:
    insert_postings(connection, [(key, 2**40 + key) for key in range(3000)])
    found = read_postings(connection, range(40_000))
    assert sorted(found) == [(key, 2**40 + key) for key in range(3000)]


def test_exemplars_come_back_oldest_first_byte_by_byte(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1), a_matter(2)])
    insert_messages(connection, [a_new_message(number) for number in (3, 4, 5)])
    made = [Exemplar(5, 2, b"\x00\xff"), Exemplar(3, 1, b""), Exemplar(4, 2, bytes(range(256)))]
    insert_exemplars(connection, made)
    insert_exemplars(connection, [])
    assert read_exemplars(connection, [5, 4, 9]) == [made[2], made[0]]
    assert read_exemplars_of(connection, [2, 1]) == [made[1], made[2], made[0]]
    assert count_exemplars(connection, [1, 2, 7]) == {1: 1, 2: 2}
