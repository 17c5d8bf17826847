"""Counts of each day of a long time, from an even share of the messages."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, and_, func, select

from service.domain.digest_scope import DigestScope
from service.domain.relation import Relation
from service.storage.digests.facts.scope import in_digest_scope
from service.storage.tables import demand, matter, message

MOST_MESSAGES = 30_000  # so many tell all shares well enough, and are counted in a moment


def read_history(
    connection: Connection, first: date, end: date, scope: DigestScope, most: int = MOST_MESSAGES
) -> tuple[tuple[date, str, str, str, int], ...]:
    """(day, topic, place, department, count) from ``first`` up to but not including ``end``.

    Copies and parts are left out. Of more than ``most`` messages every second one is counted, or
    every third and so on, by their ids: the same for each day.
    """
    is_meant = and_(message.c.sent_on >= first, message.c.sent_on < end)
    total = connection.execute(select(func.count()).select_from(message).where(is_meant)).scalar()
    step = -(-(total or 0) // most)
    is_drawn = message.c.id % max(step, 1) == 0
    # By ids, so that of the messages an index is read alone; parts are few.
    parts = message.alias()
    is_whole = message.c.id.not_in(select(parts.c.id).where(parts.c.part_of.is_not(None)))
    keys = message.c.sent_on, matter.c.topic, matter.c.place, matter.c.department
    query = (
        select(*keys, func.count())
        .select_from(message)
        .join(demand, demand.c.message_id == message.c.id)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(is_meant, is_drawn, is_whole, demand.c.relation != Relation.COPY.value)
        .where(in_digest_scope(scope))
        .group_by(*keys)
        .order_by(*keys)
    )
    return tuple((row[0], row[1], row[2], row[3], row[4]) for row in connection.execute(query))
