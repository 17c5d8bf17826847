"""The page and the API of how long data is kept."""

from __future__ import annotations

import pytest

from service.domain.retention import RetentionPolicy
from service.usecases.context import Context
from service.usecases.upkeep.retention import show_retention_policy
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

PAGE, API = "/deadlines", "/api/v1/retention"
USUAL = {
    "message_years": 0,
    "digest_years": 0,
    "look_months": 0,
    "account_event_months": 0,
    "answer_days": 30,
}


def test_the_page_lays_periods_down_and_tells_who_did(clerk: Visitor, context: Context) -> None:
    assert "来信一直保存" in clerk.get(PAGE).text
    wanted = {name: str(period) for name, period in (USUAL | {"message_years": 5}).items()}
    answer = clerk.fill(PAGE, f"{PAGE}/retention", **wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done=retention")
    assert show_retention_policy(context) == RetentionPolicy(message_years=5)
    assert "满七天起执行" in clerk.get(answer.headers["location"]).text
    assert clerk.get(API).json() == USUAL | {"message_years": 5}


@pytest.mark.parametrize("period", ["", "-1", "5", "1.5", "五", "６", "9" * 400, "<b>"])
def test_wrong_periods_change_nothing(clerk: Visitor, context: Context, period: str) -> None:
    wanted = {name: str(one) for name, one in USUAL.items()} | {"look_months": period}
    assert clerk.fill(PAGE, f"{PAGE}/retention", **wanted).status_code == 422
    assert show_retention_policy(context) == RetentionPolicy()


@pytest.mark.parametrize(
    "body",
    [
        {"look_months": 5},
        {"account_event_months": 1},
        {"answer_days": 0},
        {"message_years": -1},
        {"message_years": 101},
        {"message_years": 10**30},
        {"message_years": "2"},
        {"message_years": True},
        {"message_years": None},
        {"x": 1},
        [],
    ],
)
def test_a_wrong_body_changes_nothing(clerk: Visitor, context: Context, body: object) -> None:
    the_problem(clerk.send("PUT", API, json=body), 422, "invalid_input")
    assert show_retention_policy(context) == RetentionPolicy()


def test_nobody_else_sees_or_changes_it(citizen: Visitor, program: Visitor) -> None:
    assert citizen.get(PAGE).headers["location"].startswith("/login")
    the_problem(program.get(API), 401, "not_logged_in")
    the_problem(program.send("PUT", API, json={}), 401, "not_logged_in")
