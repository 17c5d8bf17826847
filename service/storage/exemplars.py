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
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    column,
    delete,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.relation import Relation
from service.storage.rows import chunks
from service.storage.tables import demand, exemplar, exemplar_key

NEWEST = 100  # postings of a key that are read


class Exemplar(NamedTuple):
    """A message that stands for its matter, with its profile as bytes."""

    message_id: int
    matter_id: int
    profile: bytes


class Form(NamedTuple):
    """How profiles are stored today: their size in bytes, and their first byte."""

    size: int
    first: bytes


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


def find_outdated(connection: Connection, form: Form, after: int, count: int) -> list[int]:
    """Ids above ``after`` of at most ``count`` matters with a profile of another form."""
    matter_id = exemplar.c.matter_id
    query = select(matter_id).distinct().where(matter_id > after, _is_outdated(form))
    return list(connection.execute(query.order_by(matter_id).limit(count)).scalars())


def delete_outdated(connection: Connection, form: Form, matter_ids: Sequence[int]) -> None:
    """Delete profiles of another form. The keys of their messages stay, and lead to nothing."""
    is_meant = and_(exemplar.c.matter_id.in_(matter_ids), _is_outdated(form))
    connection.execute(delete(exemplar).where(is_meant))


def _is_outdated(form: Form) -> ColumnElement[bool]:
    profile = exemplar.c.profile
    return or_(func.length(profile) != form.size, func.substr(profile, 1, 1) != form.first)


def find_voices(
    connection: Connection, matter_ids: Sequence[int], most: int
) -> dict[int, list[int]]:
    """The first messages of these matters that are no copies: at most ``most`` ids each."""
    number = func.row_number().over(partition_by=demand.c.matter_id, order_by=demand.c.message_id)
    numbered = (
        select(demand.c.matter_id, demand.c.message_id, number.label("number"))
        .where(demand.c.matter_id.in_(matter_ids), demand.c.relation != Relation.COPY.value)
        .subquery()
    )
    query = select(numbered.c.matter_id, numbered.c.message_id).where(numbered.c.number <= most)
    found: dict[int, list[int]] = {matter_id: [] for matter_id in matter_ids}
    for matter_id, message_id in connection.execute(query.order_by(numbered.c.message_id)):
        found[matter_id].append(message_id)
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
