"""What studios and members did, as facts."""

from __future__ import annotations

from collections.abc import Iterator

from service.digest.handling_facts import DeedFact, DeedKind
from service.digest.overview import is_in_time
from service.digest.periods import Period
from service.domain.consultation import ConsultationKind
from service.domain.digest_scope import DigestScope
from service.storage.database import Connection
from service.storage.digests.facts.deeds import (
    read_closings,
    read_consultations,
    read_messages_at,
    read_receptions,
    read_replies_sent,
)
from service.storage.digests.facts.handling import Span

_KINDS = {
    ConsultationKind.CONSULTATION: DeedKind.CONSULTATION,
    ConsultationKind.SUPERVISION: DeedKind.SUPERVISION,
}


def read_deeds(
    connection: Connection, period: Period, span: Span, scope: DigestScope
) -> tuple[DeedFact, ...]:
    """All that was done in the period, kind by kind."""
    first, last = period.first_day, period.last_day
    return (
        *_receptions(connection, period, scope),
        *(
            DeedFact(
                _KINDS[ConsultationKind(row.kind)],
                row.id,
                row.studio,
                tuple(row.members),
                row.matter_id,
                is_good=row.is_solved,
            )
            for row in read_consultations(connection, first, last, scope)
        ),
        *(
            DeedFact(DeedKind.REPLY, row.id, row.studio, tuple(row.members), row.matter_id)
            for row in read_replies_sent(connection, *span, scope)
        ),
        *(
            DeedFact(
                DeedKind.CLOSING,
                row.id,
                row.studio,
                tuple(row.members),
                row.id,
                is_good=is_in_time(row.closed_at, row.due_at),
            )
            for row in read_closings(connection, *span, scope)
        ),
    )


def _receptions(connection: Connection, period: Period, scope: DigestScope) -> Iterator[DeedFact]:
    rows = read_receptions(connection, period.first_day, period.last_day, scope)
    taken = read_messages_at(connection, [row.id for row in rows])
    for row in rows:
        ids = taken.get(row.id, ())
        yield DeedFact(DeedKind.RECEPTION, row.id, row.studio, tuple(row.members), message_ids=ids)
