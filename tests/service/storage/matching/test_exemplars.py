"""Exemplars and the keys that find them, on both databases."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from struct import unpack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.matching.heaviest import Ids
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
    Parts,
    insert_postings,
    read_all_postings,
    read_newest_postings,
)
from service.storage.matters.matters import insert_matters
from service.storage.messages.messages import insert_messages
from service.storage.tables import exemplar_key
from tests.service.storage.new_rows import a_matter, a_new_message

Found = dict[int, tuple[int, list[int]]]


def ids_in(parts: Parts) -> list[int]:
    """What is under a key, in whatever form."""
    ids: list[int] = []
    for part in parts:
        if isinstance(part, tuple):
            first, offsets = part
            ids += [first + each for each in unpack(f"<{len(offsets) // 4}I", offsets)]
        else:
            ids += part
    return ids


def newest(connection: Connection, keys: Sequence[int], recent: Mapping[int, Ids] = {}) -> Found:
    found = {
        key: (total, ids_in(parts), older)
        for key, total, parts, older in read_newest_postings(connection, keys, recent)
    }
    assert all(total >= older + len(ids) for total, ids, older in found.values())
    return {key: (total, ids) for key, (total, ids, _) in found.items()}


def everything(
    connection: Connection, keys: Sequence[int], recent: Mapping[int, Ids] = {}
) -> Found:
    read = read_all_postings(connection, keys, recent)
    return {key: (total, ids_in(parts)) for key, total, parts in read}


def insert(connection: Connection, postings: Iterable[tuple[int, int]]) -> None:
    """Let messages be found: pairs of a key and a message's id."""
    insert_postings(connection, [(message_id, [key]) for key, message_id in postings])


def test_postings_come_back_once(connection: Connection) -> None:
    insert(connection, [(7, 2), (7, 1), (0, 1), (2**31 - 1, 2), (7, 1)])
    insert(connection, [(7, 1), (8, 1)])
    insert(connection, [])
    for read in (newest, everything):
        assert read(connection, [7, 0, 2**31 - 1, 5]) == {
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
        insert(connection, part)
    insert(connection, [(8, 1)])
    last_row = list(range((count - 1) // ROW * ROW + 1, count + 1))
    assert newest(connection, [7, 8]) == {7: (count, last_row), 8: (1, [1])}
    assert everything(connection, [7, 8]) == {7: (count, list(range(1, count + 1))), 8: (1, [1])}


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 200)), max_size=150), max_size=5)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_postings_come_in_any_order_and_any_number_of_times(
    connection: Connection, parts: list[list[tuple[int, int]]]
) -> None:
    connection.execute(exemplar_key.delete())
    for part in parts:
        insert(connection, part)
    expected: dict[int, set[int]] = {}
    for key, message_id in (posting for part in parts for posting in part):
        expected.setdefault(key, set()).add(message_id)
    found = everything(connection, [0, 1, 2])
    assert found == {key: (len(ids), sorted(ids)) for key, ids in expected.items()}
    last = newest(connection, [0, 1, 2])
    assert {key: total for key, (total, _) in last.items()} == {
        key: len(ids) for key, ids in expected.items()
    }
    assert all(ids[-1] == max(expected[key]) for key, (_, ids) in last.items())


@pytest.mark.parametrize("count", [3, ROW, 2 * ROW + 5])
def test_recent_ones_count_once(connection: Connection, count: int) -> None:
    insert(connection, [(7, number) for number in range(1, count + 1)])
    recent = {7: array("q", [count, count + 1]), 8: array("q", [5]), 9: array("q", [2])}
    insert(connection, [(8, 4)])
    found = everything(connection, [7, 8], recent)
    assert found == {7: (count + 1, list(range(1, count + 2))), 8: (2, [4, 5])}
    last = newest(connection, [7, 8], recent)
    assert last[7] == (count + 1, list(range((count - 1) // ROW * ROW + 1, count + 2)))
    assert last[8] == (2, [4, 5])
    assert last[9] == (1, [2])


def test_ids_may_be_of_any_size(connection: Connection) -> None:
    ids = [1, 2**32, 2**40, 2**40 + 1, 2**63 - 1]
    insert(connection, [(7, each) for each in ids])
    assert everything(connection, [7]) == {7: (5, ids)}


def test_tens_of_thousands_of_keys_are_asked_for_at_once(connection: Connection) -> None:
    insert(connection, [(key, 2**40 + key) for key in range(3000)])
    assert newest(connection, range(40_000)) == {key: (1, [2**40 + key]) for key in range(3000)}


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
