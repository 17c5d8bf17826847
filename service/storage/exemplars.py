"""What makes matters findable, in the database: a few messages of each, and keys to find these by.

A matter has at most a handful of exemplars, so one of a hundred thousand messages costs no more
than one of six. The exemplars under a key, its postings, lie in rows of at most ``ROW`` message
ids, ascending, as in any inverted index: a posting takes four bytes instead of a row of its own,
and it is known how many there are before they are read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from struct import pack, unpack
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    TableValuedAlias,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.relation import Relation
from service.storage.rows import chunks, insert_rows
from service.storage.tables import demand, exemplar, exemplar_key
from service.storage.values import read_for

I64 = npt.NDArray[np.int64]

ROW = 64  # message ids in one row of a key's
_OFFSET, _FARTHEST = np.dtype("<u4"), 2**32 - 1


class Postings(NamedTuple):
    """The exemplars under a key: how many in all, and the ids of those read, the newest last."""

    total: int
    message_ids: I64


class _Row(NamedTuple):
    """Some postings of a key: the first id, and of each how far it is from the first.

    ``older`` is how many postings the key has in the rows before.
    """

    key: int
    first_id: int
    older: int
    offsets: bytes

    @property
    def size(self) -> int:
        """How many postings are in the row."""
        return len(self.offsets) // _OFFSET.itemsize

    @property
    def end(self) -> int:
        """The last id of the row."""
        return self.first_id + int.from_bytes(self.offsets[-_OFFSET.itemsize :], "little")


class Exemplar(NamedTuple):
    """A message that stands for its matter, with its profile as bytes."""

    message_id: int
    matter_id: int
    profile: bytes


class Form(NamedTuple):
    """How profiles are stored today: their size in bytes, and their first byte."""

    size: int
    first: bytes


def read_newest_postings(connection: Connection, keys: Sequence[int]) -> dict[int, Postings]:
    """The newest exemplars under each of these keys, at most ``ROW``; keys without any miss."""
    return _as_postings(_rows(read_for(connection, _newest_rows, keys)))


def read_all_postings(connection: Connection, keys: Sequence[int]) -> dict[int, Postings]:
    """All exemplars under each of these keys; keys without any miss."""
    return _as_postings(_rows(read_for(connection, _all_rows, keys)))


def _as_postings(rows: Sequence[_Row]) -> dict[int, Postings]:
    found: dict[int, Postings] = {}
    starts: dict[int, int] = {}
    ids, counts = _message_ids(rows)
    for row, count, end in zip(rows, counts, accumulate(counts), strict=True):
        start = starts.setdefault(row.key, end - count)
        found[row.key] = Postings(row.older + count, ids[start:end])
    return found


def _message_ids(rows: Sequence[_Row]) -> tuple[I64, list[int]]:
    """The ids of all rows, one after the other, and how many each row has."""
    counts = [len(row.offsets) // _OFFSET.itemsize for row in rows]
    firsts = np.repeat(np.array([row.first_id for row in rows], np.int64), counts)
    return firsts + np.frombuffer(b"".join(row.offsets for row in rows), _OFFSET), counts


def _rows(found: Iterable[tuple[Any, ...]]) -> list[_Row]:
    return sorted(map(_Row._make, found))


def _newest_rows(asked: TableValuedAlias) -> Select[Any]:
    return select(exemplar_key).select_from(
        asked.join(exemplar_key, and_(_is_asked(asked), exemplar_key.c.first_id == _last(asked)))
    )


def _all_rows(asked: TableValuedAlias) -> Select[Any]:
    return select(exemplar_key).select_from(asked.join(exemplar_key, _is_asked(asked)))


def _is_asked(asked: TableValuedAlias) -> ColumnElement[bool]:
    return exemplar_key.c.key == asked.c.value


def _last(asked: TableValuedAlias) -> ColumnElement[int]:
    other = exemplar_key.alias("other")
    last = select(func.max(other.c.first_id)).where(other.c.key == asked.c.value)
    return last.correlate(asked).scalar_subquery()


def read_exemplars(connection: Connection, message_ids: Sequence[int]) -> list[Exemplar]:
    """The exemplars with these ids, the oldest first; those that are none are passed over."""
    found = sorted(map(Exemplar._make, read_for(connection, _by_message, message_ids)))
    return [each._replace(profile=bytes(each.profile)) for each in found]


def _by_message(asked: TableValuedAlias) -> Select[Any]:
    is_asked = exemplar.c.message_id == asked.c.value
    columns = exemplar.c.message_id, exemplar.c.matter_id, exemplar.c.profile
    return select(*columns).select_from(asked.join(exemplar, is_asked))


def count_exemplars(connection: Connection, matter_id: int) -> int:
    """How many messages stand for a matter."""
    count = select(func.count()).where(exemplar.c.matter_id == bindparam("matter"))
    return int(connection.execute(count, {"matter": matter_id}).scalar_one())


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
        .where(demand.c.matter_id.in_(matter_ids), demand.c.relation != Relation.COPY.value)
        .subquery()
    )
    query = select(numbered.c.matter_id, numbered.c.message_id).where(numbered.c.number <= most)
    found: dict[int, list[int]] = {matter_id: [] for matter_id in matter_ids}
    for matter_id, message_id in connection.execute(query.order_by(numbered.c.message_id)):
        found[matter_id].append(message_id)
    return found


def insert_postings(connection: Connection, postings: Iterable[tuple[int, int]]) -> None:
    """Add (key, message id) pairs; those that are there already stay.

    Call it while holding the intake lock. Ids that are greater than all others cost the least.
    """
    new: defaultdict[int, list[int]] = defaultdict(list)
    for key, message_id in postings:
        new[key].append(message_id)
    # In the order of the primary key, which is the order of the pages on disk.
    ids_of = {key: sorted(set(new[key])) for key in sorted(new)}
    last = {row.key: row for row in _rows(read_for(connection, _newest_rows, list(ids_of)))}
    early = {key: ids[0] for key, ids in ids_of.items() if key in last and ids[0] <= last[key].end}
    rows_of = _rows_behind(connection, early)
    before: list[_Row] = []
    after: list[_Row] = []
    for key, ids in ids_of.items():
        if key in early:
            rows = rows_of[key]
            merged = _merge(key, rows, ids)
            if merged != rows:
                before += rows
                after += merged
        else:
            after += _appended(key, last.get(key), ids)
    _replace(connection, before, after)


def _rows_behind(connection: Connection, first_ids: Mapping[int, int]) -> dict[int, list[_Row]]:
    """By key the last rows, from the one on to which the first new id belongs."""
    found = {}
    rows = _rows(read_for(connection, _all_rows, list(first_ids)))
    for key, of_key in groupby(rows, lambda row: row.key):
        all_rows = list(of_key)
        place = bisect_right([row.first_id for row in all_rows], first_ids[key])
        found[key] = all_rows[max(place - 1, 0) :]
    return found


def _merge(key: int, rows: Sequence[_Row], new_ids: Sequence[int]) -> list[_Row]:
    """The rows of a key's last postings with new ones among them."""
    old_ids = [row.first_id + offset for row in rows for offset in _unpacked(row.offsets)]
    return _as_rows(key, sorted({*old_ids, *new_ids}), rows[0].older)


def _appended(key: int, last: _Row | None, new_ids: Sequence[int]) -> list[_Row]:
    """The rows that change where all new ids are greater than those in a key's last row."""
    if last is None:
        return _as_rows(key, new_ids, 0)
    room = ROW - last.size
    fitting = new_ids[:room]
    if room and fitting[-1] - last.first_id <= _FARTHEST:
        offsets = last.offsets + _packed(fitting, last.first_id)
        grown = last._replace(offsets=offsets)
        return [grown, *_as_rows(key, new_ids[room:], last.older + ROW)]
    return _as_rows(key, new_ids, last.older + last.size)


def _as_rows(key: int, ids: Sequence[int], older: int) -> list[_Row]:
    """Ascending ids in rows of their own, before which the key has ``older`` others."""
    rows = []
    for part in _cut(ids):
        rows.append(_Row(key, part[0], older, _packed(part, part[0])))
        older += len(part)
    return rows


def _packed(ids: Sequence[int], first_id: int) -> bytes:
    return pack(f"<{len(ids)}I", *(each - first_id for each in ids))


def _unpacked(offsets: bytes) -> tuple[int, ...]:
    # For one row at a time numpy takes longer.
    return unpack(f"<{len(offsets) // _OFFSET.itemsize}I", offsets)


def _cut(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ascending ids in parts that fit a row each."""
    start = 0
    while start < len(ids):
        part = ids[start : start + ROW]
        if part[-1] - part[0] > _FARTHEST:
            part = part[: bisect_right(part, part[0] + _FARTHEST)]
        yield part
        start += len(part)


def _replace(connection: Connection, before: Iterable[_Row], after: Sequence[_Row]) -> None:
    stays = {(row.key, row.first_id) for row in after}
    for row in before:
        if (row.key, row.first_id) not in stays:
            is_meant = and_(exemplar_key.c.key == row.key, exemplar_key.c.first_id == row.first_id)
            connection.execute(delete(exemplar_key).where(is_meant))
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    put = dialect.insert(exemplar_key)
    changed = {name: put.excluded[name] for name in ("older", "offsets")}
    put = put.on_conflict_do_update(index_elements=["key", "first_id"], set_=changed)
    insert_rows(connection, exemplar_key, [row._asdict() for row in after], put)


def insert_exemplars(connection: Connection, exemplars: Iterable[Exemplar]) -> None:
    """Let messages stand for their matters."""
    insert_rows(connection, exemplar, [each._asdict() for each in exemplars])
