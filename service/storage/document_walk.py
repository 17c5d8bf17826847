"""Documents with some terms, walked from the newest on, on both databases.

FTS5 gives them in that order by itself. A GIN index has no order, but knows the period of each
document as a term more, so that few periods at once are asked for, from the newest on.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from service.storage.documents import is_postgresql
from service.storage.rows import chunks
from service.storage.tables import DATED_TERMS, PERIOD_SHIFT, document
from service.storage.values import bound_values, values_asked

# About so many documents are asked for together, of so many periods at most; of all periods at once
# where no more than these have the terms.
AT_ONCE, _PERIODS = 4_000, 8
_CHUNK = 1_000
_NO_KEY = 2**63 - 1


class Terms(NamedTuple):
    """Terms of which a document must have all, at least one, and those that it must not have."""

    wanted: Sequence[str]
    barred: Sequence[str] = ()


class Keys(NamedTuple):
    """The keys from ``first`` up to but not including ``end``."""

    first: int
    end: int


def walk_documents(connection: Connection, terms: Terms, keys: Keys) -> Generator[int, None, None]:
    """The keys of the documents with these terms, the newest first, found as they are asked for.

    Close it where it is not gone through to its end.
    """
    walk = _walk_gin if is_postgresql(connection) else _walk_fts
    return walk(connection, terms, keys)


def walk_some(
    connection: Connection, terms: Terms, some: Sequence[int]
) -> Generator[int, None, None]:
    """The same among some documents only: ``some`` are their keys, the newest first."""
    walk = _walk_some_rows if is_postgresql(connection) else _walk_some_fts
    return walk(connection, terms, some)


def _walk_fts(connection: Connection, terms: Terms, keys: Keys) -> Generator[int, None, None]:
    found = connection.exec_driver_sql(
        "SELECT rowid FROM document_terms WHERE document_terms MATCH ?"
        " AND rowid >= ? AND rowid < ? ORDER BY rowid DESC",
        (_match(terms), *keys),
    )
    with closing(found):
        yield from found.scalars()


def _walk_some_fts(
    connection: Connection, terms: Terms, some: Sequence[int]
) -> Generator[int, None, None]:
    # Were the keys asked for as they are, FTS5 would begin anew for each.
    found = connection.exec_driver_sql(
        "SELECT rowid FROM document_terms WHERE document_terms MATCH ? AND rowid <= ?"
        " AND +rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid DESC",
        (_match(terms), max(some, default=0), bound_values(connection.dialect, some)),
    )
    with closing(found):
        yield from found.scalars()


def _match(terms: Terms) -> str:
    # Terms are letters and digits only, so none can be read as FTS5's own words or marks.
    match = " AND ".join(f'"{term}"' for term in terms.wanted)
    return " NOT ".join((f"({match})", *(f'"{term}"' for term in terms.barred)))


def _walk_gin(connection: Connection, terms: Terms, keys: Keys) -> Generator[int, None, None]:
    _prefer_indexes(connection)
    oldest, newest = _ends(connection, Keys(0, _NO_KEY))
    period_count = (newest >> PERIOD_SHIFT) - (oldest >> PERIOD_SHIFT) + 1
    asked_count = found_count = 0
    end, size = keys.end, 1
    while (newest := _ends(connection, Keys(keys.first, end))[1]) >= 0:
        share = (found_count + 1) / max(asked_count, 1)  # documents in a period
        if asked_count and share * period_count <= AT_ONCE:
            yield from _find_having(connection, _query(terms), Keys(keys.first, end))
            return
        last = newest >> PERIOD_SHIFT
        size = max(1, min(_PERIODS, int(AT_ONCE / share))) if asked_count else 1
        periods = range(last - size + 1, last + 1)
        having = _find_having(connection, _query(terms, periods), Keys(keys.first, end))
        yield from having
        asked_count, found_count = asked_count + size, found_count + len(having)
        end = min(end, periods[0] << PERIOD_SHIFT)


def _prefer_indexes(connection: Connection) -> None:
    """For the rest of the transaction: whatever is looked for is little, however the guess is."""
    off = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")
    choices = {**dict.fromkeys(off, "off"), "max_parallel_workers_per_gather": "0"}
    connection.execute(select(*(func.set_config(*choice, True) for choice in choices.items())))


def _ends(connection: Connection, keys: Keys) -> tuple[int, int]:
    """The keys of the oldest and of the newest document among these; -1 where there is none."""
    where = document.c.key >= keys.first, document.c.key < keys.end
    oldest, newest = (
        select(end(document.c.key)).where(*where).scalar_subquery() for end in (func.min, func.max)
    )
    found = connection.execute(select(func.coalesce(oldest, -1), func.coalesce(newest, -1))).one()
    return int(found[0]), int(found[1])


def _find_having(connection: Connection, query: str, keys: Keys) -> list[int]:
    # In a place of its own the order cannot lead to walking all documents instead of the index.
    has_terms = literal_column(DATED_TERMS).op("@@")(cast(query, TSQUERY))
    having = select(document.c.key).where(has_terms).cte("having").prefix_with("MATERIALIZED")
    is_asked = and_(having.c.key >= keys.first, having.c.key < keys.end)
    found = select(having.c.key).where(is_asked).order_by(having.c.key.desc())
    return list(connection.execute(found).scalars())


def _query(terms: Terms, periods: Sequence[int] = ()) -> str:
    """The terms, in one of these periods if there are any, in PostgreSQL's words."""
    lexemes = [*(f"'{term}'" for term in terms.wanted), *(f"!'{term}'" for term in terms.barred)]
    if periods:
        either = " | ".join(f"'#{period}'" for period in periods)
        lexemes.append(f"({either})")
    return " & ".join(lexemes)


def _walk_some_rows(
    connection: Connection, terms: Terms, some: Sequence[int]
) -> Generator[int, None, None]:
    asked = values_asked(connection.dialect)
    has_terms: ColumnElement[bool] = document.c.terms.op("@@")(cast(_query(terms), TSQUERY))
    query = (
        select(document.c.key)
        .join(asked, asked.c.value == document.c.key)
        .where(has_terms)
        .order_by(document.c.key.desc())
    )
    for part in chunks(some, _CHUNK):
        given = {"asked": bound_values(connection.dialect, part)}
        yield from connection.execute(query, given).scalars().all()
