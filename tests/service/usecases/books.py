"""The books of a database, read row by row and checked against each other in plain Python."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from sqlalchemy import Table, select

from service.storage import tables
from service.usecases.context import Context
from service.usecases.upkeep.audit import verify_histories

_HISTORY = ("event_count", "event_head")


def rows(context: Context, table: Table) -> list[dict[str, Any]]:
    """All rows of a table as dictionaries, by primary key.

    How long a matter's history is, and its head, are left out: it grows whatever is done.
    """
    columns = [column for column in table.c if column.name not in _HISTORY]
    query = select(*columns).order_by(*table.primary_key.columns)
    with context.database.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def found_by(context: Context) -> set[tuple[int, int]]:
    """Under which keys messages are found, merged into the postings or not: (key, message id)."""
    merged = {
        (row["key"], row["first_id"] + offset)
        for row in rows(context, tables.exemplar_key)
        for offset in np.frombuffer(row["offsets"], "<u4").tolist()
    }
    return merged | {
        (key, row["message_id"])
        for row in rows(context, tables.auxiliary_keys)
        for key in np.frombuffer(row["keys"], "<u4").tolist()
    }


def forget_keys(context: Context) -> None:
    """Let no message be found any more."""
    with context.database.transaction() as connection:
        connection.execute(tables.exemplar_key.delete())
        connection.execute(tables.auxiliary_keys.delete())


def check_books(context: Context) -> None:
    """Every message has one demand, and each matter's counts are those of its messages."""
    messages = {row["id"]: row for row in rows(context, tables.message)}
    demands = rows(context, tables.demand)
    assert sorted(demand["message_id"] for demand in demands) == sorted(messages)
    of_matter: dict[int, list[dict[str, Any]]] = {}
    for demand in demands:
        of_matter.setdefault(demand["matter_id"], []).append(demand)
    matters = [row for row in rows(context, tables.matter) if row["merged_into"] is None]
    assert sorted(of_matter) == [matter["id"] for matter in matters]
    for matter in matters:
        own = of_matter[matter["id"]]
        relations = Counter(demand["relation"] for demand in own)
        assert relations["first"] == 1
        assert matter["message_count"] == len(own)
        assert matter["copy_count"] == relations["copy"]
        sent = [messages[demand["message_id"]]["sent_at"] for demand in own]
        assert matter["last_message_at"] == max(sent)
    arrivals = [row for row in rows(context, tables.event) if row["kind"] == "message"]
    told = Counter((row["matter_id"], row["details"]["message"]) for row in arrivals)
    assert set(told.values()) <= {1}
    # What was a message of a part, or of a matter that joined another, stays in the histories.
    assert {message for _, message in told} >= messages.keys()
    assert not verify_histories(context).faults


def stored_texts(context: Context) -> list[tuple[str, str]]:
    """(title, text) of all messages as they stand in the database, in the order received."""
    return [(row["title"], row["text"]) for row in rows(context, tables.message)]
