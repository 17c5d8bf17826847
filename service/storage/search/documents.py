"""Documents, in the database: what full-text search finds, and by which terms.

PostgreSQL keeps the terms as a ``tsvector`` under a GIN index, SQLite in a table of FTS5 without
the text. The key of a document is its place in the order, so that a day is a range of keys.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
)

from service.domain.document import KIND_MASK, Document
from service.storage.messages.erasures import is_erased
from service.storage.rows import chunks, insert_rows
from service.storage.tables import IS_PART, document, message

_MERGED_PAGES = 500  # how much of the index is rewritten at once, in the time of a page of queue
_NOTHING_MERGED = 2  # fewer changes than these say that there was nothing to do
_IS_MESSAGE = document.c.key.bitwise_and(KIND_MASK) == 0


def index_documents(connection: Connection, documents: Sequence[Document]) -> None:
    """Let documents be found from now on; none of them may be there already."""
    # FTS5 writes a batch of ascending keys at once.
    rows = sorted(documents, key=lambda one: one.key)
    if not rows:
        return
    if is_postgresql(connection):
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
    if there and not is_postgresql(connection):
        connection.exec_driver_sql(
            "INSERT INTO document_terms (document_terms, rowid, terms) VALUES ('delete', ?, ?)",
            [(one.key, one.terms) for one in there],
        )


def merge_terms(connection: Connection, *, is_first: bool) -> bool:
    """Let SQLite rewrite a piece of its index without what was forgotten; whether more is left.

    Until then the terms of forgotten documents lie in the file, though nothing is found by them.
    PostgreSQL does the same by itself (VACUUM).
    """
    if is_postgresql(connection):
        return False
    merge = "INSERT INTO document_terms (document_terms, rank) VALUES ('merge', ?)"
    before = _count_changes(connection)
    # The first call takes all pieces of the index together, the others go on with that.
    connection.exec_driver_sql(merge, (-_MERGED_PAGES if is_first else _MERGED_PAGES,))
    return _count_changes(connection) - before >= _NOTHING_MERGED


def _count_changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


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
    query = select(message.c.id).where(
        message.c.id > after, ~IS_PART, ~is_there, ~is_erased(message.c.id)
    )
    return list(connection.execute(query.order_by(message.c.id).limit(count)).scalars())


def is_postgresql(connection: Connection) -> bool:
    """Whether the terms lie in the documents' own rows."""
    return connection.dialect.name == "postgresql"
