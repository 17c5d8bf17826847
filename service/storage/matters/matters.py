"""Matters and their demands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import (
    Connection,
    FromClause,
    Row,
    Select,
    Update,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from classifier.spans import Span
from service.domain.assignment import Assignment
from service.domain.deadline import SHANGHAI
from service.domain.matter import Matter
from service.domain.relation import Relation
from service.domain.status import ENDED_STATUSES, OPEN_STATUSES, MatterStatus
from service.storage.expected import check_expected
from service.storage.matters.history import HistoryHead
from service.storage.rows import chunks, insert_rows, is_id
from service.storage.tables import STANDS, demand, matter, matter_helper, message

NO_EARLIER = datetime.max.replace(tzinfo=UTC)
# The message that an unknown person sent, also for its parts; null where the sender is known.
UNKNOWN_SENDER = case(
    (message.c.sender_id.is_(None), func.coalesce(message.c.part_of, message.c.id))
)


@dataclass(slots=True)
class NewMatter:
    """A matter as it is opened. The counts grow while its batch is taken in."""

    id: int
    number: str
    title: str
    status: MatterStatus
    topic: str
    department: str
    kind: str
    is_urgent: bool
    place: str
    committee: str
    assignment: Assignment
    opened_at: datetime
    last_message_at: datetime
    due_at: datetime
    message_count: int = 1
    copy_count: int = 0


@dataclass(frozen=True, slots=True)
class NewDemand:
    """A demand as it joins its matter. ``span`` is where it stands in a text of several."""

    message_id: int
    matter_id: int
    relation: Relation
    same_probability: float
    because: tuple[str, ...]
    span: Span | None = None


@dataclass(slots=True)
class Growth:
    """What later messages add to a matter that was there before.

    ``due_at`` is the earliest deadline they ask for, ``NO_EARLIER`` where none does.
    """

    last_message_at: datetime
    due_at: datetime
    message_count: int = 0
    copy_count: int = 0
    is_urgent: bool = False


def insert_matters(
    connection: Connection,
    matters: Iterable[NewMatter],
    heads: Mapping[int, HistoryHead] | None = None,
) -> None:
    """Open matters; ``heads`` are those of their histories, by id, where these are written too."""
    rows = [matter_columns(new) | _head_columns(new.id, heads) for new in matters]
    insert_rows(connection, matter, rows)


def _head_columns(matter_id: int, heads: Mapping[int, HistoryHead] | None) -> dict[str, object]:
    if heads is None:  # an empty history, as the database has it by itself
        return {}
    return {"event_count": heads[matter_id].count, "event_head": heads[matter_id].digest}


def matter_columns(new: NewMatter) -> dict[str, object]:
    """A matter as columns of its table."""
    return {
        "id": new.id,
        "number": new.number,
        "title": new.title,
        "status": new.status.value,
        "topic": new.topic,
        "department": new.department,
        "kind": new.kind,
        "is_urgent": new.is_urgent,
        "place": new.place,
        "committee": new.committee,
        **assignment_columns(new.assignment),
        "opened_at": new.opened_at,
        "last_message_at": new.last_message_at,
        "due_at": new.due_at,
        "message_count": new.message_count,
        "copy_count": new.copy_count,
    }


def assignment_columns(assignment: Assignment) -> dict[str, object]:
    """An assignment's studio, members and reasons as columns of the matter."""
    return {
        "studio": assignment.studio,
        "members": list(assignment.members),
        "because": list(assignment.because),
        "runners_up": list(assignment.runners_up),
    }


def as_assignment(row: Row[Any]) -> Assignment:
    """The assignment a matter's row holds."""
    return Assignment(
        studio=row.studio,
        members=tuple(row.members),
        department=row.department,
        because=tuple(row.because),
        runners_up=tuple(row.runners_up),
    )


def insert_demands(connection: Connection, demands: Iterable[NewDemand]) -> None:
    """Let demands join their matters."""
    rows = [
        {
            "message_id": new.message_id,
            "matter_id": new.matter_id,
            "relation": new.relation.value,
            "same_probability": new.same_probability,
            "because": list(new.because),
            "part_start": new.span.start if new.span else None,
            "part_end": new.span.end if new.span else None,
        }
        for new in demands
    ]
    insert_rows(connection, demand, rows)


def _grow() -> Update:
    at = bindparam("at", type_=matter.c.last_message_at.type)
    due = bindparam("due", type_=matter.c.due_at.type)
    return (
        update(matter)
        .where(matter.c.id == bindparam("matter_id"))
        .values(
            message_count=matter.c.message_count + bindparam("more"),
            copy_count=matter.c.copy_count + bindparam("more_copies"),
            is_urgent=matter.c.is_urgent | bindparam("urgent"),
            last_message_at=case(
                (matter.c.last_message_at < at, at), else_=matter.c.last_message_at
            ),
            due_at=case((due < matter.c.due_at, due), else_=matter.c.due_at),
        )
    )


_GROW = _grow()  # made once: it is asked with every message that joins


def grow_matters(connection: Connection, growth: Mapping[int, Growth]) -> None:
    """Count what joined matters that were there before; they never become less urgent."""
    if not growth:
        return
    connection.execute(
        _GROW,
        [
            {
                "matter_id": identity,
                "more": grown.message_count,
                "more_copies": grown.copy_count,
                "urgent": grown.is_urgent,
                "at": grown.last_message_at,
                "due": grown.due_at,
            }
            for identity, grown in growth.items()
        ],
    )


def read_matter_row(connection: Connection, matter_id: int, lock: bool = False) -> Row[Any] | None:
    """A matter's row, or None; ``lock`` keeps it for this transaction."""
    if not is_id(matter_id):
        return None
    query = select(matter).where(matter.c.id == matter_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if lock and row is not None:
        check_expected(connection, [row])
    return row


def read_matter_rows(connection: Connection, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Rows of matters by id."""
    found: dict[int, Row[Any]] = {}
    for part in chunks(ids):
        rows = connection.execute(select(matter).where(matter.c.id.in_(part)))
        found.update({row.id: row for row in rows})
    return found


def read_ended_rows(connection: Connection, ids: Sequence[int]) -> list[Row[Any]]:
    """Rows of those of these matters that have ended, kept for this transaction."""
    has_ended = matter.c.status.in_([status.value for status in ENDED_STATUSES])
    found: list[Row[Any]] = []
    for part in chunks(ids):
        query = select(matter).where(matter.c.id.in_(part), has_ended).order_by(matter.c.id)
        found += connection.execute(query.with_for_update())
    return found


_ASSIGNED: Select[Any] = select(
    matter.c.id,
    matter.c.number,
    matter.c.status,
    matter.c.studio,
    matter.c.members,
    matter.c.department,
    matter.c.because,
    matter.c.runners_up,
).where(matter.c.id.in_(bindparam("asked", expanding=True)))


def read_assigned(
    connection: Connection, ids: Sequence[int]
) -> dict[int, tuple[str, MatterStatus, Assignment]]:
    """Number, status and assignment of matters, by id."""
    found: dict[int, tuple[str, MatterStatus, Assignment]] = {}
    for part in chunks(ids):
        for row in connection.execute(_ASSIGNED, {"asked": part}):
            found[row.id] = row.number, MatterStatus(row.status), as_assignment(row)
    return found


_MEMBERS = select(matter.c.id, matter.c.members).where(
    matter.c.id.in_(bindparam("asked", expanding=True))
)


def read_members(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Codes of the members that matters are assigned to, by id."""
    found: dict[int, tuple[str, ...]] = {}
    for part in chunks(ids):
        for matter_id, members in connection.execute(_MEMBERS, {"asked": part}):
            found[matter_id] = tuple(members)
    return found


def read_open_after(connection: Connection, day: date) -> list[Row[Any]]:
    """Open matters (id, opened_at, due_at) that need not be answered before a day has passed."""
    ends_at = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    query = select(matter.c.id, matter.c.opened_at, matter.c.due_at).where(
        matter.c.status.in_(sorted(status.value for status in OPEN_STATUSES)),
        STANDS,
        matter.c.due_at > ends_at,
    )
    return list(connection.execute(query.order_by(matter.c.id)))


def find_matters_of(
    connection: Connection, message_ids: Sequence[int]
) -> dict[int, tuple[int, Relation, str]]:
    """For messages by id: their matter's id, their relation to it, and their receipt."""
    found: dict[int, tuple[int, Relation, str]] = {}
    for part in chunks(message_ids):
        rows = connection.execute(
            select(message.c.id, demand.c.matter_id, demand.c.relation, message.c.receipt)
            .join(demand, demand.c.message_id == message.c.id)
            .where(message.c.id.in_(part))
        )
        found.update({row[0]: (row[1], Relation(row[2]), row[3]) for row in rows})
    return found


_WRITERS = (
    select(demand.c.matter_id, message.c.sender_id)
    .join(message, message.c.id == demand.c.message_id)
    .where(message.c.sender_id.in_(bindparam("asked", expanding=True)))
)


def read_writers(connection: Connection, sender_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Pairs (matter id, sender id): which of these people wrote in which matter."""
    pairs: set[tuple[int, int]] = set()
    for part in chunks(sender_ids):
        rows = connection.execute(_WRITERS, {"asked": part})
        pairs.update((matter_id, sender_id) for matter_id, sender_id in rows)
    return pairs


def change_matter(connection: Connection, matter_id: int, **columns: object) -> None:
    """Set columns of a matter."""
    connection.execute(update(matter).where(matter.c.id == matter_id).values(**columns))
    if "helping" in columns:
        _keep_helpers(connection, matter_id, cast("Iterable[str]", columns["helping"]))


def _keep_helpers(connection: Connection, matter_id: int, departments: Iterable[str]) -> None:
    """Let these departments, and no others, be found as those that help with a matter."""
    connection.execute(delete(matter_helper).where(matter_helper.c.matter_id == matter_id))
    each = dict.fromkeys(departments)
    rows = [{"department": department, "matter_id": matter_id} for department in each]
    insert_rows(connection, matter_helper, rows)


def count_people(
    connection: Connection, matter_ids: Sequence[int], demands: FromClause = demand
) -> dict[int, int]:
    """Distinct senders of each matter; an anonymous message counts as one person, its parts too.

    Parameters
    ----------
    demands
        Among which demands: ``matter_id`` and ``message_id``.
    """
    people: dict[int, int] = {}
    for part in chunks(matter_ids):
        rows = connection.execute(
            select(
                demands.c.matter_id,
                func.count(message.c.sender_id.distinct()),
                func.count(UNKNOWN_SENDER.distinct()),
            )
            .select_from(demands)
            .join(message, message.c.id == demands.c.message_id)
            .where(demands.c.matter_id.in_(part))
            .group_by(demands.c.matter_id)
        )
        people.update({identity: known + anonymous for identity, known, anonymous in rows})
    return people


def as_matter(row: Row[Any], people_count: int) -> Matter:
    """The matter a row holds."""
    return Matter(
        id=row.id,
        number=row.number,
        title=row.title,
        status=MatterStatus(row.status),
        topic=row.topic,
        department=row.department,
        kind=row.kind,
        is_urgent=row.is_urgent,
        is_supervised=row.is_supervised,
        asks_extension=row.extension_days is not None,
        place=row.place,
        studio=row.studio,
        member=row.members[0] if row.members else "",
        opened_at=row.opened_at,
        last_message_at=row.last_message_at,
        due_at=row.due_at,
        message_count=row.message_count,
        people_count=people_count,
        copy_count=row.copy_count,
    )
