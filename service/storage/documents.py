"""Documents, in the database: what full-text search finds, and by which terms.

PostgreSQL keeps the terms as a ``tsvector`` under a GIN index, SQLite in a table of FTS5 without
the text. The key of a document is its place in the order, so that both are walked from the newest
on and a day is a range of keys.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from service.domain.document import KIND_MASK, Document
from service.storage.rows import chunks, insert_rows
from service.storage.tables import IS_PART, document, message

# Where terms are so common that a page fills among so many of the newest documents, looking
# through these costs less than bringing all that have the terms in order.
NEWEST = 2_000
_IS_MESSAGE = document.c.key.bitwise_and(KIND_MASK) == 0


class Terms(NamedTuple):
    """Terms of which a document must have all, at least one, and those that it must not have."""

    wanted: Sequence[str]
    barred: Sequence[str] = ()


class Keys(NamedTuple):
    """The keys from ``first`` up to but not including ``end``."""

    first: int
    end: int


def index_documents(connection: Connection, documents: Sequence[Document]) -> None:
    """Let documents be found from now on; none of them may be there already."""
    # FTS5 writes a batch of ascending keys at once.
    rows = sorted(documents, key=lambda one: one.key)
    if not rows:
        return
    if _is_postgresql(connection):
        lexemes = func.array_to_tsvector(func.string_to_array(bindparam("lexemes"), " "))
        put = insert(document).values(terms=lexemes)
        connection.execute(put, [{**_as_row(one), "lexemes": one.terms} for one in rows])
    else:
        insert_rows(connection, document, [_as_row(one) for one in rows])
        connection.exec_driver_sql(
            "INSERT INTO document_terms (rowid, terms) VALUES (?, ?)",
            [(one.key, one.terms) for one in rows],
        )


def _as_row(one: Document) -> dict[str, object]:
    return {"key": one.key, "message_id": one.message_id, "text": one.text}


def forget_documents(connection: Connection, documents: Sequence[Document]) -> None:
    """Let documents be found no longer; those that are not there are passed over.

    Their terms must be those by which they were indexed: what others would leave behind in
    SQLite leads to nothing.
    """
    known = _find_keys(connection, [one.key for one in documents])
    there = [one for one in documents if one.key in known]
    for part in chunks(there):
        connection.execute(delete(document).where(document.c.key.in_([one.key for one in part])))
    if there and not _is_postgresql(connection):
        connection.exec_driver_sql(
            "INSERT INTO document_terms (document_terms, rowid, terms) VALUES ('delete', ?, ?)",
            [(one.key, one.terms) for one in there],
        )


def _find_keys(connection: Connection, keys: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for part in chunks(keys):
        query = select(document.c.key).where(document.c.key.in_(part))
        found.update(connection.execute(query).scalars())
    return found


def find_indexed(connection: Connection, message_ids: Sequence[int]) -> set[int]:
    """Those of these messages that are documents."""
    found: set[int] = set()
    for part in chunks(message_ids):
        is_meant = and_(document.c.message_id.in_(part), _IS_MESSAGE)
        query = select(document.c.message_id).where(is_meant)
        found.update(connection.execute(query).scalars())
    return found


def find_unindexed(connection: Connection, after: int, count: int) -> list[int]:
    """Ids above ``after`` of at most ``count`` whole messages that are no documents."""
    is_there = exists().where(document.c.message_id == message.c.id, _IS_MESSAGE)
    query = select(message.c.id).where(message.c.id > after, ~IS_PART, ~is_there)
    return list(connection.execute(query.order_by(message.c.id).limit(count)).scalars())


def walk_documents(connection: Connection, terms: Terms, keys: Keys) -> Generator[int, None, None]:
    """The keys of the documents with these terms, the newest first, found as they are asked for.

    Close it where it is not gone through to its end.
    """
    walk = _walk_gin if _is_postgresql(connection) else _walk_fts
    return walk(connection, terms, keys)


def _walk_fts(connection: Connection, terms: Terms, keys: Keys) -> Generator[int, None, None]:
    # Terms are letters and digits only, so none can be read as FTS5's own words or marks.
    match = " AND ".join(f'"{term}"' for term in terms.wanted)
    match = " NOT ".join((f"({match})", *(f'"{term}"' for term in terms.barred)))
    found = connection.exec_driver_sql(
        "SELECT rowid FROM document_terms WHERE document_terms MATCH ?"
        " AND rowid >= ? AND rowid < ? ORDER BY rowid DESC",
        (match, keys.first, keys.end),
    )
    with closing(found):
        yield from found.scalars()


def _walk_gin(connection: Connection, terms: Terms, keys: Keys) -> Generator[int, None, None]:
    """First among the newest documents, which are looked through, then by the index.

    Which of the two is better the database could only guess, and a wrong guess takes seconds.
    """
    lexemes = (*(f"'{term}'" for term in terms.wanted), *(f"!'{term}'" for term in terms.barred))
    has_terms = document.c.terms.op("@@")(cast(" & ".join(lexemes), TSQUERY))
    newest = list(_look_through_newest(connection, has_terms, keys))
    yield from (row.key for row in newest if row.has_terms)
    if len(newest) < NEWEST:
        return
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    is_asked = and_(has_terms, document.c.key >= keys.first, document.c.key < newest[-1].key)
    # In a place of its own the order cannot lead to walking all documents instead of the index.
    having = select(document.c.key).where(is_asked).cte("having").prefix_with("MATERIALIZED")
    query = select(having.c.key).order_by(having.c.key.desc())
    found = connection.execute(query, execution_options={"stream_results": True})
    with closing(found):
        yield from found.scalars()


def _look_through_newest(
    connection: Connection, has_terms: ColumnElement[bool], keys: Keys
) -> Sequence[Row[Any]]:
    """``key`` and whether it ``has_terms``, of the newest documents."""
    return connection.execute(
        select(document.c.key, has_terms.label("has_terms"))
        .where(document.c.key >= keys.first, document.c.key < keys.end)
        .order_by(document.c.key.desc())
        .limit(NEWEST)
    ).all()


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
