"""The states of a matter and the one table of moves between them."""

from service.domain.labels import Labelled
from service.errors import IllegalMoveError


class MatterStatus(Labelled):
    """Where a matter stands."""

    RECEIVED = "received", "已受理"
    REVIEW = "review", "待复核"
    ASSIGNED = "assigned", "已交办"
    CLOSED = "closed", "已办结"


ALLOWED_MOVES: dict[MatterStatus, frozenset[MatterStatus]] = {
    MatterStatus.RECEIVED: frozenset({MatterStatus.REVIEW, MatterStatus.ASSIGNED}),
    MatterStatus.REVIEW: frozenset({MatterStatus.ASSIGNED, MatterStatus.CLOSED}),
    MatterStatus.ASSIGNED: frozenset({MatterStatus.REVIEW, MatterStatus.CLOSED}),
    MatterStatus.CLOSED: frozenset({MatterStatus.REVIEW}),
}

OPEN_STATUSES = frozenset(MatterStatus) - {MatterStatus.CLOSED}


def check_move(current: MatterStatus, target: MatterStatus) -> None:
    """Let an allowed move pass.

    Raises
    ------
    IllegalMoveError
        The table has no such move.
    """
    if target not in ALLOWED_MOVES[current]:
        raise IllegalMoveError(f"{current.label_zh} → {target.label_zh}")
