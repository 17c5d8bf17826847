"""Which matters are wanted: what the queue and full-text search ask of them alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, and_, false, func, literal_column

from service.storage.tables import first_topic

Read = Callable[[str], ColumnElement[str]]
_FIRST_LEVEL = 2  # characters of a topic's code


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """What to ask of a matter; an empty text or None asks for all.

    ``topic`` is a code of the first or second level. How exactly ``place`` is meant each kind of
    filter says itself.
    """

    studio: str = ""
    department: str = ""
    place: str = ""
    kind: str = ""
    topic: str = ""
    urgent: bool | None = None


def named_conditions(wanted: MatterFilter, read: Read) -> list[ColumnElement[bool]]:
    """What a filter asks by name: studio, department, kind and topic.

    Parameters
    ----------
    read
        Gives a column of the matters by its name: as it is, or hidden from its index.
    """
    named = ("studio", "department", "kind")
    conditions = [read(name) == value for name in named if (value := getattr(wanted, name))]
    topic = first_topic(read("topic")) == wanted.topic[:_FIRST_LEVEL]
    if len(wanted.topic) > _FIRST_LEVEL:
        # Were it said to be equal, SQLite would put it for the topic in the line above.
        topic = and_(topic, read("topic").between(wanted.topic, wanted.topic))
    return [*conditions, topic] if wanted.topic else conditions


def hidden_text(of: FromClause, name: str) -> ColumnElement[str]:
    """A text of the matters that no index serves: where something else must lead to them."""
    return func.coalesce(of.c[name], literal_column("''"))


def hidden_truth(of: FromClause, name: str) -> ColumnElement[bool]:
    """The same for a column that is true or false."""
    return func.coalesce(of.c[name], false())
