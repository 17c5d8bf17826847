"""Consultations and supervision recorded on matters."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, select

from service.storage.tables import consultation, event


def insert_consultation(connection: Connection, **columns: object) -> None:
    """Record what was held."""
    connection.execute(insert(consultation).values(columns))


def read_consultations(connection: Connection, matter_id: int) -> list[Row[Any]]:
    """What was held on a matter, in the order of the days."""
    query = select(consultation).where(consultation.c.matter_id == matter_id)
    return list(connection.execute(query.order_by(consultation.c.held_on, consultation.c.id)))


def read_loop_steps(connection: Connection, matter_id: int, kind: str) -> list[Row[Any]]:
    """The entries of a matter's history that tell of a step, in order."""
    query = select(event).where(event.c.matter_id == matter_id, event.c.kind == kind)
    return list(connection.execute(query.order_by(event.c.number)))
