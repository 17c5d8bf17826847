"""What the model judged and people decided, as facts."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from service.digest.judged_facts import (
    CheckedMessage,
    Head,
    JudgedFacts,
    JudgedMessage,
    OpenedMatter,
)
from service.digest.periods import Period
from service.domain.deadline import SHANGHAI
from service.domain.digest_scope import DigestScope
from service.storage.database import Connection
from service.storage.digests.facts import judged as store


def read_judging(connection: Connection, period: Period, scope: DigestScope) -> JudgedFacts:
    """Of the period and of those before that it is compared with."""
    first, last = period.window()
    begin_at = datetime.combine(first, time(), SHANGHAI)
    judged: dict[int, JudgedMessage] = {}
    for row in store.read_judged(connection, first, last, scope):
        one = JudgedMessage(
            row.message_id, row.sent_on, row.topic_l1, row.confidence, row.model_version
        )
        judged.setdefault(row.message_id, one)
    return JudgedFacts(
        judged=tuple(judged.values()),
        checked=_checked(connection, begin_at, period.end_at, scope),
        opened=tuple(
            OpenedMatter(row.id, row.opened_at.astimezone(SHANGHAI).date(), row.is_reviewed)
            for row in store.read_opened(connection, begin_at, period.end_at, scope)
        ),
    )


def _checked(
    connection: Connection, begin_at: datetime, end_at: datetime, scope: DigestScope
) -> tuple[CheckedMessage, ...]:
    rows = store.read_checked(connection, begin_at, end_at, scope)
    model = store.read_first_judged(connection, sorted({row.message_id for row in rows}))
    return tuple(
        CheckedMessage(
            row.message_id,
            row.decided_at.astimezone(SHANGHAI).date(),
            _wrong(model[row.message_id], row),
        )
        for row in rows
        if row.message_id in model
    )


def _wrong(model: Any, person: Any) -> tuple[Head, ...]:
    differs = {
        Head.TOPIC_L1: model.topic[:2] != person.topic[:2],
        Head.TOPIC: model.topic != person.topic,
        Head.DEPARTMENT: model.department != person.department,
        Head.KIND: model.kind != person.kind,
        Head.URGENT: model.is_urgent != person.is_urgent,
    }
    return tuple(head for head, is_wrong in differs.items() if is_wrong)
