"""Search: what was written and answered is found by its words, the newest first, in pages."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from classifier.text.clean import clean
from service.domain.access import Scope
from service.domain.channel import Channel
from service.domain.document import DocumentKind, day_of, first_key, kind_of
from service.domain.receipt import LENGTH, read_receipt
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.errors import InvalidInputError
from service.storage.database import Connection
from service.storage.rows import is_id
from service.storage.search.document_walk import (
    Keys,
    Terms,
    walk_documents,
    walk_few,
    walk_in_matters,
)
from service.storage.search.few_documents import few_matters, find_narrowing
from service.storage.search.search import (
    SearchFilter,
    find_exactly,
    find_wanted,
    read_found,
    read_texts,
)
from service.triage.search_marks import MarkedPiece, best_snippet, mark_all
from service.triage.search_words import SearchWords, read_words
from service.usecases.context import Context

__all__ = ["Hit", "SearchFilter", "SearchPage", "search"]

MAX_LIMIT = 100
# So much is looked at for one page; where words and filters leave too little of it, the page has
# fewer hits and the next one goes on from there.
_MOST_KEYS, _MOST_TEXTS = 6_000, 400
# So many keys are looked at before it is asked whether the filter lets little through.
_AT_FIRST = 60
_GROWTH, _LARGEST = 2, 800
_CURSOR_CHARS = 20
_NUMBER = re.compile(r"\d{4}-\d{6,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MatterFound:
    """What a search tells of a matter."""

    id: int
    number: str
    title: str
    status: MatterStatus
    topic: str = ""
    department: str = ""
    kind: str = ""
    place: str = ""
    studio: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found: its marked words, its message, and how that stands to its matter."""

    kind: DocumentKind
    day: date
    message_id: int
    channel: Channel
    sent_at: datetime
    title: MarkedPiece
    snippet: MarkedPiece
    relation: Relation
    matter: MatterFound


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some of what was found, the newest first.

    ``next_cursor`` is "" where nothing more is to be looked at; ``until_now`` is the day down to
    which everything was looked at where the page ended before it was full, None otherwise.
    ``exact`` are the matters whose number, or a receipt of which, was typed; ``department`` is
    the one whose name was typed, "" where none was.
    """

    hits: tuple[Hit, ...]
    next_cursor: str
    until_now: date | None
    exact: tuple[MatterFound, ...]
    department: str


def search(
    context: Context, typed: str, wanted: SearchFilter, cursor: str = "", limit: int = 20
) -> SearchPage:
    """A page of what has the words and passes the filter.

    Parameters
    ----------
    typed
        Words, "phrases" and -excluded ones; see ``service.triage.search_words``.

    Raises
    ------
    InvalidInputError
        There is no word to search for, they are too long, the days are in the wrong order, or
        the cursor is none that this function gave out.
    """
    words = read_words(typed, context.triage.reader.segmenter)
    limit = max(1, min(limit, MAX_LIMIT))
    keys = _keys(wanted, cursor)
    with context.database.reading() as connection:
        with closing(_walk(connection, words, wanted, keys)) as walk:
            found, reached = _collect(connection, walk, words, wanted, limit)
        rows = read_found(connection, found[:limit])
        exact = () if cursor else _find_exactly(connection, typed, wanted.scope)
    is_full = len(found) > limit
    next_key = found[limit - 1] if is_full else reached
    return SearchPage(
        hits=tuple(_as_hit(row, words) for row in rows),
        next_cursor=str(next_key) if next_key else "",
        until_now=day_of(reached) if reached and not is_full else None,
        exact=exact,
        department=_department(context, typed),
    )


def _keys(wanted: SearchFilter, cursor: str) -> Keys:
    since, until = wanted.since or date.min, wanted.until or date.max
    if since > until:
        raise InvalidInputError("起始日期晚于截止日期")
    end = first_key(until) + first_key(date.min)  # of the day after
    return Keys(first_key(since), min(end, _read_cursor(cursor)) if cursor else end)


def _read_cursor(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and is_id(int(cursor[:_CURSOR_CHARS]))):
        raise InvalidInputError("翻页标记不正确")
    return int(cursor[:_CURSOR_CHARS])


def _walk(
    connection: Connection, words: SearchWords, wanted: SearchFilter, keys: Keys
) -> Generator[int, None, None]:
    """The keys of what has the terms, the newest first.

    Where the filter lets little through, only what it may let through from some place on.
    """
    terms = Terms(words.terms, words.barred)
    with closing(walk_documents(connection, terms, keys)) as walk:
        last = None
        for last in islice(walk, _AT_FIRST):
            yield last
        narrowing = None if last is None else find_narrowing(connection, wanted)
        if last is None or narrowing is None:
            yield from walk
            return
    rest = Keys(keys.first, last)
    if narrowing.few is not None:
        yield from walk_few(connection, terms, rest, narrowing.few)
    else:
        yield from walk_in_matters(connection, terms, rest, few_matters(narrowing.condition))


def _collect(
    connection: Connection,
    walk: Iterator[int],
    words: SearchWords,
    wanted: SearchFilter,
    limit: int,
) -> tuple[list[int], int]:
    """The keys of one hit more than the page holds, where there are so many.

    Also the key down to which everything was looked at, 0 for all there is.
    """
    found: list[int] = []
    key_count = text_count = 0
    size = limit + 1
    while len(found) <= limit:
        keys = list(islice(walk, size))
        if not keys:
            return found, 0
        passing = find_wanted(connection, keys, wanted)
        found += passing if words.is_exact else _having(connection, passing, words)
        key_count += len(keys)
        text_count += 0 if words.is_exact else len(passing)
        if key_count >= _MOST_KEYS or text_count >= _MOST_TEXTS:
            break
        size = min(size * _GROWTH, _LARGEST)
    return found, keys[-1]


def _having(connection: Connection, keys: Sequence[int], words: SearchWords) -> list[int]:
    """Those of these keys whose documents have the words."""
    texts = read_texts(connection, keys)
    return [key for key in keys if words.are_in(*map(clean, texts[key]))]


def _as_hit(row: Any, words: SearchWords) -> Hit:
    return Hit(
        kind=kind_of(row.key),
        day=day_of(row.key),
        message_id=row.message_id,
        channel=Channel(row.channel),
        sent_at=row.sent_at,
        title=mark_all(clean(row.title), words.wanted),
        snippet=best_snippet(clean(row.text), words.wanted),
        relation=Relation(row.relation),
        matter=MatterFound(
            id=row.matter_id,
            number=row.number,
            title=row.matter_title,
            status=MatterStatus(row.status),
            topic=row.topic,
            department=row.department,
            kind=row.kind,
            place=row.place,
            studio=row.studio,
            is_urgent=row.is_urgent,
        ),
    )


def _find_exactly(connection: Connection, typed: str, scope: Scope) -> tuple[MatterFound, ...]:
    receipt, number = read_receipt(typed), clean(typed).plain.strip()
    if len(receipt) != LENGTH and not _NUMBER.fullmatch(number):
        return ()
    rows = find_exactly(connection, receipt, number, scope)
    return tuple(
        MatterFound(id=row.id, number=row.number, title=row.title, status=MatterStatus(row.status))
        for row in rows
    )


def _department(context: Context, typed: str) -> str:
    name = clean(typed).plain.strip()
    departments = context.triage.organisation.departments
    return next((each.name for each in departments if name in (each.name, *each.aliases)), "")
