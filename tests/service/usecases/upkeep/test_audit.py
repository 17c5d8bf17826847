"""Histories are sealed and verified: whatever is changed, deleted or cut off is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from service.domain.order import Order
from service.domain.path import Move
from service.storage import tables
from service.storage.database import Connection
from service.storage.sealing.sealer import Sealer
from service.usecases.casework.casework import move_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.upkeep.audit import seal_histories, verify_histories
from tests.makers import Clock, a_message
from tests.service.usecases.books import rows

event, matter = tables.event, tables.matter


@pytest.fixture
def matter_id(context: Context) -> int:
    (received,) = receive_messages(context, [a_message()])
    for move in (Move.SIGN, Move.START):
        move_matter(context, received.matter_id, Order(move), "甲")
    return received.matter_id


def change(connection: Connection, matter_id: int) -> None:
    where = event.c.matter_id == matter_id, event.c.number == 2
    connection.execute(update(event).where(*where).values(actor="乙"))


def delete_one(connection: Connection, matter_id: int) -> None:
    where = event.c.matter_id == matter_id, event.c.number == 2
    connection.execute(delete(event).where(*where))


def cut_off(connection: Connection, matter_id: int) -> None:
    where = event.c.matter_id == matter_id, event.c.number == 4
    connection.execute(delete(event).where(*where))


def cut_off_all_traces(connection: Connection, matter_id: int) -> None:
    """Cut the last entry off and set the head back to the one before it."""
    cut_off(connection, matter_id)
    before = event.c.matter_id == matter_id, event.c.number == 3
    digest = connection.execute(event.select().where(*before)).one().digest
    head = {"event_count": 3, "event_head": digest}
    connection.execute(update(matter).where(matter.c.id == matter_id).values(head))


def wipe_out(connection: Connection, matter_id: int) -> None:
    for table, column in (
        (event, event.c.matter_id),
        (tables.demand, tables.demand.c.matter_id),
        (tables.exemplar, tables.exemplar.c.matter_id),
        (matter, matter.c.id),
    ):
        connection.execute(delete(table).where(column == matter_id))


def forge_a_seal(connection: Connection, matter_id: int) -> None:
    cut_off_all_traces(connection, matter_id)
    digest = event.select().where(event.c.matter_id == matter_id, event.c.number == 3)
    sealed = {"number": 3, "digest": connection.execute(digest).one().digest}
    connection.execute(update(tables.sealed_head).values(sealed))


def test_an_honest_history_has_no_faults(context: Context, matter_id: int) -> None:
    found = verify_histories(context)
    assert (found.matter_count, found.entry_count, found.seal_count) == (1, 4, 0)
    assert found.faults == []


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        (change, "第 2 条经过被改动"),
        (delete_one, "第 2 条经过不见了"),
        (cut_off, "最后的经过被截去或改动"),
        (cut_off_all_traces, "经过与封存时不符"),
        (wipe_out, "整件不见了"),
        (forge_a_seal, "封存记录被改动"),
    ],
    ids=lambda each: each.__name__ if callable(each) else "",
)
def test_a_deed_is_found(
    context: Context, matter_id: int, deed: Callable[[Connection, int], None], told: str
) -> None:
    assert seal_histories(context) == 1
    with context.database.transaction() as connection:
        deed(connection, matter_id)
    (fault, *_) = verify_histories(context).faults
    assert told in fault


def test_a_seal_is_set_once_a_day_on_what_changed(
    context: Context, clock: Clock, matter_id: int
) -> None:
    assert seal_histories(context) == 1
    assert seal_histories(context) is None
    clock.forward(days=1)
    move_matter(context, matter_id, Order(Move.CLOSE, note="好"), "甲")
    assert seal_histories(context) == 1
    clock.forward(days=-30)
    assert seal_histories(context) is None
    assert verify_histories(context).seal_count == 2
    assert verify_histories(context).faults == []


def test_another_key_made_no_seal(context: Context, matter_id: int) -> None:
    seal_histories(context)
    other = replace(context, sealer=Sealer(b"x" * 32))
    assert any("密钥" in fault for fault in verify_histories(other).faults)


def test_where_there_is_nothing_nothing_is_found_or_sealed(context: Context) -> None:
    assert verify_histories(context).faults == []
    assert rows(context, tables.seal) == []
    assert seal_histories(context) == 0
