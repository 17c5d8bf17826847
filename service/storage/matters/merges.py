"""Merges of matters: what moved, and what is needed to split it off again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from service.domain.relation import Relation
from service.storage.expected import check_expected
from service.storage.rows import chunks, next_id
from service.storage.tables import demand, event, exemplar, matter, merge, merged_demand, message


class Moved(NamedTuple):
    """A demand that leaves its matter, and its relation to the one it comes to."""

    id: int
    message_id: int
    old: Relation
    new: Relation


def lock_matters(connection: Connection, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Rows of matters by id, kept for this transaction, always locked in the same order."""
    query = select(matter).where(matter.c.id.in_(ids)).order_by(matter.c.id).with_for_update()
    rows = connection.execute(query).all()
    check_expected(connection, rows)
    return {row.id: row for row in rows}


def read_demands(connection: Connection, matter_id: int) -> list[Row[Any]]:
    """The demands of a matter (id, message_id, relation) with their senders, the oldest first."""
    query = (
        select(demand.c.id, demand.c.message_id, demand.c.relation, message.c.sender_id)
        .join(message, message.c.id == demand.c.message_id)
        .where(demand.c.matter_id == matter_id)
        .order_by(demand.c.message_id)
    )
    return list(connection.execute(query))


def insert_merge(
    connection: Connection,
    matter_id: int,
    into: Row[Any],
    moved: Sequence[Moved],
    **who: object,
) -> None:
    """Note a merge (``reason``, ``actor``, ``at``), how the other matter stands before it, and
    how the demands stood that move.
    """
    merge_id = next_id(connection, merge)
    row = {
        "id": merge_id,
        "matter_id": matter_id,
        "into_id": into.id,
        "was_urgent": into.is_urgent,
        "was_due_at": into.due_at,
        "was_message_count": into.message_count,
        **who,
    }
    connection.execute(insert(merge), [row])
    rows = [
        {"merge_id": merge_id, "demand_id": each.id, "relation": each.old.value} for each in moved
    ]
    connection.execute(insert(merged_demand), rows)


def move_demands(connection: Connection, matter_id: int, moved: Sequence[Moved]) -> None:
    """Let demands belong to a matter with their new relation, and stand for it if they stood."""
    if not moved:
        return
    statement = update(demand).where(demand.c.id == bindparam("demand"))
    connection.execute(
        statement,
        [{"demand": each.id, "matter_id": matter_id, "relation": each.new.value} for each in moved],
    )
    for part in chunks([each.message_id for each in moved]):
        standing = update(exemplar).where(exemplar.c.message_id.in_(part))
        connection.execute(standing.values(matter_id=matter_id))


def read_moved(connection: Connection, merge_id: int, into_id: int) -> list[Moved]:
    """The demands that a merge moved and that are still there, with the way back: ``new`` is the
    relation they had.
    """
    query = (
        select(demand.c.id, demand.c.message_id, demand.c.relation, merged_demand.c.relation)
        .join(merged_demand, merged_demand.c.demand_id == demand.c.id)
        .where(merged_demand.c.merge_id == merge_id, demand.c.matter_id == into_id)
        .order_by(demand.c.id)
    )
    return [
        Moved(number, message_id, Relation(now), Relation(before))
        for number, message_id, now, before in connection.execute(query)
    ]


def move_out(connection: Connection, message_id: int, matter_id: int) -> None:
    """Let a message's demand open a matter, and the message stand for it if it stood for one."""
    opens = {"relation": Relation.FIRST.value, "same_probability": 0.0, "because": []}
    where = demand.c.message_id == message_id
    connection.execute(update(demand).where(where).values(matter_id=matter_id, **opens))
    standing = update(exemplar).where(exemplar.c.message_id == message_id)
    connection.execute(standing.values(matter_id=matter_id))


def find_opened_by(connection: Connection, message_id: int) -> str | None:
    """The number of a matter that this message opened and that is merged into another now."""
    query = (
        select(matter.c.number)
        .join(merge, merge.c.matter_id == matter.c.id)
        .join(merged_demand, merged_demand.c.merge_id == merge.c.id)
        .join(demand, demand.c.id == merged_demand.c.demand_id)
        .where(
            demand.c.message_id == message_id,
            merged_demand.c.relation == Relation.FIRST.value,
            merge.c.split_at.is_(None),
        )
    )
    return connection.execute(query).scalar()


def count_again(connection: Connection, matter_id: int) -> dict[str, Any]:
    """The columns of a matter that follow from its messages: their counts and the last time."""
    query = (
        select(
            func.count().label("message_count"),
            func.count().filter(demand.c.relation == Relation.COPY.value).label("copy_count"),
            func.max(message.c.sent_at).label("last_message_at"),
        )
        .join(message, message.c.id == demand.c.message_id)
        .where(demand.c.matter_id == matter_id)
    )
    return dict(connection.execute(query).one()._mapping)


def read_merges(connection: Connection, into_id: int) -> list[Row[Any]]:
    """Merges into a matter that stand, the newest first, with the merged matter's ``number``,
    ``title`` and ``message_count``.
    """
    query = (
        select(merge, matter.c.number, matter.c.title, matter.c.message_count)
        .join(matter, matter.c.id == merge.c.matter_id)
        .where(merge.c.into_id == into_id, merge.c.split_at.is_(None))
        .order_by(merge.c.id.desc())
    )
    return list(connection.execute(query))


def find_merge(connection: Connection, matter_id: int) -> Row[Any] | None:
    """The standing merge of a matter into another; None where it stands alone."""
    query = select(merge).where(merge.c.matter_id == matter_id, merge.c.split_at.is_(None))
    return connection.execute(query).first()


def read_events_since(connection: Connection, standing: Row[Any]) -> list[Row[Any]]:
    """The track of the other matter since a merge that stands, the oldest first."""
    noted = select(func.max(event.c.id)).where(
        event.c.matter_id == standing.matter_id, event.c.kind == "merged"
    )
    query = select(event).where(
        event.c.matter_id == standing.into_id, event.c.id > noted.scalar_subquery()
    )
    return list(connection.execute(query.order_by(event.c.id)))


def note_split(connection: Connection, merge_id: int, at: datetime) -> None:
    """A merge stands no longer."""
    connection.execute(update(merge).where(merge.c.id == merge_id).values(split_at=at))
