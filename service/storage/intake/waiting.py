"""Messages that no model has judged or matched yet, and what becomes of them when one does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    or_,
    select,
    update,
)

from service.domain.classification import MODEL
from service.domain.relation import Relation
from service.storage.intake.intake import Batch
from service.storage.matching.exemplars import insert_exemplars
from service.storage.matching.postings import insert_postings
from service.storage.matters.claims import delete_claims
from service.storage.matters.history import SYSTEM, insert_events
from service.storage.matters.matter_pairs import delete_pairs, suggest_pairs
from service.storage.matters.matters import NewDemand, change_matter, grow_matters, matter_columns
from service.storage.matters.partings import insert_offers
from service.storage.messages.classifications import insert_classifications
from service.storage.messages.erasures import is_erased
from service.storage.rows import chunks, is_id
from service.storage.tables import classification, demand, event, exemplar, matter, message


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits, with the row of its matter, which holds no other message.

    ``is_judged``: only matching was missing. ``is_touched``: a person has acted on the matter.
    """

    message_id: int
    sender_id: int | None
    matter: Row[Any]
    is_judged: bool
    is_touched: bool


_IS_JUDGED = exists().where(
    classification.c.message_id == demand.c.message_id, classification.c.decided_by == MODEL
)
_IS_MATCHED = exists().where(exemplar.c.matter_id == demand.c.matter_id)


def find_waiting(connection: Connection, can_match: bool) -> list[int]:
    """Ids of the messages that wait for a model, in the order received.

    ``can_match``: whether there is a model to match with; else those judged don't wait for it.
    Without a model every message opens a matter: only such are looked at.
    """
    query = select(demand.c.message_id).where(_waits(can_match)).order_by(demand.c.message_id)
    return list(connection.execute(query).scalars())


def _waits(can_match: bool) -> ColumnElement[bool]:
    lacks_model = or_(~_IS_JUDGED, ~_IS_MATCHED) if can_match else ~_IS_JUDGED
    return and_(
        demand.c.relation == Relation.FIRST.value, lacks_model, ~is_erased(demand.c.message_id)
    )


def lock_waiting(connection: Connection, ids: Sequence[int], can_match: bool) -> list[Waiting]:
    """Those of the messages that wait still, their matters kept for this transaction."""
    found: list[Waiting] = []
    for part in chunks(ids):
        rows = _read_demands(connection, part, can_match)
        matters = _lock_matters(connection, [row.matter_id for row in rows])
        touched = _find_touched(connection, list(matters))
        found += [
            Waiting(
                message_id=row.message_id,
                sender_id=row.sender_id,
                matter=matters[row.matter_id],
                is_judged=row.is_judged,
                is_touched=row.matter_id in touched,
            )
            for row in rows
        ]
    return found


def _read_demands(connection: Connection, ids: Sequence[int], can_match: bool) -> list[Row[Any]]:
    query = (
        select(
            demand.c.message_id,
            demand.c.matter_id,
            message.c.sender_id,
            _IS_JUDGED.label("is_judged"),
        )
        .join(message, message.c.id == demand.c.message_id)
        .where(demand.c.message_id.in_(ids), _waits(can_match))
        .order_by(demand.c.message_id)
    )
    return list(connection.execute(query))


def _lock_matters(connection: Connection, ids: Sequence[int]) -> dict[int, Row[Any]]:
    query = select(matter).where(matter.c.id.in_(ids)).order_by(matter.c.id).with_for_update()
    return {row.id: row for row in connection.execute(query)}


def _find_touched(connection: Connection, ids: Sequence[int]) -> set[int]:
    query = select(event.c.matter_id).where(event.c.matter_id.in_(ids), event.c.actor != SYSTEM)
    return set(connection.execute(query).scalars())


def write_completed(connection: Connection, batch: Batch, stood_in: Mapping[int, int]) -> None:
    """Write what a model made of messages that were stored before.

    Parameters
    ----------
    batch
        Its matters and demands take the place of what stands under their ids; all else is new.
    stood_in
        For each message of its demands the matter that it stood in alone. One that it leaves
        leads to the one it joined from then on.
    """
    for new in batch.matters.values():
        change_matter(connection, new.id, **matter_columns(new))
    moved = [new for new in batch.demands if new.matter_id != stood_in[new.message_id]]
    _move(connection, moved, stood_in)
    left = [stood_in[new.message_id] for new in moved]
    delete_pairs(connection, left)
    delete_claims(connection, left)
    grow_matters(connection, batch.growth)
    insert_classifications(connection, batch.classifications)
    insert_offers(connection, batch.offers)
    insert_postings(connection, batch.standing)
    insert_exemplars(connection, batch.exemplars)
    suggest_pairs(connection, batch.pairs)
    insert_events(connection, batch.events)


def _move(connection: Connection, moved: Iterable[NewDemand], stood_in: Mapping[int, int]) -> None:
    rows = [
        {
            "message": new.message_id,
            "matter_id": new.matter_id,
            "relation": new.relation.value,
            "same_probability": new.same_probability,
            "because": list(new.because),
        }
        for new in moved
    ]
    if rows:
        where = demand.c.message_id == bindparam("message")
        connection.execute(update(demand).where(where), rows)
        leads = update(matter).where(matter.c.id == bindparam("matter"))
        connection.execute(
            leads.values(merged_into=bindparam("into")),
            [{"matter": stood_in[new.message_id], "into": new.matter_id} for new in moved],
        )


def find_successor(connection: Connection, matter_id: int) -> int | None:
    """The matter that holds the message of one that an older version deleted, or None."""
    if not is_id(matter_id):
        return None
    query = select(demand.c.matter_id).where(demand.c.moved_from == matter_id)
    return connection.execute(query).scalar()
