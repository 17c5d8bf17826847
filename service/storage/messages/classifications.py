"""Classifications: the model's and people's, kept side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, select

from service.domain.classification import MODEL, Classification, Verdict
from service.storage.rows import chunks, insert_rows
from service.storage.tables import classification
from service.storage.values import as_json

_LAST_IN_FORCE = (classification.c.decided_by != MODEL, classification.c.id)


def insert_classifications(
    connection: Connection,
    items: Iterable[tuple[int, datetime, Classification]],
    details: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """Keep (message id, time, classification); nothing is ever overwritten.

    ``details`` are those ``as_details`` of classifications, by message, that are written already.
    """
    rows = [_as_row(message_id, at, item, details) for message_id, at, item in items]
    insert_rows(connection, classification, rows, as_written={"details"})


def as_details(item: Classification) -> str:
    """What the column of details holds of a classification."""
    return as_json(
        {
            "topic_l1": _as_json(item.topic_l1),
            "topic": _as_json(item.topic),
            "department": _as_json(item.department),
            "kind": _as_json(item.kind),
            "urgent_probability": item.urgent_probability,
            "review": item.review,
        }
    )


def _as_row(
    message_id: int, at: datetime, item: Classification, details: Mapping[int, str]
) -> dict[str, object]:
    return {
        "message_id": message_id,
        "decided_by": item.decided_by,
        "decided_at": at,
        "model_version": item.model_version,
        "topic": item.topic.label,
        "department": item.department.label,
        "kind": item.kind.label,
        "is_urgent": item.is_urgent,
        "details": details.get(message_id) or as_details(item),
    }


def _as_json(verdict: Verdict) -> list[object]:
    return [verdict.label, verdict.probability, verdict.alternatives]


def as_verdict(stored: list[Any]) -> Verdict:
    """The verdict that a column of details holds."""
    label, probability, alternatives = stored
    return Verdict(label, probability, tuple((name, p) for name, p in alternatives))


def read_classifications(connection: Connection, message_id: int) -> list[Classification]:
    """All classifications of a message: the model's, then people's, each oldest first.

    The last one is in force: a person's wins over a model's that came later.
    """
    rows = connection.execute(
        select(classification)
        .where(classification.c.message_id == message_id)
        .order_by(*_LAST_IN_FORCE)
    )
    return [_as_classification(row) for row in rows]


def read_latest_classifications(
    connection: Connection, message_ids: Sequence[int]
) -> dict[int, Classification]:
    """The classification in force of each of these messages, by message id."""
    found: dict[int, Classification] = {}
    for part in chunks(message_ids):
        rows = connection.execute(
            select(classification)
            .where(classification.c.message_id.in_(part))
            .order_by(*_LAST_IN_FORCE)
        )
        found.update({row.message_id: _as_classification(row) for row in rows})
    return found


def read_last_by_model(
    connection: Connection, message_ids: Sequence[int]
) -> dict[int, Classification]:
    """The last classification by a model of each of these messages, by message id."""
    found: dict[int, Classification] = {}
    for part in chunks(message_ids):
        rows = connection.execute(
            select(classification)
            .where(classification.c.message_id.in_(part), classification.c.decided_by == MODEL)
            .order_by(classification.c.id)
        )
        found.update({row.message_id: _as_classification(row) for row in rows})
    return found


def first_by_model(classifications: Iterable[Classification]) -> Classification | None:
    """The first of them that a model decided."""
    return next((one for one in classifications if one.decided_by == MODEL), None)


def _as_classification(row: Row[Any]) -> Classification:
    details: Mapping[str, Any] = row.details
    return Classification(
        topic_l1=as_verdict(details["topic_l1"]),
        topic=as_verdict(details["topic"]),
        department=as_verdict(details["department"]),
        kind=as_verdict(details["kind"]),
        is_urgent=row.is_urgent,
        urgent_probability=details["urgent_probability"],
        review=tuple(details["review"]),
        model_version=row.model_version,
        decided_by=row.decided_by,
    )
