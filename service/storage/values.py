"""Values as the database takes them, and reading rows for many at once, at the least cost."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Dialect,
    Select,
    String,
    TableValuedAlias,
    bindparam,
    column,
    func,
)
from sqlalchemy.exc import DBAPIError

# Any column of JSON; nothing that is stored holds itself, and looking for that takes a fifth.
as_json: Callable[[Any], str] = json.JSONEncoder(check_circular=False).encode

Query = Callable[[TableValuedAlias], Select[Any]]


def read_for(
    connection: Connection, query: Query, values: Sequence[int]
) -> Sequence[tuple[Any, ...]]:
    """The rows of a query that joins the values asked for, as the driver gives them.

    However many values there are, the statement stays the same, so that it is made only once;
    and the driver's own tuples are passed on, which takes a quarter of ``execute``'s time.

    Parameters
    ----------
    query
        A function of a module, so that it is always the same one: makes the query from the
        values, which it finds in the column ``value``. Its columns must be numbers, text and bytes.
    values
        Numbers of 63 bits.
    """
    if not values:
        return []
    dialect = connection.dialect
    asked = bound_values(dialect, values)
    statement, is_positional = _compiled(dialect, query)
    given: Any = (asked,) if is_positional else {"asked": asked}
    result = connection.exec_driver_sql(statement, given)
    driver_error = dialect.loaded_dbapi.Error
    try:
        rows: Sequence[tuple[Any, ...]] = result.cursor.fetchall()
    except driver_error as error:
        # As ``result.all()`` would tell it.
        raise DBAPIError.instance(statement, None, error, driver_error, True) from error
    finally:
        result.close()
    return rows


@cache
def _compiled(dialect: Dialect, query: Query) -> tuple[str, bool]:
    compiled = query(values_asked(dialect)).compile(dialect=dialect)
    return compiled.string, bool(compiled.positional)


@cache
def values_asked(dialect: Dialect) -> TableValuedAlias:
    """A table with the column ``value``: the numbers bound as ``asked``, see ``bound_values``."""
    if dialect.name == "postgresql":
        each = func.unnest(bindparam("asked", type_=ARRAY(BigInteger)))
        values = each.table_valued(column("value", BigInteger), name="value_asked")
        return values.render_derived()
    each = func.json_each(bindparam("asked", type_=String))
    return each.table_valued(column("value", BigInteger), name="value_asked")


def bound_values(dialect: Dialect, values: Sequence[int]) -> Any:
    """Numbers of 63 bits in the form in which they are bound."""
    return list(values) if dialect.name == "postgresql" else json.dumps(list(values))
