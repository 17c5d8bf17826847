"""What whoever holds a receipt may see and do: look up, rate an answer, tell more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.deadline import SHANGHAI
from service.domain.erasure import ERASED_ZH
from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move, Refusal, check_move
from service.domain.reply import ReplyState, Satisfaction
from service.domain.reply_fields import fill_fields
from service.domain.status import ENDED_STATUSES, STAGES_ZH, MatterStatus
from service.errors import ErasedError, IllegalMoveError, InvalidInputError, NotFoundError
from service.storage.casework.receipts import read_matters_under
from service.storage.casework.replies import (
    insert_rating,
    insert_supplement,
    read_ratings,
    read_replies,
    read_reply,
)
from service.storage.database import Connection
from service.storage.matters.history import (
    NewEvent,
    find_last_event,
    insert_events,
    read_events_of,
)
from service.storage.matters.partings import find_left
from service.storage.messages.attachments import count_attachments
from service.storage.messages.erasures import read_erasures
from service.storage.sealing.senders import read_senders
from service.usecases.casework.casework import SENDER, lock_matter, make_move
from service.usecases.casework.proofs import Presented, check_proof, message_under
from service.usecases.context import Context

MAX_REASON_CHARS = 1000
MAX_SUPPLEMENT_CHARS = 20_000
_RATED_STATUSES = frozenset({MatterStatus.ANSWERED, MatterStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class AnswerUnder:
    """An answer as the holder of a receipt reads it; ``satisfaction`` None where not rated."""

    reply_id: int
    text: str
    department: str
    sent_at: datetime
    satisfaction: Satisfaction | None


@dataclass(frozen=True, slots=True)
class MatterUnder:
    """A matter as the holder of a receipt may know of it: nothing of others.

    ``asked`` is what the sender is asked for, ``way`` why it is not accepted and where else to go;
    both are "" else. ``may_reopen``: who is dissatisfied with an answer opens it again. ``text``
    is the beginning of the part that is this matter, "" for the whole.
    """

    number: str
    stage_zh: str
    is_ended: bool
    text: str
    department: str
    due_at: datetime
    asked: str
    way: str
    may_reopen: bool
    answers: tuple[AnswerUnder, ...]


@dataclass(frozen=True, slots=True)
class UnderReceipt:
    """What stands under a receipt; ``is_erased``: what was written is no more."""

    receipt: str
    title: str
    sent_at: datetime
    matters: tuple[MatterUnder, ...]
    is_erased: bool
    attachment_count: int


def look_up(context: Context, presented: Presented) -> UnderReceipt:
    """What stands under a receipt. Raises as ``check_proof``."""
    check_proof(context, presented)
    with context.database.reading() as connection:
        message = message_under(connection, presented)
        rows = read_matters_under(connection, message.id)
        is_erased = bool(read_erasures(connection, [message.id]))
        # What proved whose the receipt is went with the rest: it opens no answer any more.
        replies = {
            row.message_id: [] if is_erased else _sent_under(connection, row) for row in rows
        }
        rated = read_ratings(connection, [each.id for sent in replies.values() for each in sent])
        sender = _sender(context, connection, message)
        return UnderReceipt(
            receipt=message.receipt,
            title=message.title,
            sent_at=message.sent_at,
            matters=tuple(
                _matter(connection, row, message, sender, replies[row.message_id], rated)
                for row in rows
            ),
            is_erased=is_erased,
            attachment_count=count_attachments(connection, [message.id]).get(message.id, 0),
        )


def rate_answer(
    context: Context, presented: Presented, reply_id: int, satisfaction: Satisfaction, reason: str
) -> bool:
    """Keep what a sender says of an answer. Dissatisfaction opens the matter again, once.

    Returns
    -------
    bool
        Whether the matter was opened again.

    Raises
    ------
    ErasedError
        The message was erased by law.
    IllegalMoveError
        The sender has rated this answer already.
    InvalidInputError
        Dissatisfaction gives no reason, or the reason is too long.
    NotFoundError
        There is no such receipt, or the answer is not one that was sent under it.
    TooManyRequestsError
        There were too many failures a short time ago.
    """
    check_proof(context, presented)
    reason = reason.strip()
    if len(reason) > MAX_REASON_CHARS:
        raise InvalidInputError(f"理由不超过 {MAX_REASON_CHARS} 字")
    if satisfaction is Satisfaction.DISSATISFIED and not reason:
        raise InvalidInputError("请说明不满意的理由，便于重新办理")
    masked = context.triage.reader.read("", reason).masked()[1]
    with context.database.transaction() as connection:
        message = _message_still_there(connection, presented)
        row, message_id = _matter_of_reply(connection, message.id, reply_id)
        if any(r.message_id == message_id for r in read_ratings(connection, [reply_id])):
            raise IllegalMoveError("这份答复您已经评价过")
        now = context.now()
        insert_rating(connection, reply_id, message_id, satisfaction.value, reason, now)
        details = {
            "reply": reply_id,
            "satisfaction": satisfaction.value,
            "changes": [satisfaction.label_zh],
            "note": masked,
        }
        insert_events(connection, [NewEvent(row.id, now, SENDER, "rated", details)])
        reopens = (
            satisfaction is Satisfaction.DISSATISFIED
            and MatterStatus(row.status) in _RATED_STATUSES
            and not _was_reopened(connection, row.id)
        )
        if reopens:
            order = Order(Move.REOPEN, note="来信人对答复不满意")
            make_move(context, connection, row, order, SENDER)
        return reopens


def _was_reopened(connection: Connection, matter_id: int) -> bool:
    """Whether a sender opened the matter again; how often the desk did does not count."""
    reopened = read_events_of(connection, matter_id, (Move.REOPEN.value,))
    return any(each.actor == SENDER for each in reopened)


def supplement_message(context: Context, presented: Presented, number: str, text: str) -> None:
    """Keep what a sender tells on being asked for more; the matter goes on.

    Parameters
    ----------
    number
        The number of the matter that asks.

    Raises
    ------
    ErasedError
        The message was erased by law.
    IllegalMoveError
        The matter asks for nothing.
    InvalidInputError
        The text is empty or too long.
    NotFoundError
        There is no such receipt, or no such matter under it.
    TooManyRequestsError
        There were too many failures a short time ago.
    """
    check_proof(context, presented)
    text = text.strip()
    if not text or len(text) > MAX_SUPPLEMENT_CHARS:
        raise InvalidInputError(f"请填写补充的情况，不超过 {MAX_SUPPLEMENT_CHARS:,} 字")
    with context.database.transaction() as connection:
        message = _message_still_there(connection, presented)
        sender = _sender(context, connection, message)
        masked = context.triage.reader.read("", text, sender.name).masked()[1]
        found = [r for r in read_matters_under(connection, message.id) if r.number == number]
        if not found:
            raise NotFoundError(f"事项 {number}")
        row = lock_matter(connection, found[0].id)
        check_move(MatterStatus(row.status), Move.SUPPLEMENT)
        now = context.now()
        insert_supplement(connection, row.id, found[0].message_id, text, masked, now)
        make_move(context, connection, row, Order(Move.SUPPLEMENT, note=masked), SENDER)


def _message_still_there(connection: Connection, presented: Presented) -> Any:
    """The message under a receipt, unless it was erased: nobody speaks for its sender then."""
    message = message_under(connection, presented)
    if read_erasures(connection, [message.id]):
        raise ErasedError(ERASED_ZH)
    return message


def _matter_of_reply(connection: Connection, message_id: int, reply_id: int) -> tuple[Any, int]:
    """The row of a sent answer's matter, kept for this transaction, and which message is in it."""
    reply = read_reply(connection, reply_id)
    if reply is not None and reply.state == ReplyState.SENT.value:
        for row in read_matters_under(connection, message_id):
            if reply.matter_id in _held_by(connection, row):
                return lock_matter(connection, row.id), row.message_id
    raise NotFoundError("这个回执码下没有这份答复")


def _sent_under(connection: Connection, row: Any) -> list[Any]:
    """The answers that were sent to a demand, in whichever matter it was then."""
    replies = read_replies(connection, _held_by(connection, row))
    return [each for each in replies if each.state == ReplyState.SENT.value]


def _held_by(connection: Connection, row: Any) -> list[int]:
    """The matter that holds a demand, and those that were merged into it and held it before."""
    return [row.id, *(left.id for left in find_left(connection, row.demand_id))]


def _sender(context: Context, connection: Connection, message: Any) -> SenderDetails:
    if message.sender_id is None:
        return SenderDetails()
    return read_senders(connection, context.sealer, [message.sender_id])[message.sender_id]


def _matter(
    connection: Connection,
    row: Any,
    message: Any,
    sender: SenderDetails,
    replies: Sequence[Any],
    rated: Sequence[Any],
) -> MatterUnder:
    status = MatterStatus(row.status)
    is_part = row.part_start is not None
    values = {
        "来信人": sender.name or "来信人",
        "事项编号": row.number,
        "标题": message.title,
        "承办单位": row.department,
        "收到日期": f"{message.sent_at.astimezone(SHANGHAI):%Y年%-m月%-d日}",
    }
    own = {
        r.reply_id: Satisfaction(r.satisfaction) for r in rated if r.message_id == row.message_id
    }
    return MatterUnder(
        number=row.number,
        stage_zh=STAGES_ZH[status],
        is_ended=status in ENDED_STATUSES,
        text=message.text[row.part_start : row.part_end] if is_part else "",
        department=row.department,
        due_at=row.due_at,
        asked=_asked(connection, row, status),
        way=_way(connection, row, status),
        may_reopen=status in _RATED_STATUSES and not _was_reopened(connection, row.id),
        answers=tuple(_answer(reply, values, own) for reply in replies),
    )


def _answer(reply: Any, values: Mapping[str, str], own: Mapping[int, Satisfaction]) -> AnswerUnder:
    today = f"{reply.sent_at.astimezone(SHANGHAI):%Y年%-m月%-d日}"
    return AnswerUnder(
        reply_id=reply.id,
        text=fill_fields(reply.text, {**values, "今天": today}),
        department=reply.department,
        sent_at=reply.sent_at,
        satisfaction=own.get(reply.id),
    )


def _asked(connection: Connection, row: Any, status: MatterStatus) -> str:
    if status is not MatterStatus.SUPPLEMENT:
        return ""
    asked = find_last_event(connection, row.id, (Move.ASK.value,))
    return str(asked.details["note"]) if asked is not None else ""


def _way(connection: Connection, row: Any, status: MatterStatus) -> str:
    if status is not MatterStatus.REFUSED:
        return ""
    refused = find_last_event(connection, row.id, (Move.REFUSE.value,))
    if refused is None:
        return ""
    refusal = Refusal(refused.details["refusal"])
    return f"{refusal.label_zh}。{refusal.way_zh}"
