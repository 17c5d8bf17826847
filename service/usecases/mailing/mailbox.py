"""Looking into the mailbox: each mail is stored first and moved then, so none is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from service.errors import InvalidInputError, MailboxError
from service.intake.mailbox import Mailbox, MailboxServer, open_mailbox
from service.storage.intake import mailbox as store
from service.usecases.context import Context
from service.usecases.mailing.mails import set_aside, take_in_mail

logger = logging.getLogger(__name__)

_MOST_MAILS = 200  # in one look: others have their turn
_HELD = timedelta(minutes=30)  # far longer than a look takes; a desk that died gives it up by then
_LOOK_ENDS = timedelta(minutes=10)
_SHORTEST_REST = timedelta(minutes=1)
_LONGEST_REST = timedelta(hours=1)


@dataclass(slots=True)
class Look:
    """What a look into the mailbox brought: mails by what became of them."""

    new_count: int = 0
    known_count: int = 0
    refused_count: int = 0


def look_into_mailbox(
    context: Context, is_stopping: Callable[[], bool] = lambda: False
) -> Look | None:
    """Take in what lies in the mailbox; None where there is none, or another desk looks into it.

    A mail is moved to the folder for those stored after its message is committed. One that cannot
    be taken in is counted and moved to the folder for these. Whoever dies in between leaves
    mails where they were: their numbers tell next time which are stored. A server that is away
    rests, longer each time, up to an hour.

    Raises
    ------
    MailboxError
        The mailbox cannot be looked into; what was taken in before is stored.
    DatabaseUnavailableError
        The mail under way was not stored and was not moved.
    SettingsError
        The mailbox's user and password cannot be read.
    """
    if not context.settings.imap_host:
        return None
    server = _server(context)
    now = context.now()
    with context.database.transaction() as connection:
        if not store.claim_look(connection, server.name, now, now + _HELD):
            return None
    problem = "没有完成"
    try:
        look = _look(context, server, is_stopping)
        problem = ""
    except MailboxError as error:
        problem = error.detail
        raise
    finally:
        _end(context, server, problem)
    return look


def mailbox_problem(context: Context) -> str:
    """Why the last look into the mailbox failed; "" where it did not, or there is none.

    Raises
    ------
    DatabaseUnavailableError, SettingsError
        It cannot be told.
    """
    if not context.settings.imap_host:
        return ""
    with context.database.reading() as connection:
        row = store.read_mailbox(connection, _server(context).name)
    return "" if row is None else str(row.problem)


def _look(context: Context, server: MailboxServer, is_stopping: Callable[[], bool]) -> Look:
    look, ends_at = Look(), context.now() + _LOOK_ENDS
    with open_mailbox(server) as mailbox:
        for uid in mailbox.waiting(_MOST_MAILS):
            if is_stopping() or context.now() > ends_at:
                break
            _take(context, server, mailbox, uid, look)
    return look


def _take(context: Context, server: MailboxServer, mailbox: Mailbox, uid: int, look: Look) -> None:
    raw = f"{server.name} {uid}".encode()  # stands for a mail too large to be read
    try:
        fetched = mailbox.fetch(uid)
        if fetched is None:
            return
        raw = fetched.raw
        received = take_in_mail(
            context, raw, fetched.arrived_at, is_answered=context.settings.sends_receipts
        ).received
    except InvalidInputError as error:
        logger.warning(
            "邮箱里的一封邮件没有登记，移到“%s”：%s", server.failed_folder, error.message
        )
        set_aside(context, f"邮箱“{server.failed_folder}”，原编号 {uid}", raw, error)
        mailbox.move(uid, server.failed_folder)
        look.refused_count += 1
        return
    mailbox.move(uid, server.done_folder)
    look.new_count += received.is_new
    look.known_count += not received.is_new


def _end(context: Context, server: MailboxServer, problem: str) -> None:
    now = context.now()
    with context.database.transaction() as connection:
        row = store.read_mailbox(connection, server.name)
        failures = row.failure_count + 1 if problem and row is not None else 0
        rest = min(_SHORTEST_REST * 2 ** min(failures, 10), _LONGEST_REST) if failures else None
        store.end_look(connection, server.name, now + rest if rest else now, failures, problem)


def _server(context: Context) -> MailboxServer:
    settings = context.settings
    user, password = settings.read_imap_login()
    return MailboxServer(
        settings.imap_host,
        settings.imap_port,
        settings.imap_security,
        user,
        password,
        settings.imap_folder,
        settings.imap_done_folder,
        settings.imap_failed_folder,
    )
