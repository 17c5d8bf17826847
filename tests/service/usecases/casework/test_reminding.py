"""What will soon be late is noted once, what is long overdue is supervised once."""

from __future__ import annotations

import pytest

from service.domain.order import Order
from service.domain.path import Move
from service.domain.provision import ProvisionKind
from service.domain.reminder_policy import ReminderPolicy
from service.errors import InvalidInputError
from service.storage import tables
from service.usecases.casework.answering import draft_reply, send_reply
from service.usecases.casework.casework import move_matter
from service.usecases.casework.reminding import (
    _AT_ONCE,
    remind,
    save_reminder_policy,
    show_reminder_policy,
)
from service.usecases.context import Context
from service.usecases.in_force.changes import list_changes
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from tests.makers import Clock, a_message
from tests.service.usecases.books import check_books, rows


@pytest.fixture
def matter_id(context: Context) -> int:
    return receive_messages(context, [a_message()])[0].matter_id


def told(context: Context, matter_id: int) -> list[str]:
    return [event.kind for event in show_matter(context, matter_id).events]


def test_a_near_deadline_is_noted_once(context: Context, clock: Clock, matter_id: int) -> None:
    assert remind(context).reminded == 0
    clock.forward(days=19)  # the last but two of fifteen working days
    assert (remind(context).reminded, remind(context).reminded) == (1, 0)
    assert told(context, matter_id)[-1] == "reminded"
    check_books(context)


def test_a_deadline_that_moved_is_noted_again(
    context: Context, clock: Clock, matter_id: int
) -> None:
    clock.forward(days=19)
    remind(context)
    move_matter(context, matter_id, Order(Move.EXTEND, note="忙", days=5), "甲")
    move_matter(context, matter_id, Order(Move.GRANT), "乙")
    assert remind(context).reminded == 0
    clock.forward(days=7)
    assert remind(context).reminded == 1


def test_what_is_long_overdue_is_supervised_once(
    context: Context, clock: Clock, matter_id: int
) -> None:
    clock.forward(days=27)
    assert (remind(context).escalated, remind(context).escalated) == (0, 0)
    clock.forward(days=10)
    assert (remind(context).escalated, remind(context).escalated) == (1, 0)
    assert told(context, matter_id)[-1] == "escalated"
    assert rows(context, tables.matter)[0]["is_supervised"]


def test_while_the_sender_is_asked_nobody_is_reminded(
    context: Context, clock: Clock, matter_id: int
) -> None:
    move_matter(context, matter_id, Order(Move.SIGN), "甲")
    move_matter(context, matter_id, Order(Move.ASK, note="哪里？"), "甲")
    clock.forward(days=60)
    done = remind(context)
    assert (done.reminded, done.escalated) == (0, 0)


def test_what_is_answered_is_left_alone_until_it_is_opened_again(
    context: Context, clock: Clock, matter_id: int
) -> None:
    send_reply(context, draft_reply(context, matter_id, "路灯已修好。", "甲"), "乙")
    clock.forward(days=60)
    assert (remind(context).reminded, remind(context).escalated) == (0, 0)
    move_matter(context, matter_id, Order(Move.REOPEN, note="还是黑的"), "甲")
    clock.forward(days=60)
    assert remind(context).escalated == 1


def test_what_is_closed_is_left_alone(context: Context, clock: Clock, matter_id: int) -> None:
    move_matter(context, matter_id, Order(Move.CLOSE, note="好"), "甲")
    clock.forward(days=60)
    done = remind(context)
    assert (done.reminded, done.escalated) == (0, 0)


def test_many_are_gone_through_step_by_step(context: Context, clock: Clock) -> None:
    count = _AT_ONCE + 1
    apart = [
        a_message(f"{n}号楼的电梯坏了，{n}", title=f"电梯{n}", external_id=str(n))
        for n in range(count)
    ]
    receive_messages(context, apart)
    clock.forward(days=60)
    open_count = sum(row["merged_into"] is None for row in rows(context, tables.matter))
    assert remind(context).escalated == open_count
    assert remind(context).escalated == 0


def test_what_an_administrator_laid_down_holds_at_once(
    context: Context, clock: Clock, matter_id: int
) -> None:
    save_reminder_policy(context, ReminderPolicy(remind_days=10, escalate_days=0), "甲")
    clock.forward(days=7)
    assert remind(context).reminded == 1
    clock.forward(days=15)  # the deadline's day has just passed
    assert remind(context).escalated == 1


def test_urgent_matters_have_days_of_their_own(context: Context, clock: Clock) -> None:
    urgent = a_message("煤气管道漏气，楼道里全是煤气味，有人昏迷不醒。", external_id="急")
    received = receive_messages(context, [urgent])[0]
    assert show_matter(context, received.matter_id).matter.is_urgent
    save_reminder_policy(context, ReminderPolicy(urgent_remind_days=0), "甲")
    assert remind(context).reminded == 0
    save_reminder_policy(context, ReminderPolicy(urgent_remind_days=2), "甲")
    assert remind(context).reminded == 1
    clock.forward(days=6)
    assert remind(context).escalated == 1


@pytest.mark.parametrize("days", [-1, 61])
def test_days_beyond_reason_are_refused(context: Context, days: int) -> None:
    with pytest.raises(InvalidInputError, match="应在 0 至 60 之间"):
        save_reminder_policy(context, ReminderPolicy(escalate_days=days), "甲")
    assert show_reminder_policy(context) == ReminderPolicy()


def test_who_changed_the_days_is_kept(context: Context) -> None:
    save_reminder_policy(context, ReminderPolicy(), "甲")
    save_reminder_policy(context, ReminderPolicy(remind_days=3), "乙")
    newest, first = list_changes(context, ProvisionKind.REMINDERS)
    assert (newest.actor, newest.what) == ("乙", ("到期前几个工作日提醒：2 → 3",))
    assert (first.actor, first.what) == ("甲", ())
