"""The rules' page and API: for the administrator, refused with rows, in force at once."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.access import Account, Role
from service.domain.consent import consent_for
from service.domain.retention import KEPT_ALWAYS
from service.usecases.administration.rules import list_rules
from service.usecases.context import Context
from service.web.dependencies import logged_in
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

CONSENT = consent_for(KEPT_ALWAYS).version

HEAD = "名称,词语,除非,地点,渠道,来信人,承办单位,复核,不予受理,紧急,提示\n"
FIRE = {"name": "火情", "words": ["着火"], "is_urgent": True, "advice": "请立即拨打 119。"}
ADDRESSES = ["/rules", "/rules.csv", "/thresholds", "/api/v1/rules", "/api/v1/thresholds"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_nobody_else_sees_them(
    citizen: Visitor, program: Visitor, clerk: Visitor, path: str
) -> None:
    visitor = program if path.startswith("/api") else citizen
    assert visitor.get(path).status_code in (303, 401)
    assert clerk.get(path).status_code == 200
    clerk.app.dependency_overrides[logged_in] = lambda: Account("乙", Role.MEMBER)
    assert clerk.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/api/v1/rules", "/api/v1/thresholds"])
def test_nobody_else_changes_them(program: Visitor, path: str) -> None:
    assert program.send("PUT", path, json={"rules": []}).status_code == 401
    assert program.post(path.removeprefix("/api/v1"), data={}).status_code in (401, 403)


def test_the_page_shows_the_rules_and_takes_others(clerk: Visitor, context: Context) -> None:
    page = clerk.get("/rules").text
    assert "燃气泄漏" in page
    assert "现行的是随附的规则" in page
    answer = clerk.fill("/rules", rules=HEAD + "黑灯,路灯,,,,,,,,是,请绕行\r\n")
    assert answer.status_code == 303
    page = clerk.get(answer.headers["location"]).text
    assert "已保存" in page
    assert "请绕行" in page
    assert "燃气泄漏" not in page
    assert [rule.name for rule in list_rules(context)] == ["黑灯"]


def test_a_wrong_row_is_told_and_what_was_typed_stays(clerk: Visitor, context: Context) -> None:
    before = list_rules(context)
    typed = HEAD + "<b>甲</b>,路灯,,,,,无此局,,,,\n"
    answer = clerk.fill("/rules", rules=typed)
    assert answer.status_code == 422
    assert "第 2 行：承办单位“无此局”不在名录中" in answer.text
    assert "&lt;b&gt;甲&lt;/b&gt;,路灯" in answer.text
    assert "<b>甲</b>" not in answer.text
    assert list_rules(context) == before


def test_a_form_without_a_token_is_refused(clerk: Visitor) -> None:
    assert clerk.post("/rules", data={"rules": HEAD}).status_code == 403
    assert clerk.post("/thresholds", data={"department": "98"}).status_code == 403


def test_the_file_is_what_the_form_takes(clerk: Visitor) -> None:
    file = clerk.get("/rules.csv")
    assert file.headers["content-disposition"].startswith("attachment")
    assert clerk.fill("/rules", rules=file.text.lstrip("\ufeff")).status_code == 303


def test_the_api_gives_and_takes_rules(clerk: Visitor) -> None:
    shipped = clerk.get("/api/v1/rules").json()
    assert shipped["changed_at"] is None
    given = {"rules": shipped["rules"]}
    assert clerk.send("PUT", "/api/v1/rules", json=given).json()["rules"] == shipped["rules"]
    answer = clerk.send("PUT", "/api/v1/rules", json={"rules": [FIRE]}).json()
    assert answer["changed_by"] == "admin"
    assert answer["rules"][0]["sender"] == "anyone"
    assert clerk.get("/api/v1/rules").json() == answer


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"rules": [{}]},
        {"rules": [{**FIRE, "lowers_urgency": True}]},
        {"rules": [{**FIRE, "is_urgent": "yes"}]},
        {"rules": [{**FIRE, "channels": ["fax"]}]},
        {"rules": [{**FIRE, "department": "无此局"}]},
        {"rules": [{**FIRE, "words": [""]}]},
        {"rules": [{**FIRE, "name": "\x00"}]},
        {"rules": [FIRE, FIRE]},
        {"rules": [FIRE] * 501},
    ],
)
def test_what_is_no_rule_is_refused(clerk: Visitor, context: Context, body: Any) -> None:
    before = list_rules(context)
    answer = clerk.send("PUT", "/api/v1/rules", json=body)
    assert answer.json()["code"] in ("invalid_input", "rules")
    the_problem(answer, 422, answer.json()["code"])
    assert list_rules(context) == before


def test_who_hands_a_message_in_is_told_what_to_do_now(
    clerk: Visitor, citizen: Visitor, program: Visitor
) -> None:
    clerk.send("PUT", "/api/v1/rules", json={"rules": [FIRE]})
    answer = citizen.fill("/submit", consent=CONSENT, text="楼道里着火了", title="救命")
    assert "请立即拨打 119。" in answer.text
    triage = program.post("/api/v1/messages", json={"text": "地下室着火了"}).json()["triage"]
    assert triage["advice"] == ["请立即拨打 119。"]
    assert triage["rules"] == ["规则“火情”（文中有“着火”）：按紧急办理；请立即拨打 119。"]
    assert triage["urgent"]
    assert "规则判为紧急，模型判为不紧急，已按紧急办理" in triage["review"]
    quiet = program.post("/api/v1/messages", json={"text": "路灯坏了"}).json()["triage"]
    assert (quiet["advice"], quiet["rules"], quiet["urgent"]) == ([], [], False)


def test_the_case_file_shows_rules_beside_the_model(clerk: Visitor, program: Visitor) -> None:
    clerk.send("PUT", "/api/v1/rules", json={"rules": [{**FIRE, "refusal": "<i>理由</i>"}]})
    matter = program.post("/api/v1/messages", json={"text": "路灯着火了"}).json()["matter"]
    page = clerk.get(f"/matters/{matter['id']}").text
    assert "规则意见" in page
    assert "按紧急办理" in page
    assert "&lt;i&gt;理由&lt;/i&gt;" in page
    assert "<i>理由" not in page
    assert "适用规则" in page


def test_a_draft_is_tried_on_the_page_and_not_saved(clerk: Visitor, context: Context) -> None:
    clerk.post("/api/v1/messages", json={"text": "<i>路灯</i>着火了"})
    before = list_rules(context)
    typed = HEAD + "黑灯,路灯,,,,,,,,是,请绕行\r\n"
    answer = clerk.fill("/rules", "/rules/try", rules=typed)
    assert answer.status_code == 200
    assert "试运行结果" in answer.text
    assert "规则“黑灯”：适用 1 件" in answer.text
    assert "黑灯,路灯" in answer.text
    assert list_rules(context) == before
    wrong = clerk.fill("/rules", "/rules/try", rules=HEAD + "甲,路灯,,,,,无此局,,,,\n")
    assert wrong.status_code == 422
    assert clerk.post("/rules/try", data={"rules": typed}).status_code == 403


def test_a_draft_is_tried_by_the_api(clerk: Visitor, context: Context) -> None:
    clerk.post("/api/v1/messages", json={"text": "楼道里着火了"})
    before = list_rules(context)
    draft = {"rules": [{**FIRE, "name": "火", "is_urgent": False, "needs_review": True}]}
    answer = clerk.send("POST", "/api/v1/rules:try", json=draft).json()
    assert answer["message_count"] == 1
    assert answer["rules"] == [{"name": "火", "reached": 1, "deciding": 0}]
    told = {(change["what"], change["before"], change["after"]) for change in answer["changes"]}
    assert told == {("紧急", "是", "否"), ("复核", "否", "是")}
    later = clerk.send("POST", "/api/v1/rules:try", json={**draft, "since": "2199-01-01"}).json()
    assert later["message_count"] == 0
    assert list_rules(context) == before
    for wrong in ({"rules": [{**FIRE, "studio": "无"}]}, {"rules": [], "since": "昨天"}, {}):
        assert clerk.send("POST", "/api/v1/rules:try", json=wrong).status_code == 422


def test_nobody_else_tries_a_draft(program: Visitor) -> None:
    assert program.send("POST", "/api/v1/rules:try", json={"rules": []}).status_code == 401


def test_what_never_decides_is_warned_of(clerk: Visitor) -> None:
    twice = [{**FIRE, "studio": ""}, {**FIRE, "name": "后", "department": "住建局"}]
    twice[0]["department"] = "城管局"
    answer = clerk.send("PUT", "/api/v1/rules", json={"rules": twice})
    assert answer.json()["warnings"] == ["规则“后”的承办单位用不上：排在前面的“火情”总是先适用"]
    assert "用不上" in clerk.get("/rules").text
