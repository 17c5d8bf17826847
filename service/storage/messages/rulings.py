"""Rulings: what the administrator's rules said of messages at their arrival."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, insert, select

from service.domain.standing_rule import Applied, Ruling
from service.storage.organisation.provisions import rule_as_json, rule_from_json
from service.storage.rows import chunks
from service.storage.tables import ruling


def insert_rulings(connection: Connection, items: Iterable[tuple[int, Ruling]]) -> None:
    """Keep (message id, ruling), with the rules as they were."""
    rows = [{"message_id": message_id, "details": _as_json(item)} for message_id, item in items]
    if rows:
        connection.execute(insert(ruling), rows)


def _as_json(item: Ruling) -> list[list[object]]:
    return [[rule_as_json(applied.rule), applied.because] for applied in item.applied]


def read_rulings(connection: Connection, message_ids: Sequence[int]) -> dict[int, Ruling]:
    """What the rules said of these messages, by message id; those they said nothing of are left."""
    found: dict[int, Ruling] = {}
    for part in chunks(message_ids):
        rows = connection.execute(select(ruling).where(ruling.c.message_id.in_(part)))
        for row in rows:
            applied = (Applied(rule_from_json(rule), because) for rule, because in row.details)
            found[row.message_id] = Ruling(tuple(applied))
    return found
