"""Exemplars and the keys that find them, on both databases."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.storage.database import Connection
from service.storage.matching.exemplars import (
    Exemplar,
    count_exemplars,
    insert_exemplars,
    read_exemplars,
    read_exemplars_of,
)
from service.storage.matching.postings import (
    ROW,
    NewestRows,
    Postings,
    insert_postings,
    read_all_postings,
    read_newest_postings,
)
from service.storage.matters.matters import insert_matters
from service.storage.messages.messages import insert_messages
from service.storage.tables import exemplar_key
from tests.service.storage.new_rows import a_matter, a_new_message


def plain(found: dict[int, Postings]) -> dict[int, tuple[int, list[int]]]:
    return {key: (each.total, each.message_ids.tolist()) for key, each in found.items()}


def test_postings_come_back_once(connection: Connection) -> None:
    insert_postings(connection, [(7, 2), (7, 1), (0, 1), (2**31 - 1, 2), (7, 1)])
    insert_postings(connection, [(7, 1), (8, 1)])
    insert_postings(connection, [])
    for read in (read_newest_postings, read_all_postings):
        assert plain(read(connection, [7, 0, 2**31 - 1, 5])) == {
            0: (1, [1]),
            7: (2, [1, 2]),
            2**31 - 1: (1, [2]),
        }
        assert read(connection, []) == {}


@pytest.mark.parametrize("count", [ROW - 1, ROW, ROW + 1, 3 * ROW])
@pytest.mark.parametrize("at_once", [True, False])
def test_of_a_common_key_the_newest_are_read_or_all(
    connection: Connection, count: int, at_once: bool
) -> None:
    postings = [(7, number) for number in range(1, count + 1)]
    for part in [postings] if at_once else [[posting] for posting in postings]:
        insert_postings(connection, part)
    insert_postings(connection, [(8, 1)])
    newest = list(range((count - 1) // ROW * ROW + 1, count + 1))
    found = read_newest_postings(connection, [7, 8])
    assert plain(found) == {7: (count, newest), 8: (1, [1])}
    found = read_all_postings(connection, [7, 8])
    assert plain(found) == {7: (count, list(range(1, count + 1))), 8: (1, [1])}


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 200)), max_size=150), max_size=5)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_postings_come_in_any_order_and_any_number_of_times(
    connection: Connection, parts: list[list[tuple[int, int]]]
) -> None:
    connection.execute(exemplar_key.delete())
    for part in parts:
        insert_postings(connection, part)
    expected: dict[int, set[int]] = {}
    for key, message_id in (posting for part in parts for posting in part):
        expected.setdefault(key, set()).add(message_id)
    found = read_all_postings(connection, [0, 1, 2])
    assert plain(found) == {key: (len(ids), sorted(ids)) for key, ids in expected.items()}
    newest = read_newest_postings(connection, [0, 1, 2])
    assert {key: each.total for key, each in newest.items()} == {
        key: len(ids) for key, ids in expected.items()
    }
    assert all(each.message_ids[-1] == max(expected[key]) for key, each in newest.items())


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 400)), max_size=150), max_size=3),
    st.lists(st.integers(0, 12), unique=True),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_what_was_read_before_need_not_be_read_again(
    connection: Connection, parts: list[list[tuple[int, int]]], asked: list[int]
) -> None:
    outcomes = []
    for is_read_before in (False, True):
        connection.execute(exemplar_key.delete())
        for part in parts:
            newest = NewestRows()
            if is_read_before:
                read_newest_postings(connection, asked[::2], newest)
                read_newest_postings(connection, asked, newest)
            insert_postings(connection, part, newest)
        rows = connection.execute(exemplar_key.select()).all()
        outcomes.append(sorted(tuple(row) for row in rows))
    assert outcomes[0] == outcomes[1]


def test_ids_may_be_of_any_size(connection: Connection) -> None:
    ids = [1, 2**32, 2**40, 2**40 + 1, 2**63 - 1]
    insert_postings(connection, [(7, each) for each in ids])
    assert plain(read_all_postings(connection, [7])) == {7: (5, ids)}


def test_tens_of_thousands_of_keys_are_asked_for_at_once(connection: Connection) -> None:
    insert_postings(connection, [(key, 2**40 + key) for key in range(3000)])
    found = read_newest_postings(connection, range(40_000))
    assert plain(found) == {key: (1, [2**40 + key]) for key in range(3000)}


def test_exemplars_come_back_oldest_first_byte_by_byte(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1), a_matter(2)])
    insert_messages(connection, [a_new_message(number) for number in (3, 4, 5)])
    made = [Exemplar(5, 2, b"\x00\xff"), Exemplar(3, 1, b""), Exemplar(4, 2, bytes(range(256)))]
    insert_exemplars(connection, made)
    insert_exemplars(connection, [])
    assert read_exemplars(connection, [5, 4, 9]) == [made[2], made[0]]
    assert read_exemplars_of(connection, [2, 1]) == [made[1], made[2], made[0]]
    assert read_exemplars(connection, []) == []
    assert [count_exemplars(connection, matter) for matter in (1, 2, 7)] == [1, 2, 0]
