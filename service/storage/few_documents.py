"""Where a filter lets little through, what it asks for least often leads, and not the words alone.

Where few messages are in such matters, all of them are looked up. Where the matters at least are
few, to know their ids costs less than to read the rows of what the words lead to.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from service.storage.matter_filter import hidden_text, named_conditions
from service.storage.scopes import in_scope
from service.storage.search import SearchFilter
from service.storage.tables import STANDS, demand, matter, message

# So many messages at most are looked up, of so many matters at most the ids.
FEW, FEW_MATTERS = 6_000, 50_000
_WHOLE_ID = func.coalesce(message.c.part_of, demand.c.message_id).label("message_id")


class Narrowing(NamedTuple):
    """What matters must be that a filter lets through, and whether few messages are in them."""

    condition: ColumnElement[bool]
    is_few: bool


def find_narrowing(connection: Connection, wanted: SearchFilter) -> Narrowing | None:
    """What leads to little beside all documents; None where all that is asked for leads to much."""
    asked = _conditions(wanted, by_index=True)
    counts = [_count_some(connection, select(matter.c.id).where(each, STANDS)) for each in asked]
    if not counts or min(counts) > FEW_MATTERS:
        return None
    rarest = counts.index(min(counts))
    messages = select(demand.c.id).join(matter, matter.c.id == demand.c.matter_id)
    messages = messages.where(asked[rarest], STANDS)
    is_few = counts[rarest] <= FEW and _count_some(connection, messages, FEW) <= FEW
    # Of few the rows are read for whatever else is asked.
    others = _conditions(wanted, by_index=False) if is_few else []
    others[rarest : rarest + 1] = []
    return Narrowing(and_(asked[rarest], *others), is_few)


def _conditions(wanted: SearchFilter, *, by_index: bool) -> list[ColumnElement[bool]]:
    """What the filter asks of a matter that an index may lead to."""

    def read(name: str) -> ColumnElement[str]:
        return matter.c[name] if by_index else hidden_text(matter, name)

    asked = [*named_conditions(wanted, read), *in_scope(wanted.scope, by_index=by_index)]
    return [*asked, read("status") == wanted.status] if wanted.status else asked


def _count_some(connection: Connection, query: Select[Any], at_most: int = FEW_MATTERS) -> int:
    some = query.limit(at_most + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def few_messages(condition: ColumnElement[bool]) -> Select[Any]:
    """The ids of the messages in such matters; a part of a message is found as the message."""
    is_part = and_(message.c.id == demand.c.message_id, demand.c.part_start.is_not(None))
    return (
        select(_WHOLE_ID)
        .select_from(matter)
        .join(demand, demand.c.matter_id == matter.c.id)
        .outerjoin(message, is_part)
        .where(condition, STANDS)
    )


def few_matters(condition: ColumnElement[bool]) -> Select[Any]:
    """The ids of such matters."""
    return select(matter.c.id).where(condition, STANDS)
