"""Who looked at senders: kept before anything of them is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.domain.access import Account
from service.domain.message import Message
from service.storage.accounts import sender_looks as store
from service.usecases.context import Context
from service.usecases.matters.matter_file import MatterFile

MOST_LISTED = 1000


@dataclass(frozen=True, slots=True)
class SenderLook:
    """Who looked at the senders of which messages of a matter, and when."""

    at: datetime
    account: str
    matter_id: int
    messages: tuple[int, ...]


def record_look(
    context: Context, account: Account, matter_id: int, messages: Iterable[Message]
) -> None:
    """Keep that an account sees what senders wrote, or who they are.

    Nothing is kept where no sender is known.
    """
    seen = sorted({message.id for message in messages if message.sender_id is not None})
    if seen:
        with context.database.transaction() as connection:
            store.insert_look(connection, context.now(), account.name, matter_id, seen)


def record_download(context: Context, account: Account, matter_id: int, message_id: int) -> None:
    """Keep that an account takes a file of a message: it may show who sent it, told or not."""
    with context.database.transaction() as connection:
        store.insert_look(connection, context.now(), account.name, matter_id, [message_id])


def record_look_at_file(context: Context, account: Account, file: MatterFile) -> None:
    """Keep that an account sees a case file in the original."""
    views = (file.opened, *file.demands)
    record_look(context, account, file.matter.id, [view.message for view in views])


def list_looks(context: Context, account: str = "", matter_id: int = 0) -> list[SenderLook]:
    """The newest looks, of an account or at a matter where these are told."""
    with context.database.reading() as connection:
        rows = store.read_looks(connection, account, matter_id, MOST_LISTED)
    return [SenderLook(row.at, row.account, row.matter_id, tuple(row.messages)) for row in rows]
