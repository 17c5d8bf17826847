"""Matters that a department sent back and another one settled, by the real moves."""

from __future__ import annotations

from dataclasses import replace

from service.domain.order import Order
from service.domain.path import Move, ReturnReason
from service.usecases.casework.casework import move_matter
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message, close_matter, dispatch_matter

TOPIC = "0102"
WRONG, RIGHT = "住建局", "水利局"
PLACES = ("东街", "西关", "北桥", "南塬", "河湾", "石坡", "柳巷", "槐院", "新村", "老城")


def open_matter(context: Context, place: str, department: str) -> int:
    """A matter that a person gave to a department and sent out."""
    alone = replace(context, triage=replace(context.triage, model=None, pair_model=None))
    message = a_message(f"{place}的灌渠漏水。", title="")
    (received,) = receive_messages(alone, [message])
    _give(context, received.matter_id, department)
    dispatch_matter(context, received.matter_id, "李科")
    return received.matter_id


def send_back(context: Context, matter_id: int) -> None:
    """The department says that the matter is not its duty."""
    order = Order(Move.RETURN, return_reason=ReturnReason.NOT_OURS.value, note="请另交")
    move_matter(context, matter_id, order, "张科")


def settle_elsewhere(context: Context, count: int, first: int = 0) -> list[int]:
    """Matters that ``WRONG`` sent back and ``RIGHT`` closed, of the places from ``first`` on."""
    matters = []
    for place in PLACES[first : first + count]:
        matter_id = open_matter(context, place, WRONG)
        send_back(context, matter_id)
        _give(context, matter_id, RIGHT)
        dispatch_matter(context, matter_id, "李科")
        close_matter(context, matter_id, "李科", "已办结")
        matters.append(matter_id)
    return matters


def _give(context: Context, matter_id: int, department: str) -> None:
    correct_matter(context, matter_id, Correction(TOPIC, department, "help", False, ""), "李科")
