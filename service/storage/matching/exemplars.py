"""Exemplars, in the database: the few messages of each matter that others are compared with.

A matter has at most a handful, so one of a hundred thousand messages costs no more than one of six.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    TableValuedAlias,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from service.domain.relation import Relation
from service.storage.messages.erasures import is_erased
from service.storage.rows import chunks, insert_rows
from service.storage.tables import demand, exemplar, message
from service.storage.values import read_for


class Exemplar(NamedTuple):
    """A message that stands for its matter, with its profile as bytes."""

    message_id: int
    matter_id: int
    profile: bytes


class Form(NamedTuple):
    """How profiles are stored today: their size in bytes, and their first byte."""

    size: int
    first: bytes


def read_exemplars(connection: Connection, message_ids: Sequence[int]) -> list[Exemplar]:
    """The exemplars with these ids, the oldest first; those that are none are passed over."""
    return sorted(map(Exemplar._make, read_exemplar_rows(connection, message_ids)))


def read_exemplar_rows(
    connection: Connection, message_ids: Sequence[int]
) -> Sequence[tuple[int, int, bytes]]:
    """The same as plain tuples in any order, for whoever reads ten thousands."""
    rows = read_for(connection, _by_message, message_ids)
    return cast("Sequence[tuple[int, int, bytes]]", rows)


def _by_message(asked: TableValuedAlias) -> Select[Any]:
    is_asked = exemplar.c.message_id == asked.c.value
    columns = exemplar.c.message_id, exemplar.c.matter_id, exemplar.c.profile
    return select(*columns).select_from(asked.join(exemplar, is_asked))


def count_exemplars(connection: Connection, matter_id: int) -> int:
    """How many messages stand for a matter."""
    return len(read_for(connection, _of_matter, [matter_id]))


def _of_matter(asked: TableValuedAlias) -> Select[Any]:
    is_asked = exemplar.c.matter_id == asked.c.value
    return select(exemplar.c.message_id).select_from(asked.join(exemplar, is_asked))


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


def find_outdated(connection: Connection, form: Form, after: int, count: int) -> list[int]:
    """Ids above ``after`` of at most ``count`` matters with a profile of another form."""
    matter_id = exemplar.c.matter_id
    query = select(matter_id).distinct().where(matter_id > after, _is_outdated(form))
    return list(connection.execute(query.order_by(matter_id).limit(count)).scalars())


def delete_outdated(connection: Connection, form: Form, matter_ids: Sequence[int]) -> None:
    """Delete profiles of another form. The keys of their messages stay, and lead to nothing."""
    is_meant = and_(exemplar.c.matter_id.in_(matter_ids), _is_outdated(form))
    connection.execute(delete(exemplar).where(is_meant))


def delete_exemplars(connection: Connection, message_ids: Sequence[int]) -> None:
    """Let messages stand for their matters no longer. Their keys stay, and lead to nothing."""
    for part in chunks(message_ids):
        connection.execute(delete(exemplar).where(exemplar.c.message_id.in_(part)))


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
        .where(
            demand.c.matter_id.in_(matter_ids),
            demand.c.relation != Relation.COPY.value,
            ~is_erased(demand.c.message_id),
        )
        .subquery()
    )
    query = select(numbered.c.matter_id, numbered.c.message_id).where(numbered.c.number <= most)
    found: dict[int, list[int]] = {matter_id: [] for matter_id in matter_ids}
    for matter_id, message_id in connection.execute(query.order_by(numbered.c.message_id)):
        found[matter_id].append(message_id)
    return found


def read_exemplars_from(
    connection: Connection, sender_ids: Sequence[int]
) -> list[tuple[int, Exemplar]]:
    """The exemplars that these senders wrote, each with its sender's id."""
    columns = message.c.sender_id, exemplar.c.message_id, exemplar.c.matter_id, exemplar.c.profile
    query = select(*columns).join(message, message.c.id == exemplar.c.message_id)
    return [
        (sender_id, Exemplar(message_id, matter_id, bytes(profile)))
        for part in chunks(sender_ids)
        for sender_id, message_id, matter_id, profile in connection.execute(
            query.where(message.c.sender_id.in_(part))
        )
    ]


def change_profiles(connection: Connection, exemplars: Sequence[Exemplar]) -> None:
    """Give exemplars other profiles."""
    for one in exemplars:
        is_it = exemplar.c.message_id == one.message_id
        connection.execute(update(exemplar).where(is_it).values(profile=one.profile))


def insert_exemplars(connection: Connection, exemplars: Iterable[Exemplar]) -> None:
    """Let messages stand for their matters."""
    insert_rows(connection, exemplar, [each._asdict() for each in exemplars])
