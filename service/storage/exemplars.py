"""What makes matters findable, in the database: a few messages of each, and keys to find these by.

A matter has at most a handful of exemplars, so one of a hundred thousand messages costs no more
than one of six; and of each key only the newest postings are read, so a clause that a tenth of
all messages have costs no more than a rare word.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    Column,
    Connection,
    Integer,
    Select,
    String,
    bindparam,
    column,
    func,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.rows import chunks
from service.storage.tables import exemplar, exemplar_key

NEWEST = 100  # postings of a key that are read


class Exemplar(NamedTuple):
    """A message that stands for its matter, with its profile as bytes."""

    message_id: int
    matter_id: int
    profile: bytes


def read_postings(connection: Connection, keys: Sequence[int]) -> list[tuple[int, int]]:
    """(key, message id) of the exemplars under these keys, of each key the newest ``NEWEST``."""
    if not keys:
        return []
    if connection.dialect.name == "postgresql":
        rows = connection.execute(_postings_in_postgres(), {"keys": list(keys)})
    else:
        rows = connection.execute(_postings_in_sqlite(), {"keys": json.dumps(list(keys))})
    return [(key, message_id) for key, message_id in rows]


@cache
def _postings_in_postgres() -> Select[Any]:
    asked = (
        func.unnest(bindparam("keys", type_=ARRAY(Integer)))
        .table_valued(column("value", Integer), name="asked")
        .render_derived()
    )
    newest = (
        select(exemplar_key.c.message_id)
        .where(exemplar_key.c.key == asked.c.value)
        .order_by(exemplar_key.c.message_id.desc())
        .limit(NEWEST)
        .lateral()
    )
    return select(asked.c.value, newest.c.message_id).select_from(asked.join(newest, true()))


@cache
def _postings_in_sqlite() -> Select[Any]:
    # SQLite knows no LATERAL; a bound on the index's second column does the same.
    asked = func.json_each(bindparam("keys", type_=String)).table_valued(
        column("value", Integer), name="asked"
    )
    oldest = (
        select(exemplar_key.c.message_id)
        .where(exemplar_key.c.key == asked.c.value)
        .order_by(exemplar_key.c.message_id.desc())
        .limit(1)
        .offset(NEWEST - 1)
        .correlate(asked)
        .scalar_subquery()
    )
    return (
        select(asked.c.value, exemplar_key.c.message_id)
        .select_from(asked.join(exemplar_key, exemplar_key.c.key == asked.c.value))
        .where(exemplar_key.c.message_id >= func.coalesce(oldest, 0))
    )


def read_exemplars(connection: Connection, message_ids: Sequence[int]) -> list[Exemplar]:
    """The exemplars with these ids, the oldest first; those that are none are passed over."""
    return _read(connection, exemplar.c.message_id, message_ids)


def read_exemplars_of(connection: Connection, matter_ids: Sequence[int]) -> list[Exemplar]:
    """The exemplars of these matters, the oldest first."""
    return _read(connection, exemplar.c.matter_id, matter_ids)


def _read(connection: Connection, where: Column[int], ids: Sequence[int]) -> list[Exemplar]:
    found: list[Exemplar] = []
    for part in chunks(ids):
        rows = connection.execute(
            select(exemplar.c.message_id, exemplar.c.matter_id, exemplar.c.profile)
            .where(where.in_(part))
            .order_by(exemplar.c.message_id)
        )
        found += [Exemplar(message, matter, bytes(profile)) for message, matter, profile in rows]
    return found


def count_exemplars(connection: Connection, matter_ids: Sequence[int]) -> dict[int, int]:
    """How many exemplars each of these matters has; one without any is missing."""
    found: dict[int, int] = {}
    for part in chunks(matter_ids):
        rows = connection.execute(
            select(exemplar.c.matter_id, func.count())
            .where(exemplar.c.matter_id.in_(part))
            .group_by(exemplar.c.matter_id)
        )
        found.update((matter, count) for matter, count in rows)
    return found


def insert_postings(connection: Connection, postings: Iterable[tuple[int, int]]) -> None:
    """Add (key, message id) pairs; those that are there already stay."""
    # In the order of the primary key, which is the order of the pages on disk.
    rows = [{"key": key, "message_id": message} for key, message in sorted(set(postings))]
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(exemplar_key).on_conflict_do_nothing(), rows)


def insert_exemplars(connection: Connection, exemplars: Iterable[Exemplar]) -> None:
    """Let messages stand for their matters."""
    rows = [each._asdict() for each in exemplars]
    if rows:
        connection.execute(exemplar.insert(), rows)
