"""退单: which departments sent a matter back as not theirs, with the desk of the same mind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.domain.path import Move, ReturnReason

_HANDED_OVER = frozenset({Move.HAND_UP, Move.HAND_DOWN})
_SENT_OUT = frozenset({Move.DISPATCH, Move.UPHOLD})
# What bears on a return: the return itself, and each way in which the desk can decide on it.
MOVES_ON_RETURNS = frozenset({Move.RETURN, Move.REFUSE}) | _HANDED_OVER | _SENT_OUT


@dataclass(frozen=True, slots=True)
class MadeMove:
    """A move as a matter's history tells it; ``reason`` and ``department`` are a return's own."""

    move: Move
    actor: str
    at: datetime
    reason: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedReturn:
    """A department that a matter was taken from, since it is not its duty; by whom and when."""

    department: str
    actor: str
    at: datetime


def accepted_returns(moves: Iterable[MadeMove], lead: str) -> tuple[AcceptedReturn, ...]:
    """The returns of a matter as not the department's duty that the desk accepted.

    The desk accepts one by sending the matter out elsewhere or handing it to another committee; by
    refusing the matter it says nothing of whose duty it is.

    Parameters
    ----------
    moves
        All of ``MOVES_ON_RETURNS`` in the matter's history, in their order; others are passed
        over.
    lead
        The department that the matter has now: once it was sent out to it again, it is its duty
        after all.

    Returns
    -------
    tuple of AcceptedReturn
        One of each department, the first, in their order.
    """
    found: dict[str, AcceptedReturn] = {}
    returned, is_out = "", False
    for made in moves:
        if made.move is Move.RETURN:
            returned = made.department if made.reason == ReturnReason.NOT_OURS.value else ""
        elif made.move in _SENT_OUT | _HANDED_OVER:
            if returned and made.move is not Move.UPHOLD:
                found.setdefault(returned, AcceptedReturn(returned, made.actor, made.at))
            returned, is_out = "", made.move in _SENT_OUT
        elif made.move is Move.REFUSE:
            returned = ""
    return tuple(one for one in found.values() if not (is_out and one.department == lead))
