"""Answering a matter: a draft, its check, and the signature that sends it to all who wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classifier.text.search_terms import index_terms
from service.domain.deadline import SHANGHAI
from service.domain.document import Document, DocumentKind
from service.domain.order import Order
from service.domain.path import Move, check_move
from service.domain.reply import ReplyState, Satisfaction
from service.domain.status import MatterStatus
from service.errors import IllegalMoveError, InvalidInputError, NotFoundError
from service.storage.casework.replies import (
    change_reply,
    insert_draft,
    read_ratings,
    read_replies,
    read_reply,
)
from service.storage.database import Connection
from service.storage.matters.history import NewEvent, insert_events
from service.storage.matters.matter_pairs import find_parts
from service.storage.messages.messages import find_leading, read_message_of
from service.storage.search.documents import index_documents
from service.triage.answer_check import Answered, check_answer
from service.usecases.casework.casework import lock_matter, make_move
from service.usecases.context import Context
from service.usecases.matters.claims import check_claim

MAX_REPLY_CHARS = 10_000


@dataclass(frozen=True, slots=True)
class ReplyView:
    """An answer as the desk sees it. ``ratings`` counts what its readers said, by what.

    ``is_of_part`` says that it was given in a matter that has become part of this one.
    """

    id: int
    is_of_part: bool
    state: ReplyState
    text: str
    masked_text: str
    department: str
    drafted_by: str
    drafted_at: datetime
    checked_by: str
    checked_at: datetime | None
    sent_by: str
    sent_at: datetime | None
    ratings: tuple[tuple[Satisfaction, int], ...]
    reasons: tuple[str, ...]


def draft_reply(context: Context, matter_id: int, text: str, account: str) -> int:
    """Keep a draft; an earlier one that was not sent is void from then on, and kept.

    Returns
    -------
    int
        The id of the draft.

    Raises
    ------
    ClaimedError
        Another account holds the matter.
    IllegalMoveError
        The matter's state does not allow an answer.
    InvalidInputError
        The text is empty or too long.
    MergedError, NotFoundError
        The matter is part of another, or there is none.
    """
    text = text.strip()
    if not text or len(text) > MAX_REPLY_CHARS:
        raise InvalidInputError(f"请填写答复正文，不超过 {MAX_REPLY_CHARS:,} 字")
    masked = context.triage.reader.read("", text).masked()[1]
    with context.database.transaction() as connection:
        row = lock_matter(connection, matter_id)
        check_move(MatterStatus(row.status), Move.ANSWER)
        now = context.now()
        check_claim(connection, matter_id, account, now)
        reply_id = insert_draft(
            connection,
            matter_id,
            text=text,
            masked_text=masked,
            department=row.department,
            drafted_by=account,
            drafted_at=now,
        )
        _note(connection, matter_id, now, account, "drafted", reply_id)
        return reply_id


def check_reply(context: Context, reply_id: int, account: str) -> None:
    """Say that a draft was read and is right.

    Raises
    ------
    IllegalMoveError
        It is no draft any more, or the matter's state does not allow an answer.
    NotFoundError
        There is no such answer.
    """
    with context.database.transaction() as connection:
        reply, row = _lock_reply(connection, reply_id)
        if reply.state != ReplyState.DRAFT.value:
            raise IllegalMoveError(f"这份答复{ReplyState(reply.state).label_zh}，不能核稿")
        check_move(MatterStatus(row.status), Move.ANSWER)
        now = context.now()
        checked = {"state": ReplyState.CHECKED.value, "checked_by": account, "checked_at": now}
        change_reply(connection, reply_id, **checked)
        _note(connection, row.id, now, account, "checked", reply_id)


def send_reply(context: Context, reply_id: int, account: str) -> None:
    """Sign an answer: it reaches everybody who wrote in the matter, under their own receipts.

    Where the matter's studio demands two persons, it must have been checked, and whoever signs
    is not who drafted it.

    Raises
    ------
    IllegalMoveError
        It was sent or is void, two persons are demanded and it was not checked or is signed by
        who drafted it, or the matter's state does not allow it.
    NotFoundError
        There is no such answer.
    """
    with context.database.transaction() as connection:
        reply, row = _lock_reply(connection, reply_id)
        _check_can_be_sent(context, reply, row, account)
        found = _check(context, connection, row.id, reply.text)
        change_reply(
            connection,
            reply_id,
            state=ReplyState.SENT.value,
            sent_by=account,
            sent_at=context.now(),
            check=[[one.ask, one.sentence] for one in found],
        )
        make_move(context, connection, row, Order(Move.ANSWER), account)
        _let_be_found(context, connection, reply)


def _let_be_found(context: Context, connection: Connection, reply: Any) -> None:
    """Let an answer that was sent be found by its words."""
    leading = find_leading(connection, reply.matter_id)
    day = context.now().astimezone(SHANGHAI).date()
    terms = index_terms(context.triage.reader.segmenter, reply.masked_text)
    document = Document(DocumentKind.REPLY, reply.id, leading, day, terms, reply.masked_text)
    index_documents(connection, [document])


def list_replies(context: Context, matter_id: int) -> list[ReplyView]:
    """The answers of a matter in the order they were drafted, void ones left out.

    What was sent in the matters that have become part of it stands before its own.
    """
    with context.database.reading() as connection:
        parts = sorted(find_parts(connection, [matter_id]))
        rows = [
            row
            for row in read_replies(connection, parts)
            if row.matter_id == matter_id or row.state == ReplyState.SENT.value
        ]
        ratings = read_ratings(connection, [row.id for row in rows])
    rows.sort(key=lambda row: row.matter_id == matter_id)
    return [
        _view(row, matter_id, [each for each in ratings if each.reply_id == row.id]) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class TextCheck:
    """What the person who signs should look at.

    ``asks`` holds what the message that opened the matter asks, each beside the sentence that
    answers it; ``has_personal_data`` whether the text seems to tell of a person, which everybody
    who wrote in the matter would read.
    """

    asks: tuple[Answered, ...]
    has_personal_data: bool


def check_text(context: Context, matter_id: int, text: str) -> TextCheck:
    """Check the text of an answer; nothing is kept.

    Raises
    ------
    NotFoundError
        There is no such matter.
    """
    has_personal_data = bool(context.triage.reader.read("", text).personal)
    with context.database.reading() as connection:
        return TextCheck(_check(context, connection, matter_id, text), has_personal_data)


def _check(
    context: Context, connection: Connection, matter_id: int, text: str
) -> tuple[Answered, ...]:
    found = read_message_of(connection, matter_id, find_leading(connection, matter_id))
    if found is None:
        raise NotFoundError(f"事项 {matter_id}")
    demand = found[1]
    segmenter = context.triage.reader.segmenter
    return check_answer(demand.masked_title, demand.masked_text, text, segmenter)


def _lock_reply(connection: Connection, reply_id: int) -> tuple[Any, Any]:
    """An answer and its matter's row, which is kept for this transaction."""
    reply = read_reply(connection, reply_id)
    if reply is None:
        raise NotFoundError(f"答复 {reply_id}")
    row = lock_matter(connection, reply.matter_id)
    # Only now nobody else can change it.
    return read_reply(connection, reply_id), row


def _check_can_be_sent(context: Context, reply: Any, row: Any, account: str) -> None:
    state = ReplyState(reply.state)
    if state not in (ReplyState.DRAFT, ReplyState.CHECKED):
        raise IllegalMoveError(f"这份答复{state.label_zh}，不能签发")
    studio = context.triage.organisation.studio_by_code.get(row.studio)
    if studio is None or not studio.two_signatures:
        return
    if state is not ReplyState.CHECKED:
        raise IllegalMoveError("答复须先核稿，再签发")
    if account == reply.drafted_by:
        raise IllegalMoveError("起草人不能签发自己起草的答复")


def _note(
    connection: Connection, matter_id: int, at: datetime, account: str, kind: str, reply_id: int
) -> None:
    insert_events(connection, [NewEvent(matter_id, at, account, kind, {"reply": reply_id})])


def _view(row: Any, matter_id: int, ratings: Sequence[Any]) -> ReplyView:
    said = [each.satisfaction for each in ratings]
    return ReplyView(
        id=row.id,
        is_of_part=row.matter_id != matter_id,
        state=ReplyState(row.state),
        text=row.text,
        masked_text=row.masked_text,
        department=row.department,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        checked_by=row.checked_by,
        checked_at=row.checked_at,
        sent_by=row.sent_by,
        sent_at=row.sent_at,
        ratings=tuple((kind, said.count(kind.value)) for kind in Satisfaction),
        reasons=tuple(each.reason for each in ratings if each.reason),
    )
