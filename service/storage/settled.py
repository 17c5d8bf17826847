"""Settled matters by topic, and those of them that were ever sent back 退单."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from service.domain.duty_suggestion import SettledReturn
from service.domain.returns import accepted_returns
from service.storage.returns import read_moves_on_returns
from service.storage.rows import chunks
from service.storage.tables import IS_SETTLED, WAS_RETURNED, matter


def count_settled(connection: Connection) -> dict[str, dict[str, int]]:
    """How many settled matters ended at each department ("" for none), by topic.

    Only topics of which a matter was ever sent back.
    """
    returned = select(matter.c.topic).where(WAS_RETURNED, matter.c.topic != "").distinct()
    query = (
        select(matter.c.topic, matter.c.department, func.count().label("matters"))
        .where(IS_SETTLED, matter.c.topic.in_(returned))
        .group_by(matter.c.topic, matter.c.department)
    )
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.topic, {})[row.department] = row.matters
    return found


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
