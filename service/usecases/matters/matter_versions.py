"""Versions of matters: so that nobody acts upon what has changed since they read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.storage.expected import Expected
from service.usecases.context import Context
from service.usecases.matters.whole_matter import row_or_successor, whole_of


def read_version(context: Context, matter_id: int) -> tuple[int, int]:
    """Id and version of the matter that a number leads to: how many entries its history has.

    Raises
    ------
    NotFoundError
        There is no such matter.
    """
    with context.database.reading() as connection:
        row = whole_of(connection, row_or_successor(connection, matter_id))
        return row.id, row.event_count


def expecting(context: Context, versions: Mapping[int, frozenset[int]] | None) -> Context:
    """The context for what goes on only if matters have one of these versions when locked.

    ``versions``, by id, is None where one must be told and was not: that is refused there too.
    """
    return replace(context, database=context.database.expecting(Expected(versions)))
