"""What messages of a matter say."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from service.domain.relation import Relation
from service.storage.rows import chunks
from service.storage.tables import demand, message


def read_quotes(
    connection: Connection, matter_ids: list[int], end_at: datetime, count: int
) -> dict[int, tuple[str, ...]]:
    """The first ``count`` masked texts of each matter that are no copies, oldest first."""
    quotes: dict[int, tuple[str, ...]] = {}
    order = (
        func.row_number()
        .over(partition_by=demand.c.matter_id, order_by=(message.c.sent_at, message.c.id))
        .label("place")
    )
    for part in chunks(matter_ids):
        ranked = (
            select(demand.c.matter_id, message.c.masked_text, order)
            .join(message, message.c.id == demand.c.message_id)
            .where(
                demand.c.matter_id.in_(part),
                demand.c.relation != Relation.COPY.value,
                message.c.sent_at < end_at,
            )
            .subquery()
        )
        rows = connection.execute(
            select(ranked.c.matter_id, ranked.c.masked_text)
            .where(ranked.c.place <= count)
            .order_by(ranked.c.matter_id, ranked.c.place)
        )
        for matter_id, text in rows:
            quotes[matter_id] = (*quotes.get(matter_id, ()), text)
    return quotes
