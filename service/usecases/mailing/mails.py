"""邮件来信: a mail is taken in like any message, and its sender told the receipt by mail."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from service.domain.attachment import Upload
from service.domain.channel import Channel
from service.domain.message import IncomingMessage
from service.errors import ErasedError, InvalidInputError, NumberTakenError
from service.intake.columns import Field
from service.intake.email_message import Mail, read_mail
from service.intake.messages import ReadOptions, build_message
from service.storage.delivery.deliveries import count_receipts, insert_receipt
from service.storage.intake.rejects import NewReject, insert_rejects
from service.storage.messages.messages import read_message
from service.usecases.context import Context
from service.usecases.intake.attaching import attach, count_attached
from service.usecases.intake.receive import receive_message
from service.usecases.intake.received import Received

SOURCE = "邮件"
RECIPIENT = "来信人"
# Two programs that answer each other would go on for ever, however they mark their mails.
_RECEIPTS_A_DAY = 10
# To read one takes up to ten times its size: many that come at once must not fill the memory.
_TURNS = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Taker:
    """Who hands a mail in on its sender's behalf.

    ``consent_version`` is "" where the sender was not told how personal data are used.
    """

    name: str
    consent_version: str = ""


@dataclass(frozen=True, slots=True)
class TakenMail:
    """A mail as a message, what became of it, and why files of it were not kept."""

    message: IncomingMessage
    received: Received
    refused: tuple[str, ...] = ()


def take_in_mail(
    context: Context,
    raw: bytes,
    arrived_at: datetime,
    *,
    is_answered: bool,
    taker: Taker | None = None,
) -> TakenMail:
    """Take a mail in; the same mail again (by its Message-ID) gives the earlier receipt.

    Parameters
    ----------
    raw
        The mail as it came.
    arrived_at
        Aware; see ``read_mail``.
    is_answered
        Whether its sender is told the receipt by mail, where that may be: once for each mail.
    taker
        None where it came by itself.

    Raises
    ------
    InvalidInputError
        It cannot be read, says nothing, was sent by a program, or bears the number of a mail
        that says something else. Nothing was stored.
    DatabaseUnavailableError, WorkersUnavailableError
        It was not stored, or not all of its files, or its receipt will not go out: take it in
        again.
    """
    # The mail server's clock may be ahead of ours.
    with _TURNS:
        mail = read_mail(raw, min(arrived_at, context.now()), _own_addresses(context))
    message = _as_incoming(context, mail)
    if taker is not None:
        version = taker.consent_version
        message = replace(message, taken_by=taker.name, consent_version=version)
    received = receive_message(context, message)
    if received.is_other:
        raise NumberTakenError
    refused: tuple[str, ...] = ()
    if received.is_new or not count_attached(context, received.message_id):
        files = [Upload(each.name, each.content) for each in mail.files]
        with suppress(ErasedError):  # what was erased stays so, and its mail may come again
            refused = attach(context, received.message_id, files).refused
    if is_answered and mail.may_be_answered:
        _answer(context, received)
    return TakenMail(message, received, refused)


def set_aside(context: Context, place: str, raw: bytes, error: InvalidInputError) -> None:
    """Count a mail that cannot be taken in; ``place`` tells a person where it lies."""
    shown = place.encode("utf-8", "replace").decode()[-400:]
    refused = NewReject(SOURCE, shown, 0, error.code, hashlib.sha256(raw).digest())
    with context.database.transaction() as connection:
        insert_rejects(connection, [refused])


def _own_addresses(context: Context) -> frozenset[str]:
    settings = context.settings
    user = settings.read_imap_login()[0] if settings.imap_login else ""
    return frozenset(each.lower() for each in (settings.smtp_sender, user) if each)


def _as_incoming(context: Context, mail: Mail) -> IncomingMessage:
    options = ReadOptions(
        context.now(), max_text_chars=context.settings.max_text_chars, channel=Channel.EMAIL
    )
    values = {
        Field.TITLE: mail.subject,
        Field.TEXT: mail.text,
        Field.SENT_AT: mail.sent_at,
        Field.SENDER: mail.sender_name,
        Field.EXTERNAL_ID: mail.number,
    }
    message = build_message(values, SOURCE, options)
    return replace(message, sender=replace(message.sender, email=mail.address))


def _answer(context: Context, received: Received) -> None:
    now = context.now()
    with context.database.transaction() as connection:
        message = read_message(connection, received.message_id)
        sender_id = None if message is None else message.sender_id
        if sender_id is None:  # erased since
            return
        if count_receipts(connection, sender_id, now - timedelta(days=1)) < _RECEIPTS_A_DAY:
            insert_receipt(connection, received.message_id, RECIPIENT, now)
