"""Matters, demands, events and classifications, row by row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from service.domain.message import SenderDetails
from service.domain.relation import Relation
from service.storage.database import Connection
from service.storage.matters.history import NewEvent, insert_events, read_events
from service.storage.matters.matters import (
    NO_EARLIER,
    Growth,
    as_assignment,
    as_matter,
    count_people,
    find_matters_of,
    grow_matters,
    insert_demands,
    insert_matters,
    read_matter_row,
    read_matter_rows,
    read_writers,
)
from service.storage.messages.classifications import (
    as_details,
    insert_classifications,
    read_classifications,
)
from service.storage.messages.messages import insert_messages, read_messages_of
from service.storage.rows import next_id
from service.storage.sealing.sealer import Sealer
from service.storage.sealing.senders import find_or_add_senders
from service.storage.tables import matter
from tests.makers import NOW
from tests.service.storage.new_rows import (
    ASSIGNMENT,
    a_classification,
    a_demand,
    a_matter,
    a_new_message,
)

DAY = timedelta(days=1)


@pytest.fixture
def filled(connection: Connection) -> Connection:
    """Two matters: one of three people (one of them twice, one nameless twice), one of one."""
    sealer = Sealer(b"k" * 32)
    people = [SenderDetails("甲"), SenderDetails("乙")]
    ids = find_or_add_senders(connection, sealer, people).ids
    one, other = (ids[p] for p in people)
    senders = [one, one, other, None, None, other]
    insert_messages(connection, [a_new_message(n, s) for n, s in enumerate(senders, 1)])
    insert_matters(connection, [a_matter(1), a_matter(2)])
    demands = [a_demand(1, 1), *(a_demand(n, 1, Relation.VOICE) for n in (2, 3, 4, 5))]
    insert_demands(connection, [*demands, a_demand(6, 2)])
    return connection


def test_people_are_counted_by_sender_and_the_nameless_one_by_one(filled: Connection) -> None:
    assert count_people(filled, [1, 2, 99]) == {1: 4, 2: 1}
    assert count_people(filled, []) == {}


def test_who_wrote_where_is_known_by_sender(filled: Connection) -> None:
    rows = read_messages_of(filled, 1, 10)
    one, other = rows[0][0].sender_id, rows[2][0].sender_id
    assert one is not None
    assert other is not None
    assert read_writers(filled, [one, other]) == {(1, one), (1, other), (2, other)}
    assert read_writers(filled, []) == set()


def test_messages_are_found_with_their_matter(filled: Connection) -> None:
    found = find_matters_of(filled, [1, 4, 6, 99])
    assert {k: v[:2] for k, v in found.items()} == {
        1: (1, Relation.FIRST), 4: (1, Relation.VOICE), 6: (2, Relation.FIRST),
    }  # fmt: skip


def test_a_message_stands_in_one_matter_only(filled: Connection) -> None:
    with pytest.raises(IntegrityError):
        insert_demands(filled, [a_demand(1, 2)])


def test_a_matter_comes_back_as_it_was(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1)])
    row = read_matter_row(connection, 1)
    assert row is not None
    assert as_assignment(row) == ASSIGNMENT
    shown = as_matter(row, 5)
    assert (shown.number, shown.member, shown.people_count) == ("2026-000001", "T1-M1", 5)
    assert shown.opened_at == NOW


@pytest.mark.parametrize("number", [0, -1, 2, 2**63])
def test_a_number_without_a_matter_gives_none(connection: Connection, number: int) -> None:
    insert_matters(connection, [a_matter(1)])
    assert read_matter_row(connection, number, lock=True) is None


def test_growth_adds_up_and_never_goes_back(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1), a_matter(2, is_urgent=True), a_matter(3)])
    grow_matters(
        connection,
        {
            1: Growth(NOW + DAY, NOW - DAY, message_count=2, copy_count=1, is_urgent=True),
            2: Growth(NOW - DAY, NO_EARLIER, message_count=1),
        },
    )
    rows = read_matter_rows(connection, [1, 2, 3])
    found = {
        n: (r.message_count, r.copy_count, r.is_urgent, r.last_message_at - NOW, r.due_at - NOW)
        for n, r in rows.items()
    }
    assert found == {
        1: (3, 1, True, DAY, -DAY),
        2: (2, 0, True, 0 * DAY, 0 * DAY),
        3: (1, 0, False, 0 * DAY, 0 * DAY),
    }


def test_events_keep_the_order_in_which_they_came(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1), a_matter(2)])
    kinds = ["routed", "message", "closed"]
    insert_events(connection, [NewEvent(1, NOW, "甲", kind, {"n": "文"}) for kind in kinds])
    insert_events(connection, [NewEvent(2, NOW, "乙", "routed", {})])
    assert [(e.kind, e.details) for e in read_events(connection, 1, 10)] == [
        (kind, {"n": "文"}) for kind in kinds
    ]


def test_classifications_stand_side_by_side_oldest_first(connection: Connection) -> None:
    insert_messages(connection, [a_new_message(1), a_new_message(2)])
    first, second = a_classification(), a_classification("王科")
    insert_classifications(connection, [(1, NOW, first)])
    # Written beforehand or not, it is the same.
    insert_classifications(connection, [(1, NOW, second)], {1: as_details(second)})
    assert read_classifications(connection, 1) == [first, second]
    assert read_classifications(connection, 2) == []


def test_the_next_id_follows_the_highest(connection: Connection) -> None:
    assert next_id(connection, matter) == 1
    insert_matters(connection, [a_matter(7), a_matter(3)])
    assert next_id(connection, matter) == 8


def test_nothing_to_store_is_no_statement(connection: Connection) -> None:
    insert_matters(connection, [])
    insert_demands(connection, [])
    insert_events(connection, [])
    insert_classifications(connection, [])
    grow_matters(connection, {})
    assert read_matter_rows(connection, []) == {}
