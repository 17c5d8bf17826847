"""Whose matters an account is for, as conditions on matters; and who has what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Text,
    cast,
    func,
    or_,
    select,
)

from service.domain.access import Holder, Scope, ScopeKind
from service.storage.rows import chunks, is_id
from service.storage.tables import demand, matter, message, reception, reply


def in_scope(
    scope: Scope, of: FromClause = matter, *, by_index: bool = True
) -> list[ColumnElement[bool]]:
    """What a matter must be to lie in a scope; nothing for the whole.

    Parameters
    ----------
    by_index
        Whether an index may serve it: not where something else leads.
    """
    if scope.kind is ScopeKind.WHOLE:
        return []
    column: ColumnElement[str] = of.c[scope.kind.value]
    has_it = (column if by_index else func.coalesce(column, "")).in_(sorted(scope.codes))
    if scope.kind is not ScopeKind.DEPARTMENT:
        return [has_it]
    # As they stand in the column: a list of texts in JSON.
    written = cast(of.c.helping, Text)
    helps = [written.contains(json.dumps(one), autoescape=True) for one in sorted(scope.codes)]
    return [or_(has_it, *helps)]


def find_in_scope(connection: Connection, matter_ids: Sequence[int], scope: Scope) -> set[int]:
    """Those of these matters that lie in a scope."""
    if scope.kind is ScopeKind.WHOLE:
        return set(matter_ids)
    found: set[int] = set()
    for part in chunks(matter_ids):
        wanted = matter.c.id.in_(part), *in_scope(scope, by_index=False)
        found.update(connection.execute(select(matter.c.id).where(*wanted)).scalars())
    return found


def as_holder(row: Any) -> Holder:
    """Who has the matter of a row."""
    return Holder(row.committee, row.studio, row.department, tuple(row.helping))


def find_matter_of_message(connection: Connection, message_id: int) -> int | None:
    """The matter of a message; of a part that of the whole message. None where there is none."""
    whole = select(func.coalesce(message.c.part_of, message.c.id)).where(message.c.id == message_id)
    query = select(demand.c.matter_id).where(demand.c.message_id == whole.scalar_subquery())
    found: int | None = _one(connection, query, message_id)
    return found


def find_matter_of_reply(connection: Connection, reply_id: int) -> int | None:
    """The matter that an answer was written for, None where there is no such answer."""
    query = select(reply.c.matter_id).where(reply.c.id == reply_id)
    found: int | None = _one(connection, query, reply_id)
    return found


def find_studio_of_reception(connection: Connection, reception_id: int) -> str | None:
    """The studio that held a reception, None where there is no such reception."""
    query = select(reception.c.studio).where(reception.c.id == reception_id)
    studio: str | None = _one(connection, query, reception_id)
    return studio


def _one(connection: Connection, query: Select[Any], identity: int) -> Any:
    return connection.execute(query).scalar() if is_id(identity) else None
