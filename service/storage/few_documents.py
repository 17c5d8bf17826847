"""The documents of few matters: where a filter lets little through, they lead and not the words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, TableValuedAlias, func, select

from service.storage.document_walk import Keys
from service.storage.matter_filter import named_conditions
from service.storage.search import SearchFilter
from service.storage.tables import IS_PART, STANDS, demand, document, matter, message
from service.storage.values import read_for

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
    query = (
        select(demand.c.message_id, demand.c.part_start)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(condition, STANDS)
        .limit(FEW + 1)
    )
    found = connection.execute(query).all()
    if len(found) > FEW:
        return None
    # A part of a message is found as the message.
    parts = [row.message_id for row in found if row.part_start is not None]
    wholes = [part_of for (part_of,) in read_for(connection, _part_of, parts)]
    message_ids = {*(row.message_id for row in found), *wholes}
    all_keys = (key for (key,) in read_for(connection, _keys_of, list(message_ids)))
    return sorted((key for key in all_keys if keys.first <= key < keys.end), reverse=True)


def _part_of(asked: TableValuedAlias) -> Select[Any]:
    of_part = message.c.id == asked.c.value
    return select(message.c.part_of).join(asked, of_part).where(IS_PART)


def _keys_of(asked: TableValuedAlias) -> Select[Any]:
    return select(document.c.key).join(asked, document.c.message_id == asked.c.value)


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
