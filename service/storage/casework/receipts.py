"""What stands under a receipt: a message, its parts, and the matters these belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from service.storage.rows import chunks
from service.storage.tables import demand, matter, message


def find_message(connection: Connection, receipt: str) -> Row[Any] | None:
    """The row of the message that was given this receipt, or None."""
    return connection.execute(select(message).where(message.c.receipt == receipt)).first()


def read_pins(connection: Connection, ids: Sequence[int]) -> dict[int, bytes]:
    """The sealed PINs of these messages, by id; those without one are left out."""
    found: dict[int, bytes] = {}
    for part in chunks(ids):
        rows = connection.execute(
            select(message.c.id, message.c.pin).where(
                message.c.id.in_(part), message.c.pin.is_not(None)
            )
        )
        found.update({message_id: bytes(pin) for message_id, pin in rows})
    return found


def read_matters_under(connection: Connection, message_id: int) -> list[Row[Any]]:
    """The matters of a message and of its parts, in the order of its text.

    Each is a row of its matter with ``demand_id``, ``message_id`` and the span of the part.
    """
    parts = select(message.c.id).where(message.c.part_of == message_id).scalar_subquery()
    query = (
        select(
            matter,
            demand.c.id.label("demand_id"),
            demand.c.message_id,
            demand.c.part_start,
            demand.c.part_end,
        )
        .join(demand, demand.c.matter_id == matter.c.id)
        .where(or_(demand.c.message_id == message_id, demand.c.message_id.in_(parts)))
        .order_by(demand.c.part_start, demand.c.message_id)
    )
    return list(connection.execute(query))
