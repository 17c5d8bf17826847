"""The clock jumps back an hour, or ahead a year and back: nothing is lost, refused or half done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.domain.order import Order
from service.domain.path import Move
from service.domain.retention import RetentionPolicy
from service.storage import tables
from service.usecases.casework.casework import move_matter
from service.usecases.casework.reminding import remind
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from service.usecases.readiness import check_readiness
from service.usecases.upkeep.audit import seal_histories, verify_histories
from service.usecases.upkeep.retention import apply_retention, save_retention_policy
from tests.makers import Clock, a_message
from tests.service.usecases.books import check_books, rows, stored_texts

TEXTS = {
    "1": "庄里镇碧桐巷的窨井盖夜里被车压翻。",
    "2": "中心小学食堂的饭菜不干净，家长很担心。",
    "3": "村口的水渠堵了半年，庄稼浇不上水。",
}


def work(context: Context, name: str) -> int:
    """A message comes in and its matter is worked on to the end; the matter."""
    (received,) = receive_messages(context, [a_message(TEXTS[name], external_id=name)])
    move_matter(context, received.matter_id, Order(Move.CLOSE, note="已修好"), "甲")
    return received.matter_id


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=365)])
def test_work_goes_on_over_a_jump_and_back(context: Context, clock: Clock, jump: timedelta) -> None:
    save_retention_policy(context, RetentionPolicy(message_years=1), "甲")
    seal_histories(context)
    right = clock.at
    matters = [work(context, "1")]
    for at in (right + jump, right + timedelta(minutes=1)):
        clock.at = at
        matters.append(work(context, str(len(matters) + 1)))
        seal_histories(context)
        remind(context)
        assert apply_retention(context).messages == 0
    assert len(stored_texts(context)) == len(rows(context, tables.message)) == 3
    for matter_id in matters:
        kinds = [event.kind for event in show_matter(context, matter_id).events]
        assert (kinds.count("message"), kinds[-1]) == (1, "closed")
    assert verify_histories(context).faults == []
    check_books(context)


def test_a_clock_that_is_behind_is_told(context: Context, clock: Clock) -> None:
    work(context, "1")
    clock.forward(hours=-1)
    assert check_readiness(context).clock == "behind"
    clock.forward(hours=1, days=365)
    assert check_readiness(context).clock == "ok"
