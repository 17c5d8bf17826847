"""Where a filter lets little through, what it asks for least often leads, and not the words alone.

Where few messages are in such matters, all of them are looked up. Where the matters at least are
few, to know their ids costs less than to read the rows of what the words lead to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from service.storage.matters.matter_filter import named_conditions
from service.storage.matters.scopes import in_scope
from service.storage.search.search import SearchFilter
from service.storage.tables import STANDS, demand, matter, message

# So many messages at most are looked up, of so many matters at most the ids.
FEW, FEW_MATTERS = 6_000, 50_000


class Narrowing(NamedTuple):
    """What matters must be that a filter lets through, and the messages in them if these are few.

    ``few`` are their ids, None where they are many. More may have to be asked of the matters.
    """

    condition: ColumnElement[bool]
    few: Sequence[int] | None


def find_narrowing(connection: Connection, wanted: SearchFilter) -> Narrowing | None:
    """What leads to little beside all documents; None where all that is asked for leads to much."""
    asked = _conditions(wanted)
    counts = [_count_some(connection, select(matter.c.id).where(each, STANDS)) for each in asked]
    if not counts or min(counts) > FEW_MATTERS:
        return None
    rarest = counts.index(min(counts))
    few = _few_messages(connection, asked[rarest]) if counts[rarest] <= FEW else None
    return Narrowing(asked[rarest], few)


def _conditions(wanted: SearchFilter) -> list[ColumnElement[bool]]:
    """What the filter asks of a matter that an index may lead to."""
    asked = [
        *named_conditions(wanted, lambda name: matter.c[name]),
        *in_scope(wanted.scope),
    ]
    return [*asked, matter.c.status == wanted.status] if wanted.status else asked


def _count_some(connection: Connection, query: Select[Any]) -> int:
    some = query.limit(FEW_MATTERS + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _few_messages(connection: Connection, condition: ColumnElement[bool]) -> Sequence[int] | None:
    """The ids of the messages in such matters, None where they are many.

    A part of a message is found as the message, which is looked up for parts only.
    """
    is_part = and_(message.c.id == demand.c.message_id, demand.c.part_start.is_not(None))
    whole = select(message.c.part_of).where(is_part).correlate(demand).scalar_subquery()
    messages = (
        select(func.coalesce(whole, demand.c.message_id))
        .select_from(matter)
        .join(demand, demand.c.matter_id == matter.c.id)
        .where(condition, STANDS)
        .limit(FEW + 1)
    )
    found = connection.execute(messages).scalars().all()
    return found if len(found) <= FEW else None


def few_matters(condition: ColumnElement[bool]) -> Select[Any]:
    """The ids of such matters."""
    return select(matter.c.id).where(condition, STANDS)
