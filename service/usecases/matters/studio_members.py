"""Who of a studio a matter goes to that a person gives it to: never a party to its messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from service.domain.assignment import Assignment
from service.domain.deadline import SHANGHAI
from service.storage.database import Connection
from service.storage.matters import matters as store
from service.storage.matters.history import read_recusing_messages
from service.storage.messages.messages import find_leading, read_messages, read_messages_of
from service.storage.sealing.senders import read_senders
from service.usecases.context import Context

_MOST_READ = 200


def choose_of_studio(
    context: Context, connection: Connection, matter_id: int, code: str, topic: str, account: str
) -> Assignment:
    """The assignment of a matter that an account gives to a studio, or to none where that is "".

    No department is named.
    """
    members, because = members_of_studio(context, connection, matter_id, code, topic)
    return Assignment(
        studio=code, members=members, department="", because=(f"由 {account} 指定", *because)
    )


def studio_columns(
    context: Context, connection: Connection, matter_id: int, code: str, topic: str, account: str
) -> dict[str, object]:
    """The columns of a matter that an account gives to a studio: see ``choose_of_studio``."""
    given = choose_of_studio(context, connection, matter_id, code, topic, account)
    studio = context.triage.organisation.studio_by_code.get(code)
    committee = studio.committee if studio else ""
    return {**store.assignment_columns(given), "committee": committee}


def members_of_studio(
    context: Context,
    connection: Connection,
    matter_id: int,
    code: str,
    topic: str,
    besides: Iterable[int] = (),
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who of a studio may handle a matter, the convener first of these; and why, in Chinese.

    None is a party to one of the matter's first ``_MOST_READ`` messages, to one that opened it or
    made a member step aside, or to the messages ``besides``.
    """
    ids = {
        find_leading(connection, matter_id),
        *(one.id for one, _ in read_messages_of(connection, matter_id, _MOST_READ)),
        *read_recusing_messages(connection, matter_id),
        *besides,
    }
    messages = read_messages(connection, sorted(ids))
    known = context.triage.organisation.studio_by_code.get(code)
    if known is None or not messages:
        return (), ()
    asked = sorted({one.sender_id for one in messages if one.sender_id is not None})
    senders = {one.name for one in read_senders(connection, context.sealer, asked).values()}
    reader = context.triage.reader
    text = "\n".join(reader.read(one.title, one.text).whole for one in messages)
    today = context.now().astimezone(SHANGHAI).date()
    row = store.read_matter_row(connection, matter_id)
    kind = "" if row is None else row.kind
    choice = context.triage.router.choose_members(code, topic, kind, text, today, senders)
    # Whom a person gives a studio's work is its convener's to say.
    members = sorted(choice.members, key=lambda member: member != known.convener)
    return tuple(members), choice.because


def without_parties(
    context: Context, connection: Connection, matter_id: int, found: Assignment, topic: str
) -> Assignment:
    """What the router found by a matter's first message, with none whom other messages name."""
    members, because = members_of_studio(context, connection, matter_id, found.studio, topic)
    if set(found.members) <= set(members):
        return found
    return replace(found, members=members, because=(*found.because, *because))
