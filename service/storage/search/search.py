"""What full-text search shows of the documents it found, and which of them are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    String,
    TableValuedAlias,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
)

from service.domain.access import WHOLE, Scope
from service.domain.document import KIND_MASK, DocumentKind
from service.storage.matters.matter_filter import MatterFilter, hidden_text, named_conditions
from service.storage.matters.scopes import in_scope
from service.storage.tables import demand, document, matter, message
from service.storage.values import bound_values, read_for, values_asked


@dataclass(frozen=True, slots=True)
class SearchFilter(MatterFilter):
    """Which of the documents found are wanted; an empty text or None asks for all.

    ``since`` and ``until`` are days in Asia/Shanghai, both included. ``place`` is a part of the
    matter's place, ``document`` the kind of document. All but this, ``channel`` and the days are
    asked of the matter.
    """

    since: date | None = None
    until: date | None = None
    status: str = ""
    channel: str = ""
    document: str = ""
    scope: Scope = WHOLE


_part, _its_demand, _its_matter = message.alias(), demand.alias(), matter.alias()
_NONE = literal_column("''", String)
_TITLE = case((document.c.text.is_not(None), _NONE), else_=message.c.masked_title).label("title")
_TEXT = func.coalesce(document.c.text, message.c.masked_text).label("text")
_OF_MATTER = ("status", "topic", "department", "kind", "place", "studio", "is_urgent")


def find_wanted(connection: Connection, keys: Sequence[int], wanted: SearchFilter) -> Sequence[int]:
    """Those of these keys whose documents are wanted, in the same order."""
    conditions = _conditions(wanted)
    if not (keys and conditions):
        return keys
    dialect = connection.dialect
    asked = values_asked(dialect)
    query = (
        select(document.c.key)
        .select_from(asked)
        .join(document, document.c.key == asked.c.value)
        .join(demand, demand.c.message_id == document.c.message_id)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(*conditions)
    )
    if wanted.channel:
        query = query.join(message, message.c.id == document.c.message_id)
    found = set(connection.execute(query, {"asked": bound_values(dialect, keys)}).scalars())
    return [key for key in keys if key in found]


def _conditions(wanted: SearchFilter) -> list[ColumnElement[bool]]:
    # The matter of the whole message is what is shown, whatever its parts are about.
    conditions = in_scope(wanted.scope, matter, by_index=False)
    of_matter = _matter_conditions(wanted, matter)
    if of_matter:
        conditions.append(or_(and_(*of_matter), _has_part(wanted)))
    if wanted.channel:
        conditions.append(message.c.channel == wanted.channel)
    if wanted.document:
        kind = list(DocumentKind).index(DocumentKind(wanted.document))
        conditions.append(document.c.key.bitwise_and(KIND_MASK) == kind)
    return conditions


def _matter_conditions(wanted: SearchFilter, of: FromClause) -> list[ColumnElement[bool]]:
    """What the matter must be. No index may serve it: the documents lead, not the matters."""
    conditions = named_conditions(wanted, lambda name: hidden_text(of, name))
    if wanted.status:
        conditions.append(hidden_text(of, "status") == wanted.status)
    if wanted.place:
        conditions.append(of.c.place.contains(wanted.place, autoescape=True))
    if wanted.urgent is not None:
        conditions.append(of.c.is_urgent == wanted.urgent)
    return conditions


def _has_part(wanted: SearchFilter) -> ColumnElement[bool]:
    """Whether a part of the message is in such a matter."""
    return (
        select(_part.c.id)
        .join(_its_demand, _its_demand.c.message_id == _part.c.id)
        .join(_its_matter, _its_matter.c.id == _its_demand.c.matter_id)
        .where(_part.c.part_of == document.c.message_id, *_matter_conditions(wanted, _its_matter))
        .correlate(document)
        .exists()
    )


def read_texts(connection: Connection, keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Title and text of these documents, both masked, by key; an answer has no title."""
    rows = read_for(connection, _texts, keys)
    return {key: (title, text) for key, title, text in rows}


def _texts(asked: TableValuedAlias) -> Select[Any]:
    return (
        select(document.c.key, _TITLE, _TEXT)
        .select_from(asked)
        .join(document, document.c.key == asked.c.value)
        .join(message, message.c.id == document.c.message_id)
    )


def read_found(connection: Connection, keys: Sequence[int]) -> list[Row[Any]]:
    """What is shown of the documents with these keys, the newest first.

    A row has the document's ``key`` and words (``title``, ``text``, both masked), its message's
    ``message_id``, ``channel`` and ``sent_at``, the ``relation`` of that to its matter, and the
    matter's ``matter_id``, ``number``, ``matter_title``, ``status``, ``topic``, ``department``,
    ``kind``, ``place``, ``studio`` and ``is_urgent``.
    """
    query = (
        select(
            document.c.key,
            _TITLE,
            _TEXT,
            message.c.id.label("message_id"),
            message.c.channel,
            message.c.sent_at,
            demand.c.relation,
            matter.c.id.label("matter_id"),
            matter.c.number,
            matter.c.title.label("matter_title"),
            *(matter.c[name] for name in _OF_MATTER),
        )
        .join(message, message.c.id == document.c.message_id)
        .join(demand, demand.c.message_id == message.c.id)
        .join(matter, matter.c.id == demand.c.matter_id)
        .where(document.c.key.in_(keys))
        .order_by(document.c.key.desc())
    )
    return list(connection.execute(query))


def find_exactly(
    connection: Connection, receipt: str, number: str, scope: Scope = WHOLE
) -> list[Row[Any]]:
    """The matters (``id``, ``number``, ``title``, ``status``) of a scope with this number, or whose
    message has this receipt.
    """
    columns = matter.c.id, matter.c.number, matter.c.title, matter.c.status
    by_receipt = (
        select(*columns)
        .join(demand, demand.c.matter_id == matter.c.id)
        .join(message, message.c.id == demand.c.message_id)
        .where(message.c.receipt == receipt, *in_scope(scope, by_index=False))
    )
    has_number = matter.c.number == number, *in_scope(scope, by_index=False)
    by_number = select(*columns).where(*has_number)
    return list(connection.execute(by_receipt.union(by_number)))
