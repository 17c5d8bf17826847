"""Stored messages as rules are tried on them, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from service.storage.messages.erasures import is_erased
from service.storage.tables import IS_PART, demand, matter, message


def read_to_replay(
    connection: Connection, after: int, since: date | None, count: int
) -> Sequence[Row[Any]]:
    """The next messages above an id, ascending: those sent from a day on, all where it is None.

    Each with its words, channel, sender's id and day, its relation, and the id, number and
    studio of its matter. Parts of a message are left out: rules look at all of its text.
    """
    columns = (
        *(message.c.id, message.c.title, message.c.text, message.c.channel),
        *(message.c.sender_id, message.c.sent_on, demand.c.relation),
        *(matter.c.number, matter.c.studio),
    )
    query: Select[Any] = (
        select(*columns)
        .join(demand, demand.c.message_id == message.c.id)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(message.c.id > after, ~IS_PART, ~is_erased(message.c.id))
        .order_by(message.c.id)
        .limit(count)
    )
    if since is not None:
        query = query.where(message.c.sent_on >= since)
    return connection.execute(query).all()
