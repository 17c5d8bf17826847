"""How a matter is being handled: what can be done next, and what holds it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.organisation import Committee
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
    (working days, None for none) were asked for and nobody has decided on them. ``above`` and
    ``below`` are the committees that it can be handed up or down to.
    """

    status: MatterStatus
    moves: tuple[tuple[Move, frozenset[Need]], ...]
    is_supervised: bool
    return_count: int
    helping: tuple[str, ...]
    extension_days: int | None
    paused_at: datetime | None
    above: tuple[Committee, ...]
    below: tuple[Committee, ...]


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
    status, organisation = MatterStatus(row.status), context.triage.organisation
    is_asked = row.extension_days is not None
    above, below = organisation.above(row.committee), organisation.below(row.committee)
    possible = {
        **dict.fromkeys((Move.GRANT, Move.DENY), is_asked),
        Move.EXTEND: not is_asked,
        Move.HAND_UP: bool(above),
        Move.HAND_DOWN: bool(below),
    }
    return Handling(
        status=status,
        moves=tuple(
            (move, PATH[move].needs)
            for move in moves_from(status)
            if not PATH[move].is_own and possible.get(move, True)
        ),
        is_supervised=row.is_supervised,
        return_count=row.return_count,
        helping=tuple(row.helping),
        extension_days=row.extension_days,
        paused_at=row.paused_at,
        above=above,
        below=below,
    )


def list_supplements(context: Context, matter_id: int) -> list[Supplement]:
    """What the senders of a matter told on being asked for more, in order."""
    with context.database.reading() as connection:
        rows = read_supplements(connection, matter_id)
    return [Supplement(row.text, row.masked_text, row.at) for row in rows]
