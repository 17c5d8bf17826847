"""The page and the API of what deadlines are counted by and reminded of."""

from __future__ import annotations

import pytest

from service.domain.reminder_policy import ReminderPolicy
from service.usecases.casework.reminding import show_reminder_policy
from service.usecases.context import Context
from service.usecases.in_force.work_calendar import show_calendar
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

PAGE, API = "/deadlines", "/api/v1/reminders"
USUAL = {
    "remind_days": 2,
    "escalate_days": 5,
    "urgent_remind_days": 1,
    "urgent_escalate_days": 1,
}


def test_the_page_changes_the_days_and_tells_who_did(clerk: Visitor, context: Context) -> None:
    assert "尚未更改过" in clerk.get(PAGE).text
    wanted = {name: str(days) for name, days in (USUAL | {"remind_days": 4}).items()}
    answer = clerk.fill(PAGE, f"{PAGE}/reminders", **wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done=reminders")
    assert show_reminder_policy(context) == ReminderPolicy(remind_days=4)
    assert "催办要求已保存" in clerk.get(answer.headers["location"]).text
    assert clerk.get(API).json() == USUAL | {"remind_days": 4}


@pytest.mark.parametrize("days", ["", "-1", "61", "1.5", "五", "１", "9" * 400])
def test_wrong_days_change_nothing(clerk: Visitor, context: Context, days: str) -> None:
    wanted = dict.fromkeys(USUAL, "1") | {"escalate_days": days}
    assert clerk.fill(PAGE, f"{PAGE}/reminders", **wanted).status_code == 422
    assert show_reminder_policy(context) == ReminderPolicy()


@pytest.mark.parametrize(
    "body", [{"remind_days": -1}, {"remind_days": "2"}, {"remind_days": True}, {"x": 1}, []]
)
def test_a_wrong_body_changes_nothing(clerk: Visitor, context: Context, body: object) -> None:
    the_problem(clerk.send("PUT", API, json=body), 422, "invalid_input")
    assert show_reminder_policy(context) == ReminderPolicy()


def test_the_api_changes_what_it_names(clerk: Visitor, context: Context) -> None:
    changed = clerk.send("PUT", API, json={"escalate_days": 3})
    assert changed.json() == USUAL | {"escalate_days": 3}
    assert show_reminder_policy(context) == ReminderPolicy(escalate_days=3)


def test_the_page_loads_a_notice_as_a_whole_or_not_at_all(clerk: Visitor, context: Context) -> None:
    wrong = clerk.fill(PAGE, f"{PAGE}/calendar", days="日期,安排,名称\n2031-13-01,放假,<b>\n")
    assert wrong.status_code == 422
    assert "&lt;b&gt;" in wrong.text
    assert show_calendar(context).days == ()
    text = "日期,安排,名称\n2031-01-01,放假,元旦\n2031-01-04,上班,调休\n"
    loaded = clerk.fill(PAGE, f"{PAGE}/calendar", days=text)
    assert loaded.headers["location"] == f"{PAGE}?done=calendar"
    shown = clerk.get(loaded.headers["location"]).text
    assert "时限已重新计算" in shown
    assert "载入 2 天" in shown
    assert [one.name for one in show_calendar(context).days] == ["元旦", "调休"]


def test_nobody_else_sees_or_changes_it(citizen: Visitor, program: Visitor) -> None:
    assert citizen.get(PAGE).headers["location"].startswith("/login")
    the_problem(program.get(API), 401, "not_logged_in")
    the_problem(program.send("PUT", API, json={}), 401, "not_logged_in")
