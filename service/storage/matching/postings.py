"""Postings, in the database: the exemplars that are found under each look-up key.

They lie in rows of at most ``ROW`` message ids, ascending, as in any inverted index: a posting
takes four bytes instead of a row of its own, and it is known how many there are before they are
read.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import itemgetter
from struct import pack, unpack
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    Table,
    TableValuedAlias,
    and_,
    delete,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from classifier.matching.heaviest import Ids, Parts, Run
from service.storage.rows import insert_driver_values
from service.storage.tables import exemplar_key
from service.storage.values import read_for

I64 = npt.NDArray[np.int64]

ROW = 64  # message ids in one row of a key's
_OFFSET, _FARTHEST = np.dtype("<u4"), 2**32 - 1
_SIZE = _OFFSET.itemsize


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
        return len(self.offsets) // _SIZE

    @property
    def end(self) -> int:
        """The last id of the row."""
        return self.first_id + _number(self.offsets[-_SIZE:])


_AnyRow = tuple[int, int, int, bytes]
Standing = tuple[int, Sequence[int]]  # a message's id and the keys under which it is found


def read_newest_postings(
    connection: Connection, keys: Sequence[int], recent: Mapping[int, Ids]
) -> Iterator[tuple[int, int, Parts, int]]:
    """The newest exemplars under each of these keys: at most ``ROW``, and all recent ones.

    Parameters
    ----------
    keys
        Those asked for, each once; nothing comes of keys that nothing is under.
    recent
        Ids under some of them, ascending, that need not have been merged into the postings yet.

    Yields
    ------
    int, int, parts, int
        The key, how many exemplars it has, the newest of them, and how many there are before.
    """
    waiting = dict(recent)
    for key, first_id, older, offsets in read_for(connection, _newest_rows, keys):
        total, runs = older + len(offsets) // _SIZE, [(first_id, offsets)]
        ids = waiting.pop(key, None)
        yield key, *(_joined(total, runs, ids) if ids else (total, runs)), older
    for key, ids in waiting.items():
        yield key, len(ids), [ids], 0


def read_all_postings(
    connection: Connection, keys: Sequence[int], recent: Mapping[int, Ids]
) -> Iterator[tuple[int, int, Parts]]:
    """All exemplars under each of these keys: the key, how many there are, and their ids."""
    rows = sorted(read_for(connection, _all_rows, keys))
    for key, of_key in groupby(rows, itemgetter(0)):
        runs = [(first_id, offsets) for _, first_id, _, offsets in of_key]
        total = sum(len(offsets) for _, offsets in runs) // _SIZE
        yield key, *(_joined(total, runs, recent[key]) if key in recent else (total, runs))


def _joined(total: int, runs: Sequence[Run], recent: Ids) -> tuple[int, Parts]:
    """The recent ids behind the others; those that are among them already count once."""
    first_id, offsets = runs[-1]
    if recent[0] > first_id + _number(offsets[-_SIZE:]):
        return total + len(recent), [*runs, recent]
    known = {first + offset for first, offsets in runs for offset in _unpacked(offsets)}
    new = array("q", [each for each in recent if each not in known])
    return total + len(new), [*runs, new]


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


def insert_postings(connection: Connection, standing: Iterable[Standing]) -> None:
    """Let messages be found under their keys; where they are already they stay.

    Call it while holding the intake lock. Ids that are greater than all others cost the least.
    """
    under: defaultdict[int, list[int]] = defaultdict(list)
    for message_id, keys in standing:
        for key in keys:
            under[key].append(message_id)
    insert_postings_under(connection, under)


def insert_postings_under(connection: Connection, under: Mapping[int, Sequence[int]]) -> None:
    """The same for ids by the keys that they are under."""
    if not under:
        return
    new = _New.of(under)
    last = {row[0]: row for row in read_for(connection, _newest_rows, new.keys)}
    grown, others = _grown(new, last)
    before, after = _rearranged(connection, others, last)
    # In the order of the primary key, which is the order of the pages on disk.
    _replace(connection, before, sorted(grown + after))


class _New(NamedTuple):
    """Postings to add: keys, ascending, and the ids under each, ascending and each once.

    The ids under the key at some place are ``ids[starts[place] : starts[place + 1]]``.
    """

    keys: list[int]
    ids: I64
    starts: I64

    @classmethod
    def of(cls, under: Mapping[int, Sequence[int]]) -> _New:
        counts = np.fromiter(map(len, under.values()), np.int64, len(under))
        keys = np.repeat(np.fromiter(under, np.int64, len(under)), counts)
        ids = np.fromiter(chain.from_iterable(under.values()), np.int64, len(keys))
        order = np.lexsort((ids, keys))
        keys, ids = keys[order], ids[order]
        is_new = np.ones(len(keys), bool)
        is_new[1:] = (keys[1:] != keys[:-1]) | (ids[1:] != ids[:-1])
        keys, ids = keys[is_new], ids[is_new]
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        return cls(keys[starts].tolist(), ids, np.append(starts, len(ids)))

    def offsets_from(self, firsts: Sequence[int]) -> tuple[bytes, list[bool]]:
        """How far each id is from the first of its key, packed; and for each key if all fit."""
        offsets = self.ids - np.repeat(np.array(firsts, np.int64), np.diff(self.starts))
        fits = (offsets >= 0) & (offsets <= _FARTHEST)
        packed = np.where(fits, offsets, 0).astype(_OFFSET).tobytes()
        return packed, np.logical_and.reduceat(fits, self.starts[:-1]).tolist()


def _grown(new: _New, last: Mapping[int, _AnyRow]) -> tuple[list[_AnyRow], dict[int, list[int]]]:
    """Keys' last rows with new ids at their end, and the ids under keys where these don't fit."""
    bounds = new.starts[:-1].tolist(), new.starts[1:].tolist()
    firsts = new.ids[new.starts[:-1]].tolist()
    opened = [(key, first, 0, b"") for key, first in zip(new.keys, firsts, strict=True)]
    rows = [last.get(row[0], row) for row in opened]
    packed, fits = new.offsets_from([row[1] for row in rows])
    grown: list[_AnyRow] = []
    others: dict[int, list[int]] = {}
    for (key, first, older, offsets), is_fit, begin, end in zip(rows, fits, *bounds, strict=True):
        added = packed[_SIZE * begin : _SIZE * end]
        is_late = not offsets or _number(offsets[-_SIZE:]) < _number(added[:_SIZE])
        if is_fit and is_late and len(offsets) + len(added) <= _SIZE * ROW:
            grown.append((key, first, older, offsets + added))
        else:
            others[key] = new.ids[begin:end].tolist()
    return grown, others


def _number(offset: bytes) -> int:
    return int.from_bytes(offset, "little")


def _rearranged(
    connection: Connection, new: Mapping[int, list[int]], last: Mapping[int, _AnyRow]
) -> tuple[list[_Row], list[_AnyRow]]:
    """The rows that change where new ids fill up a key's last row or belong before it."""
    rows = {key: _Row(*last[key]) for key in new if key in last}
    early = {key: new[key][0] for key, row in rows.items() if new[key][0] <= row.end}
    rows_of = _rows_behind(connection, early)
    before: list[_Row] = []
    after: list[_AnyRow] = []
    for key, ids in new.items():
        if key in early:
            merged = _merge(key, rows_of[key], ids)
            if merged != rows_of[key]:
                before += rows_of[key]
                after += merged
        else:
            after += _appended(key, rows.get(key), ids)
    return before, after


def _rows_behind(connection: Connection, first_ids: Mapping[int, int]) -> dict[int, list[_Row]]:
    """By key the last rows, from the one on to which the first new id belongs."""
    found = {}
    rows = sorted(map(_Row._make, read_for(connection, _all_rows, list(first_ids))))
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
    return unpack(f"<{len(offsets) // _SIZE}I", offsets)


def _cut(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ascending ids in parts that fit a row each."""
    start = 0
    while start < len(ids):
        part = ids[start : start + ROW]
        if part[-1] - part[0] > _FARTHEST:
            part = part[: bisect_right(part, part[0] + _FARTHEST)]
        yield part
        start += len(part)


def _replace(connection: Connection, before: Iterable[_Row], after: Sequence[_AnyRow]) -> None:
    stays = {row[:2] for row in after}
    for row in before:
        if (row.key, row.first_id) not in stays:
            is_meant = and_(exemplar_key.c.key == row.key, exemplar_key.c.first_id == row.first_id)
            connection.execute(delete(exemplar_key).where(is_meant))
    put = _PUT[connection.dialect.name]
    insert_driver_values(connection, exemplar_key, _Row._fields, after, put)


def _put(insert: Callable[[Table], Any]) -> Insert:
    """An insert of rows that take the place of those that are there."""
    new = insert(exemplar_key)
    changed = {name: new.excluded[name] for name in ("older", "offsets")}
    put: Insert = new.on_conflict_do_update(index_elements=["key", "first_id"], set_=changed)
    return put


_PUT = {"postgresql": _put(postgresql.insert), "sqlite": _put(sqlite.insert)}


def delete_postings(connection: Connection, keys: Sequence[int], message_id: int) -> None:
    """Let a message be found under none of these keys. Call it while holding the intake lock."""
    rows = sorted(map(_Row._make, read_for(connection, _all_rows, keys)))
    before: list[_Row] = []
    after: list[_AnyRow] = []
    for key, of_key in groupby(rows, lambda row: row.key):
        old = list(of_key)
        ids = [row.first_id + offset for row in old for offset in _unpacked(row.offsets)]
        if message_id in ids:
            before += old
            after += _as_rows(key, [each for each in ids if each != message_id], 0)
    _replace(connection, before, after)
