"""What stands in the archive and may be judged or matched again, found part by part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, select

from service.domain.classification import MODEL
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.storage.matters.history import SYSTEM
from service.storage.messages.erasures import is_erased
from service.storage.rows import chunks
from service.storage.tables import classification, demand, event, matter, message

_BY_SOMEBODY = exists().where(event.c.matter_id == matter.c.id, event.c.actor != SYSTEM)


def count_judged_otherwise(connection: Connection, version: str) -> int:
    """Of how many messages the last judgement by a model is not that of this version."""
    query = select(func.count()).select_from(message).where(_is_judged_otherwise(version))
    return int(connection.execute(query).scalar_one())


def find_judged_otherwise(
    connection: Connection, version: str, after: int, count: int
) -> list[int]:
    """Ids above ``after`` of at most ``count`` such messages, in order."""
    query = select(message.c.id).where(message.c.id > after, _is_judged_otherwise(version))
    return list(connection.execute(query.order_by(message.c.id).limit(count)).scalars())


def keep_judged_otherwise(
    connection: Connection, version: str, message_ids: Sequence[int]
) -> set[int]:
    """Those of these messages that are such still."""
    found: set[int] = set()
    for part in chunks(message_ids):
        query = select(message.c.id).where(message.c.id.in_(part), _is_judged_otherwise(version))
        found.update(connection.execute(query).scalars())
    return found


def _is_judged_otherwise(version: str) -> ColumnElement[bool]:
    last = (
        select(classification.c.model_version)
        .where(classification.c.message_id == message.c.id, classification.c.decided_by == MODEL)
        .order_by(classification.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return and_(func.coalesce(last, "") != version, ~is_erased(message.c.id))


def lock_untouched_led(connection: Connection, message_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Rows of open matters that no person acted on, by the message among these that opened them.

    They are kept for this transaction.
    """
    found: dict[int, Row[Any]] = {}
    for part in chunks(message_ids):
        query = (
            select(matter, demand.c.message_id)
            .join(demand, demand.c.matter_id == matter.c.id)
            .where(
                demand.c.message_id.in_(part),
                demand.c.relation == Relation.FIRST.value,
                matter.c.status.in_((MatterStatus.REVIEW.value, MatterStatus.ASSIGNED.value)),
                ~_BY_SOMEBODY,
            )
            .order_by(matter.c.id)
            .with_for_update(of=matter)
        )
        found.update({row.message_id: row for row in connection.execute(query)})
    return found


def count_matters(connection: Connection) -> int:
    """How many matters there are."""
    return int(connection.execute(select(func.count()).select_from(matter)).scalar_one())


def find_matters(connection: Connection, after: int, count: int) -> list[int]:
    """Ids above ``after`` of at most ``count`` matters, in order."""
    query = select(matter.c.id).where(matter.c.id > after).order_by(matter.c.id).limit(count)
    return list(connection.execute(query).scalars())


def find_free(connection: Connection, matter_ids: Sequence[int]) -> dict[int, int]:
    """Those of these matters whose only message may still move, each with the message.

    They wait in review and no person has acted on them.
    """
    found: dict[int, int] = {}
    for part in chunks(matter_ids):
        rows = connection.execute(_free(part))
        found.update({row.id: row.message_id for row in rows})
    return found


def _free(matter_ids: Sequence[int]) -> Select[Any]:
    return (
        select(matter.c.id, demand.c.message_id)
        .join(demand, demand.c.matter_id == matter.c.id)
        .where(
            matter.c.id.in_(matter_ids),
            matter.c.message_count == 1,
            ~is_erased(demand.c.message_id),
            matter.c.status == MatterStatus.REVIEW.value,
            ~_BY_SOMEBODY,
        )
        .order_by(matter.c.id)
    )
