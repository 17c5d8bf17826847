"""The same with many matters: each in a transaction of its own, with a result of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.errors import InvalidInputError, MinqingError, NotFoundError
from service.storage.matters.matter_numbers import find_matter_ids
from service.storage.matters.matters import read_matter_rows
from service.storage.rows import is_id
from service.usecases.context import Context

logger = logging.getLogger(__name__)

MAX_MATTERS = 500
Key = int | str


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What came of one matter: ``error`` is None where it was done.

    ``key`` is how it was asked for, ``matter_id`` 0 where there is no such matter.
    """

    key: Key
    matter_id: int
    error: MinqingError | None = None


def do_for_each(
    context: Context, keys: Sequence[Key], action: Callable[[int], object]
) -> list[BulkResult]:
    """Let an action happen to each of some matters; one that cannot stops no other.

    Parameters
    ----------
    keys
        At most 500 ids or numbers.
    action
        A use case for a matter's id.

    Returns
    -------
    list of BulkResult
        One for each key, in the order given.

    Raises
    ------
    InvalidInputError
        There are too many keys.
    """
    if len(keys) > MAX_MATTERS:
        raise InvalidInputError(f"一次不超过 {MAX_MATTERS} 件")
    numbers = [key for key in keys if isinstance(key, str)]
    with context.database.reading() as connection:
        known = find_matter_ids(connection, numbers)
    return [_do(key, known.get(key, 0) if isinstance(key, str) else key, action) for key in keys]


def show_numbers(context: Context, ids: Sequence[int]) -> dict[int, str]:
    """The numbers of matters by id, of those that exist."""
    with context.database.reading() as connection:
        return {each: row.number for each, row in read_matter_rows(connection, ids).items()}


def _do(key: Key, matter_id: int, action: Callable[[int], object]) -> BulkResult:
    if not is_id(matter_id):
        return BulkResult(key, 0, NotFoundError(f"事项 {key}"))
    try:
        action(matter_id)
    except MinqingError as error:
        return BulkResult(key, matter_id, error)
    except Exception:
        # What was done before it stands: the caller must hear of that.
        logger.exception("bulk action on matter %d", matter_id)
        return BulkResult(key, matter_id, MinqingError())
    return BulkResult(key, matter_id)
