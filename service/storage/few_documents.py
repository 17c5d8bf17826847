"""The documents of few matters: where a filter lets little through, they lead and not the words."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, select, union

from service.storage.document_walk import Keys
from service.storage.matter_filter import named_conditions
from service.storage.search import SearchFilter
from service.storage.tables import STANDS, demand, document, matter, message

# What lets more through than this leaves enough of what the words lead to.
FEW = 6_000


def find_few(connection: Connection, wanted: SearchFilter, keys: Keys) -> list[int] | None:
    """The keys of all documents that a filter may let through, the newest first, if these are few.

    There may be others among them: what a filter asks for least often leads to them alone.

    Returns
    -------
    list of int or None
        None where there are many.
    """
    condition = _find_rarest(connection, wanted)
    if condition is None:
        return None
    of_matters = (
        select(demand.c.message_id)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(condition, STANDS)
        .subquery()
    )
    whole = select(document.c.key).join(
        of_matters, of_matters.c.message_id == document.c.message_id
    )
    # A part of a message is found as the message.
    parts = (
        select(document.c.key)
        .select_from(demand)
        .join(matter, matter.c.id == demand.c.matter_id)
        .join(message, message.c.id == demand.c.message_id)
        .join(document, document.c.message_id == message.c.part_of)
        .where(condition, STANDS, demand.c.part_start.is_not(None))
    )
    both = union(whole, parts).subquery()
    query = select(both.c.key).where(both.c.key >= keys.first, both.c.key < keys.end)
    found = list(connection.execute(query.limit(FEW + 1)).scalars())
    return sorted(found, reverse=True) if len(found) <= FEW else None


def _find_rarest(connection: Connection, wanted: SearchFilter) -> ColumnElement[bool] | None:
    """What fewest matters fulfil of what the filter asks for; None where many fulfil all of it."""
    asked = named_conditions(wanted, lambda name: matter.c[name])
    if wanted.status:
        asked.append(matter.c.status == wanted.status)
    counts = {n: _count_some(connection, condition) for n, condition in enumerate(asked)}
    if not counts:
        return None
    rarest = min(counts, key=counts.__getitem__)
    return asked[rarest] if counts[rarest] <= FEW else None


def _count_some(connection: Connection, condition: ColumnElement[bool]) -> int:
    some = select(matter.c.id).where(condition, STANDS).limit(FEW + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())
