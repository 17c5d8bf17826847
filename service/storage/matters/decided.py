"""Decided matters: those that went out, and those on which a person gave the classification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, or_, select

from service.domain.classification import MODEL
from service.domain.relation import Relation
from service.domain.status import SENT_OUT_STATUSES
from service.storage.rows import chunks
from service.storage.tables import classification, demand, matter, message

_WENT_OUT = sorted(status.value for status in SENT_OUT_STATUSES)
_IS_BY_PERSON = exists().where(
    classification.c.message_id == demand.c.message_id, classification.c.decided_by != MODEL
)
_OPENED_BY = and_(demand.c.matter_id == matter.c.id, demand.c.relation == Relation.FIRST.value)


def find_decided(connection: Connection, matter_ids: Sequence[int]) -> set[int]:
    """Those of the matters that are decided."""
    found: set[int] = set()
    for part in chunks(matter_ids):
        query = (
            select(matter.c.id)
            .join(demand, _OPENED_BY)
            .where(matter.c.id.in_(part), or_(matter.c.status.in_(_WENT_OUT), _IS_BY_PERSON))
        )
        found.update(connection.execute(query).scalars())
    return found


def read_decided(connection: Connection, matter_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """By matter its columns, with the masked words and the time of the message that opened it.

    ``is_by_person``: a person gave the classification.
    """
    found: dict[int, Row[Any]] = {}
    for part in chunks(matter_ids):
        query = (
            select(
                matter,
                message.c.masked_title,
                message.c.masked_text,
                message.c.sent_at,
                _IS_BY_PERSON.label("is_by_person"),
            )
            .join(demand, _OPENED_BY)
            .join(message, message.c.id == demand.c.message_id)
            .where(matter.c.id.in_(part))
        )
        found.update({row.id: row for row in connection.execute(query)})
    return found
