"""The auxiliary index: what the newest exemplars are found by, until it is merged into postings.

A new exemplar's keys are scattered over all postings: to add them there with each message would
rewrite 32 rows, each on a page of its own. So they are kept in one row first, and each process
keeps all such rows in memory, by key. When there are ``ROUND`` of them, they are merged into the
postings, a ``PARTS``-th of all keys at a time while as many new ones come, so that no message
waits for more than such a part; a key's row takes several exemplars then, and a page several rows
(an auxiliary index as in Manning, Raghavan and Schütze 2008, Introduction to Information
Retrieval, section 4.5, merged in parts).

All writing happens while the intake lock is held, in the transaction of the messages.
"""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import (
    Connection,
    Select,
    TableValuedAlias,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from classifier.matching.heaviest import Ids
from service.storage.matching.postings import Standing, insert_postings_under
from service.storage.rows import insert_driver_values
from service.storage.tables import auxiliary_keys, auxiliary_merge
from service.storage.values import read_for

ROUND = 8_192  # exemplars that are merged together
PARTS = 128  # of all keys, by their bits from here on
_PART_SHIFT = 17
_KEY = np.dtype("<u4")
_MARK_BITS = 62
_NONE: Ids = array("q")

_Shelf = dict[int, Ids]  # the ids under each key of a part


class _Merge(NamedTuple):
    """How far merging is: exemplars up to ``merged_to`` are, all of them; those up to
    ``merging_to`` are being merged, and are under the keys of the parts before ``next_part``.
    """

    merged_to: int
    merging_to: int
    next_part: int

    @property
    def is_idle(self) -> bool:
        return self.merged_to == self.merging_to


class _Row(NamedTuple):
    message_id: int
    mark: int
    keys: bytes


def append_keys(connection: Connection, standing: Sequence[Standing]) -> None:
    """Let new exemplars be found, whose ids are greater than all others.

    Rows get a random mark: by it a process tells whether what it read before is still so, or was
    rolled back, restored or erased in the meantime.
    """
    mark = secrets.randbits(_MARK_BITS)
    rows = [_Row(message_id, mark, _packed(keys)) for message_id, keys in standing]
    insert_driver_values(connection, auxiliary_keys, _Row._fields, rows)


def delete_keys(connection: Connection, message_id: int) -> None:
    """Forget what an exemplar was found by, if it is here; call it holding the intake lock."""
    is_it = auxiliary_keys.c.message_id == message_id
    if connection.execute(delete(auxiliary_keys).where(is_it)).rowcount:
        newest = select(func.max(auxiliary_keys.c.message_id)).scalar_subquery()
        is_behind = auxiliary_keys.c.message_id > message_id
        # Whichever of these a process read last, it finds another there.
        is_last = or_(is_behind, auxiliary_keys.c.message_id == newest)
        mark = secrets.randbits(_MARK_BITS)
        connection.execute(update(auxiliary_keys).where(is_last).values(mark=mark))


def _packed(keys: Sequence[int]) -> bytes:
    return np.array(keys, _KEY).tobytes()


class AuxiliaryIndex:
    """The auxiliary index as this process knows it: read once, and from then on what is new.

    ``round_size`` exemplars are merged together. Threads may share it: each sees what its own
    transaction sees, and perhaps ids that are still to be committed, which lead to nothing.
    """

    def __init__(self, round_size: int = ROUND) -> None:
        self._round_size = round_size
        self._lock = Lock()
        self._begin_anew(_Merge(0, 0, 0))

    def read(self, connection: Connection, keys: Iterable[int]) -> dict[int, Ids]:
        """Ids of exemplars under some of these keys, ascending, that are not in the postings."""
        with self._lock:
            merge = self._follow(connection)
            found = {}
            for key in keys:
                part = _part_of(key)
                newer = self._newer[part].get(key, _NONE)
                older = self._older[part].get(key, _NONE) if part >= merge.next_part else _NONE
                if newer or older:
                    found[key] = older + newer  # a copy: threads go on adding to what is kept
            return found

    def merge_due(self, connection: Connection) -> None:
        """Merge as many parts into the postings as new exemplars have come for.

        Call it while holding the intake lock, once what is new is appended.
        """
        with self._lock:
            before = merge = self._follow(connection, is_exact=True)
            while self._is_due(merge):
                merge = self._merged_further(connection, merge)
            if merge != before:
                connection.execute(delete(auxiliary_merge))
                connection.execute(insert(auxiliary_merge).values(id=1, **merge._asdict()))

    def _is_due(self, merge: _Merge) -> bool:
        if merge.is_idle:
            return self._count >= self._round_size
        return merge.next_part * self._round_size < self._count * PARTS

    def _merged_further(self, connection: Connection, merge: _Merge) -> _Merge:
        """Begin a round, or merge a part and end the round with the last one."""
        if merge.is_idle:
            self._begin_round(self._last_id)
            return _Merge(merge.merged_to, self._last_id, 0)
        insert_postings_under(connection, self._older[merge.next_part])
        if merge.next_part + 1 < PARTS:
            return merge._replace(next_part=merge.next_part + 1)
        is_merged = auxiliary_keys.c.message_id <= merge.merging_to
        connection.execute(delete(auxiliary_keys).where(is_merged))
        self._forget_merged()
        return _Merge(merge.merging_to, merge.merging_to, 0)

    def _follow(self, connection: Connection, *, is_exact: bool = False) -> _Merge:
        """Bring what is known to what the transaction sees.

        Unless it is to be exact, more may be known: what other transactions committed since this
        one began, or have yet to commit.
        """
        merge, rows = _read_from(connection, self._last_id)
        if not (self._is_continued(merge) and self._goes_on(connection, rows, is_exact=is_exact)):
            if self._last_id:
                merge, rows = _read_from(connection, 0)
            self._begin_anew(merge)
        if merge.merging_to != self._merging_to:
            self._begin_round(merge.merging_to)
        if merge.is_idle:
            self._forget_merged()
        self._add(rows)
        return merge

    def _is_continued(self, merge: _Merge) -> bool:
        """Whether the round is the one that is known, or the next."""
        if merge.merging_to == self._merging_to:
            return merge.merged_to >= self._merged_to
        return merge.merged_to == self._merging_to and merge.merging_to >= self._last_id

    def _goes_on(self, connection: Connection, rows: Sequence[_Row], *, is_exact: bool) -> bool:
        """Whether the rows that are known are still there, and ``rows`` go on with the last."""
        if rows:
            return self._is_known(rows[0])
        newest = None if is_exact else _read_newest(connection)
        return self._is_known(newest) if newest else not self._marks

    def _is_known(self, row: _Row) -> bool:
        return self._marks.get(row.message_id) == row.mark

    def _begin_anew(self, merge: _Merge) -> None:
        self._merged_to, self._merging_to, _ = merge
        self._marks: dict[int, int] = {}
        self._last_id = 0
        self._older, self._newer = _shelves(), _shelves()
        self._count = 0  # of exemplars on the newer shelves

    def _begin_round(self, merging_to: int) -> None:
        """Those on the newer shelves are being merged from now on; the older ones are merged."""
        self._forget_merged()
        self._merging_to = merging_to
        self._older, self._newer = self._newer, _shelves()
        self._count = 0

    def _forget_merged(self) -> None:
        if self._merged_to != self._merging_to:
            self._merged_to = self._merging_to
            self._older = _shelves()
            self._marks = {one: m for one, m in self._marks.items() if one > self._merged_to}

    def _add(self, rows: Iterable[_Row]) -> None:
        for message_id, mark, keys in rows:
            if message_id in self._marks:
                continue
            self._marks[message_id] = mark
            self._last_id = message_id
            is_new = message_id > self._merging_to
            self._count += is_new
            shelves = self._newer if is_new else self._older
            # A damaged row must not keep all others from being found, and from being taken in.
            for key in np.frombuffer(keys, _KEY, len(keys) // _KEY.itemsize).tolist():
                shelf = shelves[_part_of(key)]
                if key in shelf:
                    shelf[key].append(message_id)
                else:
                    shelf[key] = array("q", (message_id,))


def _shelves() -> list[_Shelf]:
    return [{} for _ in range(PARTS)]


def _part_of(key: int) -> int:
    return key >> _PART_SHIFT & PARTS - 1


def _read_from(connection: Connection, first_id: int) -> tuple[_Merge, list[_Row]]:
    """How far merging is, and the rows from some id on, ascending."""
    both = read_for(connection, _rows_from, [first_id])
    rows = sorted(_Row._make(one[3:]) for one in both if one[3] is not None)
    return _Merge._make(each or 0 for each in both[0][:3]), rows


def _rows_from(asked: TableValuedAlias) -> Select[Any]:
    columns = [auxiliary_merge.c[name] for name in _Merge._fields]
    columns += [auxiliary_keys.c[name] for name in _Row._fields]
    is_meant = auxiliary_keys.c.message_id >= asked.c.value
    one_row = asked.outerjoin(auxiliary_merge, true())
    return select(*columns).select_from(one_row.outerjoin(auxiliary_keys, is_meant))


def _read_newest(connection: Connection) -> _Row | None:
    columns = [auxiliary_keys.c[name] for name in _Row._fields]
    query = select(*columns).order_by(auxiliary_keys.c.message_id.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _Row._make(row)
