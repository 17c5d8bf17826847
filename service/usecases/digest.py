"""The digest of a period, from what the storage knows."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from service.digest.facts import Facts, MatterFact, MessageFact, Names
from service.digest.periods import Period
from service.digest.report import QUOTE_COUNT, Digest, build_digest
from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.kind import Kind
from service.domain.relation import Relation
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.errors import NotFoundError
from service.storage import facts as store
from service.storage.database import Connection
from service.usecases.context import Context


def make_digest(context: Context, period: Period, studio: str = "") -> Digest:
    """Sum up a period, of the whole county or of one studio.

    Raises
    ------
    InvalidInputError
        The period has not begun.
    NotFoundError
        There is no such studio.
    """
    organisation = context.triage.organisation
    if studio and studio not in organisation.studio_by_code:
        raise NotFoundError(f"委员工作室 {studio}")
    with context.database.reading() as connection:
        facts = _read_facts(connection, period, studio, context.now())
    issuer = organisation.studio_by_code[studio].name if studio else ""
    return build_digest(period, facts, _names(context), issuer)


def _read_facts(connection: Connection, period: Period, studio: str, cut_at: datetime) -> Facts:
    first, last = period.window()
    begin_at = datetime.combine(period.first_day, time(), SHANGHAI)
    rows = store.read_matter_rows_of_period(connection, begin_at, period.end_at, studio)
    ids = [row.id for row in rows]
    counts = store.count_until(connection, ids, period.end_at)
    quotes = store.read_quotes(connection, ids, period.end_at, QUOTE_COUNT)
    return Facts(
        messages=tuple(
            _message_fact(row) for row in store.read_message_rows(connection, first, last, studio)
        ),
        matters=tuple(
            _matter_fact(row, counts.get(row.id, (0, 0, 0)), quotes.get(row.id, ()), period)
            for row in rows
        ),
        cut_at=cut_at,
        known_since=store.first_day(connection),
    )


def _message_fact(row: Any) -> MessageFact:
    return MessageFact(
        id=row.id,
        sent_on=row.sent_on,
        matter_id=row.matter_id,
        topic_l1=row.topic[:2],
        topic=row.topic,
        department=row.department,
        kind=Kind(row.kind),
        place=row.place,
        committee=row.committee,
        studio=row.studio,
        channel=Channel(row.channel),
        relation=Relation(row.relation),
        sender_key=row.sender_id,
        like_count=row.like_count,
        dislike_count=row.dislike_count,
        is_urgent=row.is_urgent,
        needs_review=row.status == MatterStatus.REVIEW.value,
        part_of=row.part_of,
    )


def _matter_fact(
    row: Any, counts: tuple[int, int, int], quotes: tuple[str, ...], period: Period
) -> MatterFact:
    # What was closed after the period was still open when it ended.
    closed_at = row.closed_at if row.closed_at and row.closed_at < period.end_at else None
    status = MatterStatus(row.status)
    if closed_at is None and status in ENDED_STATUSES:
        status = MatterStatus.ASSIGNED
    messages, people, copies = counts
    return MatterFact(
        id=row.id,
        number=row.number,
        title=row.title,
        status=status,
        topic=row.topic,
        department=row.department,
        place=row.place,
        studio=row.studio,
        opened_at=row.opened_at,
        due_at=row.due_at,
        closed_at=closed_at,
        message_count=messages,
        people_count=people,
        copy_count=copies,
        quotes=quotes,
    )


def _names(context: Context) -> Names:
    taxonomy, organisation = context.triage.taxonomy, context.triage.organisation
    codes = (*taxonomy.codes(1), *taxonomy.codes(2))
    return Names(
        topics={code: "／".join(taxonomy.path(code)) for code in codes},
        studios={studio.code: studio.name for studio in organisation.studios},
        committees={item.code: item.name for item in organisation.committees},
    )
