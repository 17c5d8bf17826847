"""Settled matters by topic, and those of them that were ever sent back 退单."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from service.domain.duty_suggestion import SettledReturn, SettledTopic
from service.domain.returns import accepted_returns
from service.storage.casework.returns import read_moves_on_returns
from service.storage.rows import chunks
from service.storage.tables import IS_SETTLED, WAS_RETURNED, matter


def count_settled(connection: Connection) -> dict[str, SettledTopic]:
    """What became of the settled matters, by topic: only topics of which any was ever sent back."""
    returned = select(matter.c.topic).where(WAS_RETURNED, matter.c.topic != "").distinct()
    query = (
        select(
            matter.c.topic,
            matter.c.department,
            func.count().label("matters"),
            func.sum(case((matter.c.return_count > 0, 1), else_=0)).label("returned"),
        )
        .where(IS_SETTLED, matter.c.topic.in_(returned))
        .group_by(matter.c.topic, matter.c.department)
    )
    rows: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query):
        rows.setdefault(row.topic, []).append(row)
    return {topic: _settled_topic(found) for topic, found in rows.items()}


def _settled_topic(rows: Sequence[Row[Any]]) -> SettledTopic:
    ended = {row.department: row.matters for row in rows}
    return SettledTopic(ended, sum(row.returned for row in rows))


def read_settled_returns(
    connection: Connection, topics: Sequence[str]
) -> dict[str, list[SettledReturn]]:
    """The settled matters on these topics that a department rightly sent back, by topic."""
    found: dict[str, list[SettledReturn]] = {}
    for part in chunks(topics):
        for topic, settled in _read_part(connection, part):
            found.setdefault(topic, []).append(settled)
    return found


def _read_part(
    connection: Connection, topics: Sequence[str]
) -> Iterator[tuple[str, SettledReturn]]:
    query = select(matter.c.id, matter.c.number, matter.c.topic, matter.c.department).where(
        WAS_RETURNED, IS_SETTLED, matter.c.topic.in_(topics)
    )
    rows = connection.execute(query).all()
    moves = read_moves_on_returns(connection, [row.id for row in rows])
    for row in rows:
        returns = accepted_returns(moves.get(row.id, ()), row.department)
        returned_by = tuple(one.department for one in returns if one.department != row.department)
        if returned_by:
            yield row.topic, SettledReturn(row.id, row.number, returned_by, row.department)
