"""What people decided on messages that the model had judged, for measuring the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from service.domain.classification import MODEL, Verdict
from service.storage.messages.classifications import as_verdict
from service.storage.tables import IS_PART, classification, message

_QUESTIONS = ("topic_l1", "department", "kind")
# A part of a message is no message that comes in.
_IS_WHOLE = classification.c.message_id.not_in(select(message.c.id).where(IS_PART))


@dataclass(frozen=True, slots=True)
class Judged:
    """The model's verdicts on one message, by question."""

    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class Checked(Judged):
    """And ``labels``, what a person decided last."""

    labels: Mapping[str, str]


def read_checked(connection: Connection) -> list[Checked]:
    """All messages that the model judged first and a person decided on."""
    of_model = classification.alias("of_model")
    last = (
        select(func.max(classification.c.id).label("id"))
        .where(classification.c.decided_by != MODEL)
        .group_by(classification.c.message_id)
        .subquery()
    )
    first = (
        select(func.min(classification.c.id).label("id"))
        .where(classification.c.decided_by == MODEL)
        .group_by(classification.c.message_id)
        .subquery()
    )
    query = (
        select(of_model.c.details, classification.c.details.label("decided"))
        .join(last, last.c.id == classification.c.id)
        .join(of_model, of_model.c.message_id == classification.c.message_id)
        .join(first, first.c.id == of_model.c.id)
        .where(_IS_WHOLE)
        .order_by(classification.c.id)
    )
    return [
        Checked(_verdicts(row.details), {q: row.decided[q][0] for q in _QUESTIONS})
        for row in connection.execute(query)
    ]


def read_newest_judged(connection: Connection, count: int) -> list[Judged]:
    """The model's verdicts on the ``count`` messages that it judged last."""
    query = (
        select(classification.c.details)
        .where(classification.c.decided_by == MODEL, _IS_WHOLE)
        .order_by(classification.c.id.desc())
        .limit(count)
    )
    return [Judged(_verdicts(details)) for details in connection.execute(query).scalars()]


def _verdicts(details: Mapping[str, Any]) -> dict[str, Verdict]:
    return {question: as_verdict(details[question]) for question in _QUESTIONS}
