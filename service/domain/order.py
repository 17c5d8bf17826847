"""What a person wants done with a matter, checked before anything is looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.domain.path import PATH, Move, Need, Refusal, ReturnReason
from service.errors import InvalidInputError

MAX_NOTE_CHARS = 2000
MAX_EXTENSION_DAYS = 30
MAX_HELPING = 10


@dataclass(frozen=True, slots=True)
class Order:
    """A move with what must be told with it; each move needs only some of it (``Need``).

    ``return_reason`` and ``refusal`` are values of ``ReturnReason`` and ``Refusal``, ``days``
    working days, ``committee`` a code, ``helping`` departments beside the one that leads.
    """

    move: Move
    note: str = ""
    department: str = ""
    helping: tuple[str, ...] = ()
    return_reason: str = ""
    refusal: str = ""
    days: int = 0
    committee: str = ""


_GIVEN: Mapping[Need, Callable[[Order], bool]] = MappingProxyType(
    {
        Need.NOTE: lambda order: bool(order.note.strip()),
        Need.DEPARTMENT: lambda order: bool(order.department),
        Need.RETURN_REASON: lambda order: order.return_reason in {r.value for r in ReturnReason},
        Need.REFUSAL: lambda order: order.refusal in {r.value for r in Refusal},
        Need.DAYS: lambda order: 0 < order.days <= MAX_EXTENSION_DAYS,
        Need.COMMITTEE: lambda order: bool(order.committee),
    }
)
_ASKED = {
    Need.DAYS: f"工作日数（1–{MAX_EXTENSION_DAYS}）",
}


def check_order(order: Order) -> None:
    """Let an order pass that brings what its move needs.

    Raises
    ------
    InvalidInputError
        Something is missing or too long.
    """
    if len(order.note) > MAX_NOTE_CHARS:
        raise InvalidInputError(f"说明不超过 {MAX_NOTE_CHARS} 字")
    if len(order.helping) > MAX_HELPING:
        raise InvalidInputError(f"会办单位不超过 {MAX_HELPING} 个")
    for need in Need:
        if need in PATH[order.move].needs and not _GIVEN[need](order):
            raise InvalidInputError(f"{order.move.label_zh}须填写{_ASKED.get(need, need.label_zh)}")
