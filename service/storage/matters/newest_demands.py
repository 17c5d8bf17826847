"""The newest demands of matters that have very many."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Subquery, select, union_all

from service.storage.tables import demand


def newest_demands(matter_ids: Sequence[int], limit: int) -> Subquery:
    """Of each of these matters at most ``limit`` demands, by ``matter_id`` and ``message_id``."""
    each = [
        select(demand.c.matter_id, demand.c.message_id)
        .where(demand.c.matter_id == matter_id)
        .order_by(demand.c.id.desc())
        .limit(limit)
        .subquery()
        for matter_id in matter_ids
    ]
    return union_all(*(select(newest) for newest in each)).subquery()
