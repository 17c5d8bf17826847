"""The page and the API of the precision wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI

from service.app import create_app
from service.domain.review_policy import ReviewPolicy
from service.triage.thresholds import read_coverage
from service.usecases.administration.thresholds import save_policy, show_thresholds
from service.usecases.context import Context
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

CURVE = [[0.95, 0.3, 0.99], [0.85, 0.625, 0.95], [0.1, 1.0, 0.9]]


@pytest.fixture
def context(context: Context) -> Context:
    coverage = read_coverage({"curves": {"department": CURVE}})
    return replace(context, triage=replace(context.triage, coverage=coverage))


def test_the_page_tells_share_and_error_and_takes_a_precision(clerk: Visitor) -> None:
    page = clerk.get("/thresholds").text
    assert "62.5%" in page
    assert "满 200 件后才计算" in page
    assert "尚未更改过" in page
    answer = clerk.fill("/thresholds", department="95", topic_l1="", kind="")
    assert answer.status_code == 303
    page = clerk.get(answer.headers["location"]).text
    assert "已保存" in page
    assert '<option value="95" selected>' in page


def test_one_precision_can_be_looked_at(clerk: Visitor, context: Context) -> None:
    page = clerk.get("/thresholds?precision=97.5").text
    assert page.count("97.5%") == 3
    assert show_thresholds(context, ()).policy.wanted == {}


@pytest.mark.parametrize("typed", ["abc", "0", "-5", "100", "1e400", "nan", "９９９"])
def test_what_is_no_precision_is_told(clerk: Visitor, context: Context, typed: str) -> None:
    looked = clerk.get("/thresholds", params={"precision": typed})
    saved = clerk.fill("/thresholds", department=typed)
    for answer in (looked, saved):
        assert answer.status_code == 422
        assert "准确率应" in answer.text
    assert show_thresholds(context, ()).policy.wanted == {}


def test_the_api_gives_and_takes_it(clerk: Visitor) -> None:
    told = clerk.get("/api/v1/thresholds?precision=0.95").json()
    assert told["is_told"]
    costs = {cost["question"]: cost for cost in told["costs"]}
    assert (costs["department"]["share"], costs["department"]["error"]) == (0.625, 0.05)
    assert costs["kind"]["share"] is None
    answer = clerk.send("PUT", "/api/v1/thresholds", json={"department": 0.98}).json()
    assert answer["policy"] == {"topic_l1": None, "department": 0.98, "kind": None}
    assert clerk.send("PUT", "/api/v1/thresholds", json={}).json()["policy"]["department"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"department": 98},
        {"department": "0.98"},
        {"department": True},
        {"topic": 0.98},
        {"topic_l1": 0.95},  # the model file tells no curve of it
        [],
    ],
)
def test_what_is_no_policy_is_refused(clerk: Visitor, body: Any) -> None:
    answer = clerk.send("PUT", "/api/v1/thresholds", json=body)
    the_problem(answer, 422, "invalid_input")


@pytest.mark.parametrize("query", ["precision=2", "precision=x", "precision=nan"])
def test_what_is_no_precision_is_refused(clerk: Visitor, query: str) -> None:
    assert clerk.get(f"/api/v1/thresholds?{query}").status_code == 422


def test_a_model_that_tells_nothing_says_so(context: Context, password: str) -> None:
    silent = replace(context, triage=replace(context.triage, coverage=read_coverage({})))
    app: FastAPI = create_app(silent)
    visitor = Visitor(app)
    visitor.fill("/login", name="admin", password=password)
    page = visitor.get("/thresholds").text
    assert "沿用模型随附的界限" in page
    assert "disabled" in page


def test_a_policy_that_the_model_cannot_keep_is_told_and_can_be_withdrawn(
    context: Context, password: str
) -> None:
    coverage = read_coverage({"curves": {"department": CURVE}})
    told = replace(context, triage=replace(context.triage, coverage=coverage))
    save_policy(told, ReviewPolicy(department=0.95), "admin")
    silent = replace(context, triage=replace(context.triage, coverage=read_coverage({})))
    visitor = Visitor(create_app(silent))
    visitor.fill("/login", name="admin", password=password)
    page = visitor.get("/thresholds").text
    assert "没有检验过：承办单位" in page
    assert "disabled" not in page


def test_a_key_twice_is_refused_and_changes_nothing(clerk: Visitor) -> None:
    twice = b'{"department": 0.98, "department": 0.5}'
    headers = {"content-type": "application/json"}
    answer = clerk.send("PUT", "/api/v1/thresholds", content=twice, headers=headers)
    assert "同一个键出现了两次" in the_problem(answer, 422, "invalid_input")["detail"]
    assert clerk.get("/api/v1/thresholds").json()["policy"]["department"] is None
