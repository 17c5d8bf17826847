"""What is older than its period: counted, found, and deleted a few rows at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Column, Connection, Select, delete, exists, func, or_, select

from service.storage.messages.erasures import is_erased
from service.storage.tables import (
    account_event,
    attempt,
    demand,
    idempotency,
    kept_digest,
    kept_digest_form,
    login,
    matter,
    message,
    sender_look,
)

# By class of data: its rows' key, and the time that a period begins with.
_ROWS: Mapping[str, tuple[Column[object], Column[datetime]]] = MappingProxyType(
    {
        "looks": (sender_look.c.id, sender_look.c.at),
        "account_events": (account_event.c.id, account_event.c.at),
        "answers": (idempotency.c.key, idempotency.c.begun_at),
        "sessions": (login.c.token_digest, login.c.ends_at),
        "attempts": (attempt.c.digest, attempt.c.failed_at),
    }
)


def count_rows_before(connection: Connection, name: str, before: datetime) -> int:
    """How many rows of a class began before a time."""
    key, at = _ROWS[name]
    return int(connection.execute(select(func.count(key)).where(at < before)).scalar_one())


def delete_rows_before(connection: Connection, name: str, before: datetime, at_most: int) -> int:
    """Delete such rows, so many at most; how many went."""
    key, at = _ROWS[name]
    oldest = select(key).where(at < before).limit(at_most)
    return connection.execute(delete(key.table).where(key.in_(oldest))).rowcount


def count_messages_before(connection: Connection, before: datetime) -> int:
    """How many whole messages ``find_messages_before`` would find."""
    found = _messages_before(before).subquery()
    return int(connection.execute(select(func.count()).select_from(found)).scalar_one())


def find_messages_before(connection: Connection, before: datetime, at_most: int) -> list[int]:
    """Whole messages that arrived, and whose matters and those of their parts closed, before."""
    query = _messages_before(before).order_by(message.c.id).limit(at_most)
    return list(connection.execute(query).scalars())


def _messages_before(before: datetime) -> Select[int]:
    part = message.alias("part")
    is_needed = or_(matter.c.closed_at.is_(None), matter.c.closed_at >= before)
    needed = (
        exists()
        .where(or_(part.c.id == message.c.id, part.c.part_of == message.c.id))
        .where(demand.c.message_id == part.c.id, matter.c.id == demand.c.matter_id, is_needed)
        .correlate(message)
    )
    own = (
        select(message.c.id)
        .join(demand, demand.c.message_id == message.c.id)
        .join(matter, matter.c.id == demand.c.matter_id)
    )
    return own.where(
        message.c.part_of.is_(None),
        message.c.received_at < before,
        matter.c.closed_at < before,
        ~is_erased(message.c.id),
        ~needed,
    )


def count_digests_before(connection: Connection, before: datetime) -> int:
    """How many kept digests ``find_digests_before`` would find."""
    found = _digests_before(before).subquery()
    return int(connection.execute(select(func.count()).select_from(found)).scalar_one())


def find_digests_before(connection: Connection, before: datetime, at_most: int) -> list[int]:
    """Kept digests whose data were read before a time, and that still have a form."""
    query = _digests_before(before).order_by(kept_digest.c.id).limit(at_most)
    return list(connection.execute(query).scalars())


def _digests_before(before: datetime) -> Select[int]:
    has_form = exists().where(kept_digest_form.c.kept_digest_id == kept_digest.c.id)
    return select(kept_digest.c.id).where(kept_digest.c.cut_at < before, has_form)
