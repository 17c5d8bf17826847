"""Small helpers that all stores share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Dialect,
    Insert,
    Table,
    Update,
    bindparam,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from service.storage.tables import UtcDateTime

T = TypeVar("T")

_CHUNK = 500
_TIMES = 4_096  # that are remembered in the driver's form
_INTAKE_LOCK, _SCHEMA_LOCK, _ACCOUNT_LOCK, _PROVISION_LOCK = 0x4D51, 0x4D53, 0x4D54, 0x4D55
_SEAL_LOCK, _KEY_LOCK = 0x4D56, 0x4D57


def chunks(values: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    """The values in runs short enough for one statement's parameters."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def insert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    statement: Insert | None = None,
    *,
    as_written: Set[str] = frozenset(),
) -> None:
    """Insert rows, all with the same columns: like ``execute``, at a third of its cost.

    ``execute`` looks up each value of each row by name; here each column's values are brought
    into the driver's form at once, by the column's own type.

    Parameters
    ----------
    statement
        How to insert, one and the same each time; plainly where it is None.
    as_written
        Columns whose values are in the driver's form already.
    """
    if rows:
        names = list(rows[0])
        columns = (
            [row[name] for row in rows]
            if name in as_written
            else _driver_values(connection, table, name, rows)
            for name in names
        )
        insert_driver_values(connection, table, names, list(zip(*columns, strict=True)), statement)


def insert_driver_values(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    statement: Insert | None = None,
) -> None:
    """The same for rows whose values are as the driver takes them, in the order of ``names``."""
    if not rows:
        return
    compiled = _compiled(connection.dialect, table, tuple(names), statement)
    if not compiled.positional:
        named = [dict(zip(names, row, strict=True)) for row in rows]
        connection.exec_driver_sql(compiled.string, named)
        return
    order = [names.index(name) for name in compiled.positiontup or ()]
    if order != list(range(len(names))):
        rows = [tuple(row[place] for place in order) for row in rows]
    connection.exec_driver_sql(compiled.string, list(rows))


@lru_cache(256)
def _compiled(
    dialect: Dialect, table: Table, names: tuple[str, ...], statement: Insert | None
) -> SQLCompiler:
    """The statement made once for all rows; one given is known again by itself."""
    plain = insert(table) if statement is None else statement
    return plain.inline().compile(dialect=dialect, column_keys=list(names))


def _driver_values(
    connection: Connection, table: Table, name: str, rows: Sequence[Mapping[str, object]]
) -> list[Any]:
    process = _processor(connection.dialect, table, name)
    if process is None:
        return [row[name] for row in rows]
    return [process(row[name]) for row in rows]


@lru_cache(1024)
def _processor(dialect: Dialect, table: Table, name: str) -> Callable[[Any], Any] | None:
    """What brings a column's values into the driver's form; None where they are in it already."""
    kind = table.c[name].type
    return _of_times(dialect) if isinstance(kind, UtcDateTime) else _of_kind(dialect, kind)


@lru_cache(16)
def _of_times(dialect: Dialect) -> Callable[[Any], Any] | None:
    """That of all columns of times, in which the same few come up again and again."""
    process = _of_kind(dialect, UtcDateTime())
    return None if process is None else lru_cache(_TIMES)(process)


def _of_kind(dialect: Dialect, kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    process: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return process


def insert_and_update(
    connection: Connection,
    rows: Sequence[tuple[Table, Mapping[str, object]]],
    change: Update,
    values: Mapping[str, object],
) -> None:
    """Insert a row into each of some tables and update another one.

    On PostgreSQL that is one statement (WITH), so one round trip. Nothing may hang on the order:
    there none of them sees what the others do.

    Parameters
    ----------
    values
        The parameters of the update, by name.
    """
    if connection.dialect.name == "postgresql":
        shapes = tuple((table, tuple(row)) for table, row in rows)
        together = {f"{t.name}:{name}": row[name] for t, row in rows for name in row}
        connection.execute(_with_inserts(change, shapes), {**together, **values})
        return
    for table, row in rows:
        insert_rows(connection, table, [row])
    connection.execute(change, values)


@lru_cache(64)
def _with_inserts(change: Update, shapes: tuple[tuple[Table, tuple[str, ...]], ...]) -> Update:
    inserts = [
        insert(table).values({n: bindparam(f"{table.name}:{n}") for n in names}).inline()
        for table, names in shapes
    ]
    return change.add_cte(*(each.cte() for each in inserts))


def is_id(number: int) -> bool:
    """Whether a number can be an id; others are not to be asked for, no database takes them."""
    return 0 < number < 2**63


def next_id(connection: Connection, table: Table) -> int:
    """The id after the highest. Call it only while holding the intake lock."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()) + 1


def take_intake_lock(connection: Connection) -> None:
    """Let one transaction at a time match and number what comes in, until it ends."""
    _take_lock(connection, _INTAKE_LOCK)


def take_schema_lock(connection: Connection) -> None:
    """Let one transaction at a time change the schema, until it ends."""
    _take_lock(connection, _SCHEMA_LOCK)


def take_account_lock(connection: Connection) -> None:
    """Let one transaction at a time look whether there are accounts, and make one."""
    _take_lock(connection, _ACCOUNT_LOCK)


def take_provision_lock(connection: Connection) -> None:
    """Let one transaction at a time read what is laid down and lay down more, until it ends."""
    _take_lock(connection, _PROVISION_LOCK)


def take_seal_lock(connection: Connection) -> None:
    """Let one transaction at a time set a seal on the histories, until it ends."""
    _take_lock(connection, _SEAL_LOCK)


def share_key_lock(connection: Connection) -> None:
    """Let no key be retired until this transaction ends: take it before something is sealed.

    Whoever holds the intake lock or the account lock need not.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _KEY_LOCK})


def take_key_lock(connection: Connection) -> None:
    """Let nobody be about to store what is sealed, until this transaction ends."""
    for key in (_INTAKE_LOCK, _ACCOUNT_LOCK, _KEY_LOCK):
        _take_lock(connection, key)


def plan_by_values(connection: Connection) -> None:
    """Let PostgreSQL plan the rest of a transaction's statements by the values they ask for.

    It would settle on one plan for all values of what is asked again and again: that for a
    department which helps with three matters takes half a second for one that helps with 20,000.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")


def _take_lock(connection: Connection, key: int) -> None:
    # On SQLite a writing transaction holds the whole database anyway.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
