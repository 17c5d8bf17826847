"""Whose matters an account is for, as conditions on matters; and who has what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    func,
    or_,
    select,
)

from service.domain.access import Holder, Scope, ScopeKind
from service.storage.rows import chunks, is_id
from service.storage.tables import (
    attachment,
    demand,
    matter,
    matter_helper,
    message,
    reception,
    reply,
)

# What more codes have is a large share of all, and found in passing.
_FEW_CODES = 3


def in_scope(
    scope: Scope, of: FromClause = matter, *, by_index: bool = True
) -> list[ColumnElement[bool]]:
    """What a matter must be to lie in a scope; nothing for the whole.

    Parameters
    ----------
    by_index
        Whether an index may serve it, which holds what stands alone only: so that must be asked
        for as well. Not where something else leads.
    """
    if scope.kind is ScopeKind.WHOLE:
        return []
    column: ColumnElement[str] = of.c[scope.kind.value]
    has_it = (column if by_index else func.coalesce(column, "")).in_(sorted(scope.codes))
    if scope.kind is not ScopeKind.DEPARTMENT:
        return [has_it]
    if not by_index:
        return [or_(has_it, helped_by(scope.codes, of))]
    # Both at once no single index of the matters would serve.
    led = matter.alias()
    leads = select(led.c.id).where(
        led.c.department.in_(sorted(scope.codes)), led.c.merged_into.is_(None)
    )
    return [of.c.id.in_(leads.union_all(helped(scope.codes)))]


def parts_of_scope(scope: Scope, *, with_helped: bool) -> list[list[ColumnElement[bool]]]:
    """The conditions of parts without overlap that make up a scope, each in the order of an index.

    Parameters
    ----------
    with_helped
        Whether that with which a department helps is a part: it is found in passing.
    """
    if scope.kind is ScopeKind.WHOLE:
        return [[]]
    column, codes = matter.c[scope.kind.value], sorted(scope.codes)
    has_any = (
        [[column == code] for code in codes] if len(codes) <= _FEW_CODES else [[column.in_(codes)]]
    )
    if scope.kind is not ScopeKind.DEPARTMENT or not with_helped:
        return has_any
    # Said of both tables, so that no matter is read that they do not help with.
    leads = func.coalesce(column, matter_helper.c.department).in_(codes)
    helps = helped(codes).where(matter_helper.c.matter_id == matter.c.id, ~leads)
    return [*has_any, [helps.correlate(matter).exists()]]


def is_only_helped(departments: Iterable[str]) -> ColumnElement[bool]:
    """Whether one of these departments helps with a matter, and none of them leads."""
    leads = func.coalesce(matter.c.department, "").in_(sorted(departments))
    return and_(~leads, matter.c.id.in_(helped(departments)))


def helped(departments: Iterable[str]) -> Select[Any]:
    """The ids of the matters that one of these departments helps with."""
    is_one = matter_helper.c.department.in_(sorted(departments))
    return select(matter_helper.c.matter_id).where(is_one)


def helped_by(departments: Iterable[str], of: FromClause = matter) -> ColumnElement[bool]:
    """Whether one of these departments helps with a matter: where something else leads to it."""
    return helped(departments).where(matter_helper.c.matter_id == of.c.id).correlate(of).exists()


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


def find_matter_of_attachment(connection: Connection, attachment_id: int) -> int | None:
    """The matter of the message that an attachment came with; None where there is none."""
    sent = select(attachment.c.message_id).where(attachment.c.id == attachment_id)
    query = select(demand.c.matter_id).where(demand.c.message_id == sent.scalar_subquery())
    found: int | None = _one(connection, query, attachment_id)
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
