"""Partings: which messages are offered, confirmed or declined as parts, and the parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, Row, and_, delete, insert, select, update

from classifier.spans import Span
from service.domain.parting import PartingState
from service.storage.rows import chunks
from service.storage.tables import (
    classification,
    demand,
    exemplar,
    matter,
    merge,
    merged_demand,
    message,
    parting,
    ruling,
)

Spans = tuple[Span, ...]
NOBODY = ""


def insert_offers(connection: Connection, offers: Iterable[tuple[int, Spans]]) -> None:
    """Offer messages as parts; each of them must have no parting yet."""
    rows = [
        _as_row(message_id, state=PartingState.OFFERED.value, spans=[list(span) for span in spans])
        for message_id, spans in offers
    ]
    if rows:
        connection.execute(insert(parting), rows)


def _as_row(message_id: int, **columns: object) -> dict[str, object]:
    return {
        "message_id": message_id,
        "decided_by": NOBODY,
        "decided_at": None,
        "went": [],
        "last_part_id": None,
        **columns,
    }


def read_parting(connection: Connection, message_id: int) -> Row[Any] | None:
    """What is known of a message's parts; None where nothing was offered or decided."""
    return connection.execute(select(parting).where(parting.c.message_id == message_id)).first()


def keep_parting(connection: Connection, message_id: int, **columns: object) -> None:
    """Set columns of a message's parting, a new one where there is none."""
    if read_parting(connection, message_id) is None:
        connection.execute(insert(parting), [_as_row(message_id, **columns)])
    else:
        where = parting.c.message_id == message_id
        connection.execute(update(parting).where(where).values(**columns))


def find_offered(
    connection: Connection, matter_ids: Sequence[int], demands: FromClause = demand
) -> frozenset[int]:
    """Those of these matters with a message that is offered as parts and not decided on.

    Parameters
    ----------
    demands
        Among which demands: ``matter_id`` and ``message_id``.
    """
    found: set[int] = set()
    for part in chunks(matter_ids):
        query = (
            select(demands.c.matter_id)
            .join(parting, parting.c.message_id == demands.c.message_id)
            .where(demands.c.matter_id.in_(part), parting.c.state == PartingState.OFFERED.value)
        )
        found.update(connection.execute(query).scalars())
    return frozenset(found)


def set_span(connection: Connection, message_id: int, span: Span | None) -> None:
    """Say in which characters of a message's text its demand stands; None for all of them."""
    start, end = span or (None, None)
    where = demand.c.message_id == message_id
    connection.execute(update(demand).where(where).values(part_start=start, part_end=end))


def read_spans(connection: Connection, message_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Of those of these messages that are parts of a text, by id: ``part_of`` (None for the one
    that was sent), ``part_start``, ``part_end`` and the masked words.
    """
    found: dict[int, Row[Any]] = {}
    for part in chunks(message_ids):
        query = (
            select(
                message.c.id,
                message.c.part_of,
                message.c.masked_title,
                message.c.masked_text,
                demand.c.part_start,
                demand.c.part_end,
            )
            .join(demand, demand.c.message_id == message.c.id)
            .where(message.c.id.in_(part), demand.c.part_start.is_not(None))
        )
        found.update({row.id: row for row in connection.execute(query)})
    return found


def text_of_demand(row: Row[Any]) -> str:
    """What a demand says: of a message with several the part that stayed with it.

    The row has ``text``, ``part_of``, ``part_start`` and ``part_end``.
    """
    text: str = row.text
    if row.part_of is None and row.part_start is not None:
        return text[row.part_start : row.part_end]
    return text  # that of a part is its span already


def read_parts(connection: Connection, message_id: int) -> list[Row[Any]]:
    """The confirmed parts of a message in the order of its text, each with its demand and matter.

    The part that stayed with the message is among them: its ``part_of`` is None.
    """
    query = (
        select(
            message.c.id,
            message.c.part_of,
            message.c.masked_text,
            demand.c.id.label("demand_id"),
            demand.c.matter_id,
            demand.c.relation,
            demand.c.part_start,
            demand.c.part_end,
            matter.c.number,
            matter.c.status,
            matter.c.due_at,
            matter.c.is_urgent,
            matter.c.message_count,
        )
        .join(demand, demand.c.message_id == message.c.id)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(_is_of(message_id), demand.c.part_start.is_not(None))
        .order_by(demand.c.part_start)
    )
    return list(connection.execute(query))


def _is_of(message_id: int) -> Any:
    # Two look-ups: on either of two columns at once no index would be used.
    parts = select(message.c.id).where(message.c.part_of == message_id)
    return message.c.id.in_(parts.union_all(select(message.c.id).where(message.c.id == message_id)))


def find_left(connection: Connection, demand_id: int) -> list[Row[Any]]:
    """The matters (id, number) that a demand left by merges that stand, the first one first."""
    query = (
        select(matter.c.id, matter.c.number)
        .join(merge, merge.c.matter_id == matter.c.id)
        .join(merged_demand, merged_demand.c.merge_id == merge.c.id)
        .where(merged_demand.c.demand_id == demand_id, merge.c.split_at.is_(None))
        .order_by(merge.c.id)
    )
    return list(connection.execute(query))


def delete_part(connection: Connection, part: Row[Any]) -> None:
    """Delete a part (a row of ``read_parts``) with all that was made of it.

    What was decided stays in the histories, its arrival too.
    """
    # Of merges that were split again nothing is asked any more.
    is_its_own = merged_demand.c.demand_id == part.demand_id
    connection.execute(delete(merged_demand).where(is_its_own))
    for table in (exemplar, classification, ruling, demand):
        connection.execute(delete(table).where(table.c.message_id == part.id))
    is_meant = and_(message.c.id == part.id, message.c.part_of.is_not(None))
    connection.execute(delete(message).where(is_meant))
