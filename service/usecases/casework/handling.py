"""How a matter is being handled: what can be done next, and what holds it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.path import PATH, Move, Need, moves_from
from service.domain.status import MatterStatus
from service.errors import NotFoundError
from service.storage.casework.replies import read_supplements
from service.storage.matters.matters import read_matter_row
from service.usecases.context import Context


@dataclass(frozen=True, slots=True)
class Handling:
    """How a matter is being handled.

    ``moves`` are those a person can make now, each with what must be told; ``extension_days``
    (working days, None for none) were asked for and nobody has decided on them.
    """

    status: MatterStatus
    moves: tuple[tuple[Move, frozenset[Need]], ...]
    is_supervised: bool
    return_count: int
    helping: tuple[str, ...]
    extension_days: int | None
    paused_at: datetime | None


@dataclass(frozen=True, slots=True)
class Supplement:
    """What a sender told on being asked for more."""

    text: str
    masked_text: str
    at: datetime


def show_handling(context: Context, matter_id: int) -> Handling:
    """How a matter is being handled.

    Raises
    ------
    NotFoundError
        There is no such matter.
    """
    with context.database.reading() as connection:
        row = read_matter_row(connection, matter_id)
    if row is None:
        raise NotFoundError(f"事项 {matter_id}")
    status = MatterStatus(row.status)
    is_asked = row.extension_days is not None
    return Handling(
        status=status,
        moves=tuple(
            (move, PATH[move].needs) for move in moves_from(status) if _fits(move, is_asked)
        ),
        is_supervised=row.is_supervised,
        return_count=row.return_count,
        helping=tuple(row.helping),
        extension_days=row.extension_days,
        paused_at=row.paused_at,
    )


def _fits(move: Move, is_asked: bool) -> bool:
    if move in (Move.GRANT, Move.DENY):
        return is_asked
    return not PATH[move].is_own and not (move is Move.EXTEND and is_asked)


def list_supplements(context: Context, matter_id: int) -> list[Supplement]:
    """What the senders of a matter told on being asked for more, in order."""
    with context.database.reading() as connection:
        rows = read_supplements(connection, matter_id)
    return [Supplement(row.text, row.masked_text, row.at) for row in rows]
