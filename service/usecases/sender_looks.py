"""Who looked at senders: kept before anything of them is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.access import Account
from service.storage import sender_looks as store
from service.usecases.context import Context
from service.usecases.matter_file import MatterFile

MOST_LISTED = 1000


@dataclass(frozen=True, slots=True)
class SenderLook:
    """Who looked at the senders of which messages of a matter, and when."""

    at: datetime
    account: str
    matter_id: int
    messages: tuple[int, ...]


def record_look(context: Context, account: Account, file: MatterFile) -> None:
    """Keep that an account sees the senders of a case file; nothing where none is known."""
    views = (file.opened, *file.demands)
    seen = sorted({view.message.id for view in views if not view.sender.is_anonymous})
    if seen:
        with context.database.transaction() as connection:
            store.insert_look(connection, context.now(), account.name, file.matter.id, seen)


def list_looks(context: Context, account: str = "", matter_id: int = 0) -> list[SenderLook]:
    """The newest looks, of an account or at a matter where these are told."""
    with context.database.reading() as connection:
        rows = store.read_looks(connection, account, matter_id, MOST_LISTED)
    return [SenderLook(row.at, row.account, row.matter_id, tuple(row.messages)) for row in rows]
