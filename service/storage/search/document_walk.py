"""Documents with some terms, walked from the newest on, on both databases.

FTS5 gives them in that order by itself. A GIN index has no order, but knows the period of each
document as a term more, so that few periods at once are asked for, from the newest on.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from heapq import nlargest
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    any_,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from service.storage.rows import chunks, plan_by_values
from service.storage.search.documents import is_postgresql
from service.storage.tables import DATED_TERMS, PERIOD_SHIFT, demand, document, message
from service.storage.values import bound_values, values_asked

# About so many documents are asked for together, of so many periods at most; of all periods at once
# where no more than these have the terms.
AT_ONCE, _PERIODS = 4_000, 8
# So many of few documents are looked into at a time, while one in 32 of them has the terms.
_LOOKED_INTO, _MANY_HAVE = 200, 32
_NO_KEY = 2**63 - 1
_NO_VALUES: Mapping[str, object] = MappingProxyType({})
_FTS = table("document_terms", column("rowid", BigInteger), column("document_terms"))
# The key in a form that FTS5 does not take for its own: compared with it, and not looked up by it.
_PASSED_BY = literal_column("+document_terms.rowid", BigInteger)


class Terms(NamedTuple):
    """Terms of which a document must have all, at least one, and those that it must not have."""

    wanted: Sequence[str]
    barred: Sequence[str] = ()


class Keys(NamedTuple):
    """The keys from ``first`` up to but not including ``end``."""

    first: int
    end: int

    def hold(self, key: int) -> bool:
        """Whether a key is one of these."""
        return self.first <= key < self.end


def walk_documents(connection: Connection, terms: Terms, keys: Keys) -> Generator[int, None, None]:
    """The keys of the documents with these terms, the newest first, found as they are asked for.

    Close it where it is not gone through to its end.
    """
    walk = _walk_gin if is_postgresql(connection) else _walk_fts
    return walk(connection, terms, keys)


def walk_few(
    connection: Connection, terms: Terms, keys: Keys, messages: Sequence[int]
) -> Generator[int, None, None]:
    """The same among the documents of few messages only, which have these ids."""
    walk = _walk_few_rows if is_postgresql(connection) else _walk_few_fts
    return walk(connection, terms, keys, messages)


def walk_in_matters(
    connection: Connection, terms: Terms, keys: Keys, matters: Select[Any]
) -> Generator[int, None, None]:
    """The same among the documents of some matters; ``matters`` gives their ids.

    On PostgreSQL there may be others among them: the rows that tell are read there anyway.
    """
    if is_postgresql(connection):
        return _walk_gin(connection, terms, keys)
    return _walk_fts_in_matters(connection, terms, keys, matters)


def _walk_fts(connection: Connection, terms: Terms, keys: Keys) -> Generator[int, None, None]:
    return _stream(connection, _having_terms(terms, keys))


def _walk_few_fts(
    connection: Connection, terms: Terms, keys: Keys, messages: Sequence[int]
) -> Generator[int, None, None]:
    asked = select(values_asked(connection.dialect).c.value)
    few = select(document.c.key).where(document.c.message_id.in_(asked))
    # Were the keys asked for as they are, FTS5 would begin anew for each.
    query = _having_terms(terms, keys).where(_PASSED_BY.in_(few))
    return _stream(connection, query, {"asked": bound_values(connection.dialect, messages)})


def _walk_fts_in_matters(
    connection: Connection, terms: Terms, keys: Keys, matters: Select[Any]
) -> Generator[int, None, None]:
    ids = matters.cte("asked")
    part, its_demand = message.alias(), demand.alias()
    has_part = (
        select(part.c.id)
        .join(its_demand, its_demand.c.message_id == part.c.id)
        .where(part.c.part_of == document.c.message_id, its_demand.c.matter_id.in_(select(ids)))
        .correlate(document)
        .exists()
    )
    of_document = select(demand.c.id).where(demand.c.message_id == document.c.message_id)
    is_in = of_document.where(func.coalesce(demand.c.matter_id, 0).in_(select(ids))).exists()
    query = _having_terms(terms, keys).join(document, document.c.key == _PASSED_BY)
    return _stream(connection, query.where(or_(is_in, has_part)))


def _having_terms(terms: Terms, keys: Keys) -> Select[Any]:
    key = _FTS.c.rowid
    has_terms = _FTS.c.document_terms.op("MATCH")(_match(terms))
    return select(key).where(has_terms, key >= keys.first, key < keys.end).order_by(key.desc())


def _stream(
    connection: Connection, query: Select[Any], values: Mapping[str, object] = _NO_VALUES
) -> Generator[int, None, None]:
    with closing(connection.execute(query, values)) as found:
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


def _walk_few_rows(
    connection: Connection, terms: Terms, keys: Keys, messages: Sequence[int]
) -> Generator[int, None, None]:
    _prefer_indexes(connection)
    plan_by_values(connection)
    # What many have is found soon among the newest, what few have is found soon by its index.
    sample = nlargest(_LOOKED_INTO, messages)
    asked_count, found_count = len(sample), len(_find_among(connection, terms, _is_of(sample)))
    end = keys.end
    if found_count * _MANY_HAVE >= asked_count:
        for part in chunks(_keys_of(connection, keys, messages), _LOOKED_INTO):
            having = _find_among(connection, terms, _is_one_of(part))
            yield from having
            end = part[-1]
            asked_count, found_count = asked_count + len(part), found_count + len(having)
            if found_count * _MANY_HAVE < asked_count:
                break
        else:
            return
    yield from _find_by_bitmaps(connection, terms, Keys(keys.first, end), messages)


def _keys_of(connection: Connection, keys: Keys, messages: Sequence[int]) -> list[int]:
    """The keys of all documents of these messages, the newest first."""
    found = connection.execute(select(document.c.key).where(_is_of(messages))).scalars()
    return sorted(filter(keys.hold, found), reverse=True)


def _is_of(messages: Sequence[int]) -> ColumnElement[bool]:
    return document.c.message_id == any_(literal(messages, ARRAY(BigInteger)))


def _has(terms: Terms) -> ColumnElement[bool]:
    return literal_column(DATED_TERMS).op("@@")(cast(_query(terms), TSQUERY))


def _is_one_of(keys: Sequence[int]) -> ColumnElement[bool]:
    return document.c.key == any_(literal(keys, ARRAY(BigInteger)))


def _find_among(connection: Connection, terms: Terms, asked: ColumnElement[bool]) -> list[int]:
    """The keys of those of the documents asked for that have the terms, by looking into each."""
    rows = select(document.c.key, document.c.terms).where(asked)
    # In a place of their own: the index of the terms would lead to all documents that have them.
    among = rows.cte("among").prefix_with("MATERIALIZED")
    query = select(among.c.key).where(among.c.terms.op("@@")(cast(_query(terms), TSQUERY)))
    return sorted(connection.execute(query).scalars(), reverse=True)


def _find_by_bitmaps(
    connection: Connection, terms: Terms, keys: Keys, messages: Sequence[int]
) -> list[int]:
    # Each index gives a bitmap, and only rows that are in both are read: to look into the terms of
    # a row takes longer than to find hundreds of rows by them. That PostgreSQL knows how many ids
    # there are makes it put both together, the range of keys would only be in the way.
    with _by_bitmaps(connection):
        query = select(document.c.key).where(_has(terms), _is_of(messages))
        found = connection.execute(query).scalars()
    return sorted(filter(keys.hold, found), reverse=True)


@contextmanager
def _by_bitmaps(connection: Connection) -> Iterator[None]:
    """Let indexes be read by bitmaps only, for some statements."""
    connection.exec_driver_sql("SET LOCAL enable_indexscan = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_indexscan = on")
