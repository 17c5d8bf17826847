"""The page and the API of the precision wanted of what joins by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from classifier.matching.pair_model import JoinPoint
from service.usecases.administration.joining import show_joining
from service.usecases.context import Context
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor
from tests.tiny_model import tiny_pair_model

ADDRESS = "/api/v1/thresholds/joining"
CURVE = (JoinPoint(0.6, 0.94, 0.8), JoinPoint(0.8, 0.97, 0.625))


@pytest.fixture
def context(context: Context) -> Context:
    model = replace(tiny_pair_model(), curve=CURVE)
    return replace(context, triage=replace(context.triage, pair_model=model))


def test_the_page_offers_what_the_model_reaches_and_takes_it(clerk: Visitor) -> None:
    page = clerk.get("/thresholds").text
    assert "97%，自动并入 62.5%" in page
    assert "98%，自动并入" not in page
    answer = clerk.fill("/thresholds", "/thresholds/joining", precision="97")
    assert answer.status_code == 303
    page = clerk.get(answer.headers["location"]).text
    assert '<option value="97" selected>' in page
    assert "从概率 0.80 起" in page
    clerk.fill("/thresholds", "/thresholds/joining", precision="")
    assert "并案：97% → 按设置" in clerk.get("/thresholds").text


@pytest.mark.parametrize("typed", ["abc", "0", "100", "99", "nan", "９９"])
def test_what_is_none_or_out_of_reach_is_told(clerk: Visitor, context: Context, typed: str) -> None:
    answer = clerk.fill("/thresholds", "/thresholds/joining", precision=typed)
    assert answer.status_code == 422
    assert "准确率" in answer.text
    assert show_joining(context, ()).precision is None


def test_the_api_gives_and_takes_it(clerk: Visitor) -> None:
    told = clerk.get(ADDRESS).json()
    assert (told["precision"], told["is_told"]) == (None, True)
    assert [cost["probability"] for cost in told["costs"]] == [0.6, 0.8, 0.8, None]
    answer = clerk.send("PUT", ADDRESS, json={"precision": 0.97}).json()
    assert (answer["precision"], answer["probability"]) == (0.97, 0.8)
    assert clerk.send("PUT", ADDRESS, json={"precision": None}).json()["precision"] is None


@pytest.mark.parametrize(
    "body", [{}, {"precision": "0.97"}, {"precision": 97}, {"precision": True}, {"p": 0.9}, []]
)
def test_what_is_no_precision_is_refused(clerk: Visitor, body: Any) -> None:
    the_problem(clerk.send("PUT", ADDRESS, json=body), 422, "invalid_input")
