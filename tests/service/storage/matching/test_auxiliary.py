"""The auxiliary index: nothing is lost or doubled on its way into the postings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import unpack
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.storage.database import Connection, Database
from service.storage.matching.auxiliary import PARTS, AuxiliaryIndex, append_keys, delete_keys
from service.storage.matching.postings import (
    Standing,
    delete_postings,
    insert_postings,
    read_all_postings,
)
from service.storage.tables import auxiliary_keys, auxiliary_merge, exemplar_key

# Some of one part of all keys, some of others.
KEYS = [1, 2, 3, 1 << 17, 5 << 17, (PARTS - 1) << 17, 7 << 25 | 2 << 17]
Found = dict[int, list[int]]


def append(connection: Connection, index: AuxiliaryIndex, standing: Sequence[Standing]) -> None:
    append_keys(connection, standing)
    index.merge_due(connection)


def found(connection: Connection, index: AuxiliaryIndex) -> Found:
    """What is found under each key, merged or not; nothing may be there twice."""
    recent = index.read(connection, KEYS)
    ids: Found = {key: [] for key in KEYS}
    for key, total, parts in read_all_postings(connection, KEYS, recent):
        for part in parts:
            if isinstance(part, tuple):
                ids[key] += [part[0] + each for each in unpack(f"<{len(part[1]) // 4}I", part[1])]
            else:
                ids[key] += part
        assert total == len(ids[key])
    for key, under in recent.items():
        ids[key] = ids[key] or list(under)
    assert all(len(under) == len(set(under)) for under in ids.values())
    return {key: sorted(under) for key, under in ids.items()}


def expected(standing: Iterable[Standing]) -> Found:
    ids: Found = {key: [] for key in KEYS}
    for message_id, keys in standing:
        for key in keys:
            ids[key].append(message_id)
    return ids


def numbered(keys_of: Sequence[Sequence[int]], first_id: int = 1) -> list[Standing]:
    return [(first_id + place, keys) for place, keys in enumerate(keys_of)]


keys_of_each = st.lists(st.lists(st.sampled_from(KEYS), unique=True), max_size=12)


@given(st.lists(keys_of_each, max_size=8), st.integers(1, 9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_whatever_is_merged_all_is_found(
    connection: Connection, batches: list[list[list[int]]], round_size: int
) -> None:
    empty(connection)
    writing, other = AuxiliaryIndex(round_size), AuxiliaryIndex(round_size)
    stored: list[Standing] = []
    for batch in batches:
        new = numbered(batch, len(stored) + 1)
        append(connection, writing, new)
        stored += new
        for index in (writing, other, AuxiliaryIndex(round_size)):
            assert found(connection, index) == expected(stored)


@given(st.lists(st.tuples(keys_of_each, st.booleans()), max_size=8), st.integers(1, 9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_what_was_rolled_back_is_not_known_any_more(
    connection: Connection, batches: list[tuple[list[list[int]], bool]], round_size: int
) -> None:
    empty(connection)
    writing, other = AuxiliaryIndex(round_size), AuxiliaryIndex(round_size)
    stored: list[Standing] = []
    for batch, is_kept in batches:
        new = numbered(batch, len(stored) + 1)
        point = connection.begin_nested()
        append(connection, writing, new)
        other.read(connection, [])  # has seen what may never be
        if is_kept:
            point.commit()
            stored += new
        else:
            point.rollback()
        for index in (writing, other):
            for key, under in found(connection, index).items():
                # Ids that are to be committed, or never are, lead to nothing.
                assert [each for each in under if each <= len(stored)] == expected(stored)[key]
    for index in (writing, other):
        append(connection, index, [])
        assert found(connection, index) == expected(stored)


@pytest.mark.parametrize("new", [[], numbered([[2]], 2)])
def test_whoever_merges_knows_no_more_than_is_there(
    connection: Connection, new: list[Standing]
) -> None:
    index = AuxiliaryIndex(9)
    append(connection, index, numbered([[1]]))
    point = connection.begin_nested()
    append(connection, index, numbered([[1]] * 3, 2))
    point.rollback()
    append(connection, index, new)
    assert found(connection, index) == expected(numbered([[1]]) + new)


def test_a_round_is_merged_part_by_part(connection: Connection) -> None:
    index = AuxiliaryIndex(PARTS)
    stored = numbered([KEYS] * 2 * PARTS)
    for place, one in enumerate(stored, 1):
        append(connection, index, [one])
        assert found(connection, index) == expected(stored[:place])
        merge = connection.execute(auxiliary_merge.select()).first()
        assert ((merge and merge.next_part) or 0) == max(place - PARTS, 0) % PARTS
    rows = connection.execute(auxiliary_keys.select()).all()
    assert [row.message_id for row in rows] == list(range(PARTS + 1, 2 * PARTS + 1))
    assert connection.execute(exemplar_key.select()).all()


def test_what_stands_in_both_counts_once(connection: Connection) -> None:
    index = AuxiliaryIndex(4)
    stored = numbered([KEYS] * 3)
    append(connection, index, stored)
    insert_postings(connection, [(2, KEYS[:2])])
    assert found(connection, index) == expected(stored)
    more = numbered([KEYS] * 8, 4)
    append(connection, index, more)
    assert found(connection, index) == expected(stored + more)


@pytest.mark.parametrize("gone", [1, 3, 5])
def test_what_is_forgotten_is_found_by_no_process(connection: Connection, gone: int) -> None:
    writing, other = AuxiliaryIndex(4), AuxiliaryIndex(4)
    stored = numbered([[1], [1, 2], [1], [1], [1]])
    append(connection, writing, stored[:4])
    append(connection, writing, stored[4:])
    found(connection, other)
    for message_id in (gone, 99):
        delete_postings(connection, [1, 2], message_id)
        delete_keys(connection, message_id)
    stays = [one for one in stored if one[0] != gone]
    assert found(connection, other) == expected(stays)
    more = numbered([[2, 3]] * 9, 6)
    append(connection, writing, more)
    assert found(connection, writing) == found(connection, other) == expected(stays + more)


@pytest.mark.parametrize("gone", [1, 2, 3, 4, 5])
def test_what_is_forgotten_stays_so_whoever_last_looked_when(
    connection: Connection, gone: int
) -> None:
    writing, *others = (AuxiliaryIndex(6) for _ in range(6))
    stored = numbered([[1, 2]] * 5)
    for one, other in zip(stored, others, strict=True):
        append(connection, writing, [one])
        found(connection, other)
    delete_keys(connection, gone)
    stays = [one for one in stored if one[0] != gone]
    for other in others:
        assert found(connection, other) == expected(stays)
    more = numbered([[1]] * 9, 6)
    for one, other in zip(more, [*others, *others], strict=False):
        append(connection, other, [one])
    for index in (*others, AuxiliaryIndex(6)):
        assert found(connection, index) == expected(stays + more)


@pytest.mark.parametrize("cut", [0, 1, 5])
def test_a_damaged_row_hides_no_other(connection: Connection, cut: int) -> None:
    index = AuxiliaryIndex(4)
    append(connection, index, numbered([[1, 2]] * 3))
    (whole, *_) = connection.execute(select(auxiliary_keys.c["keys"])).scalars()
    is_second = auxiliary_keys.c.message_id == 2
    change = auxiliary_keys.update().where(is_second).values(keys=whole[:cut])
    connection.execute(change)
    stays = [(1, [1, 2]), (2, [1][: cut // 4]), (3, [1, 2])]
    fresh = AuxiliaryIndex(4)
    assert found(connection, fresh) == found(connection, fresh) == expected(stays)
    more = numbered([[3]] * 9, 4)
    append(connection, fresh, more)
    assert found(connection, fresh) == expected(stays + more)


def test_of_another_database_all_is_read_anew(connection: Connection) -> None:
    """As where a copy of the database is put back under a running process."""
    index = AuxiliaryIndex(4)
    append(connection, index, numbered([[1]] * 3))
    assert found(connection, index) == expected(numbered([[1]] * 3))
    empty(connection)
    assert found(connection, index) == expected([])
    append(connection, index, numbered([[2], [3]]))
    assert found(connection, index) == expected(numbered([[2], [3]]))


def test_threads_may_share_it_while_one_writes(database_url: str) -> None:
    """A reader never misses what was there before it began."""
    database = Database(database_url)
    database.upgrade()
    index, wrong, committed = AuxiliaryIndex(8), list[Found](), [0]
    stored = numbered([KEYS] * 200)

    def look() -> None:
        for _ in range(60):
            least = committed[-1]
            with database.reading() as connection:
                seen = found(connection, index)
            for under in seen.values():
                if len(under) < least or under != list(range(1, len(under) + 1)):
                    wrong.append(seen)

    readers = [Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for one in stored:
        with database.transaction() as connection:
            append(connection, index, [one])
        committed.append(one[0])
    for reader in readers:
        reader.join()
    assert not wrong
    with database.reading() as connection:
        assert found(connection, index) == expected(stored)
    database.close()


def empty(connection: Connection) -> None:
    for table in (exemplar_key, auxiliary_keys, auxiliary_merge):
        connection.execute(table.delete())
