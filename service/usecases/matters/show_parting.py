"""What is known of a message's parts: offered, confirmed, declined or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from classifier.reading.reader import Reading
from classifier.spans import Span
from service.domain.access import Account, Permission, may
from service.domain.message import Message
from service.domain.parting import PartingState
from service.domain.status import MatterStatus
from service.errors import ForbiddenError
from service.storage.database import Connection
from service.storage.matters.matters import find_matters_of, read_matter_row
from service.storage.matters.partings import read_parting, read_parts
from service.usecases.context import Context
from service.usecases.matters.access import find_visible
from service.usecases.matters.parting import read_with_sender


@dataclass(frozen=True, slots=True)
class PartMatter:
    """The matter of a confirmed part, and the part's own number as a message."""

    id: int
    number: str
    status: MatterStatus
    due_at: datetime
    message_id: int


@dataclass(frozen=True, slots=True)
class PartView:
    """A part: its span of the text, its masked words, and whether it stays with the message.

    ``matter`` is None while it is only offered.
    """

    span: Span
    text: str
    stays: bool
    matter: PartMatter | None


@dataclass(frozen=True, slots=True)
class PartingView:
    """A message with its parts, confirmed or else offered.

    ``state`` is None where nothing was offered or decided; ``decided_by`` is "" and
    ``decided_at`` None where nobody decided.
    """

    message: Message
    matter_id: int
    matter_number: str
    state: PartingState | None
    decided_by: str
    decided_at: datetime | None
    parts: tuple[PartView, ...]


def show_parting(context: Context, message_id: int) -> PartingView:
    """The parts of a message; of one that is itself a part those of the whole.

    Raises
    ------
    NotFoundError
        There is no such message.
    """
    message, sender = read_with_sender(context, message_id)
    if message.part_of is not None:
        message, sender = read_with_sender(context, message.part_of)
    with context.database.reading() as connection:
        known = read_parting(connection, message.id)
        matter_id = find_matters_of(connection, [message.id])[message.id][0]
        matter = read_matter_row(connection, matter_id)
        parts: tuple[PartView, ...] = ()
        if known is not None and known.state != PartingState.DECLINED.value:
            reading = context.triage.reader.read(message.title, message.text, sender.name)
            parts = _parts(context, connection, known, reading, matter)
    assert matter is not None  # noqa: S101 - a demand belongs to a matter
    return PartingView(
        message=message,
        matter_id=matter_id,
        matter_number=matter.number,
        state=PartingState(known.state) if known else None,
        decided_by=known.decided_by if known else "",
        decided_at=known.decided_at if known else None,
        parts=parts,
    )


def show_visible_parting(context: Context, account: Account, message_id: int) -> PartingView:
    """The same as an account may see it: parts in matters outside its scope are left out.

    Who may not read the original does not learn the receipt, with which one speaks for the citizen.
    """
    view = show_parting(context, message_id)
    seen = find_visible(context, account, _matters_of(view))
    parts = tuple(part for part in view.parts if part.matter is None or part.matter.id in seen)
    message = view.message
    if not may(account, Permission.READ_ORIGINAL):
        message = replace(message, receipt="")
    return replace(view, message=message, parts=parts)


def check_parts_visible(context: Context, account: Account, message_id: int) -> None:
    """Refuse what is done to all parts of a message where one lies outside an account's scope.

    Raises
    ------
    ForbiddenError
        One does.
    NotFoundError
        There is no such message.
    """
    ids = _matters_of(show_parting(context, message_id))
    if find_visible(context, account, ids) != set(ids):
        raise ForbiddenError("有一件由账号范围之外的委员工作室或承办单位办理")


def _matters_of(view: PartingView) -> list[int]:
    return sorted({part.matter.id for part in view.parts if part.matter})


def _parts(
    context: Context, connection: Connection, known: Any, reading: Reading, matter: Any
) -> tuple[PartView, ...]:
    if known.state == PartingState.CONFIRMED.value:
        rows = read_parts(connection, known.message_id)
        return tuple(_confirmed(row, reading) for row in rows)
    spans = [Span(*bounds) for bounds in known.spans]
    staying = likely_to_stay(context, reading.body.original, spans, matter)
    return tuple(
        PartView(span, reading.masked_span(span), place == staying, None)
        for place, span in enumerate(spans)
    )


def _confirmed(row: Any, reading: Reading) -> PartView:
    span = Span(row.part_start, row.part_end)
    matter = PartMatter(row.matter_id, row.number, MatterStatus(row.status), row.due_at, row.id)
    return PartView(span, reading.masked_span(span), row.part_of is None, matter)


def likely_to_stay(context: Context, text: str, spans: Sequence[Span], matter: Any) -> int:
    """Which part is what the matter is about: the first with its topic or department, or the first.

    The matter was opened upon the whole text, of which another part may have weighed more.
    """

    def likeness(span: Span) -> int:
        judged = context.triage.classify(
            context.triage.reader.read_words(text[span.start : span.end])
        )
        if judged is None:
            return 0
        agrees = (
            judged.topic_l1.label == matter.topic[:2],
            judged.department.label == matter.department,
        )
        return sum(agrees)

    return max(range(len(spans)), key=lambda place: likeness(spans[place]), default=0)
