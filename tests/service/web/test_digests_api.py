"""``/api/v1/digests``."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from tests.service.web.visitor import Visitor


@pytest.mark.parametrize("scope", ["", "?studio=T1", "?topic=04", "?committee=FP&form=docx"])
def test_a_digest_is_given_out_the_same_each_time(clerk: Visitor, scope: str) -> None:
    one = clerk.get(f"/api/v1/digests/2026-W09{scope}")
    assert one.status_code == 200
    assert one.content == clerk.get(f"/api/v1/digests/2026-W09{scope}").content
    if "form" not in scope:
        assert json.loads(one.content)["period"]["code"] == "2026-W09"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2026-W60", 422),
        ("%00", 422),
        ("2027-W01", 422),
        ("all", 422),
        ("2026-W09?form=exe", 422),
        ("2026-W09?studio=T9", 404),
        ("2026-W09?topic=04&studio=T1", 422),
        ("2026-W09?department=" + "长" * 101, 422),
    ],
)
def test_what_cannot_be_summed_up_is_a_problem(clerk: Visitor, path: str, status: int) -> None:
    answer = clerk.get(f"/api/v1/digests/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_kept_digest_is_listed_and_given_out_in_each_form(clerk: Visitor) -> None:
    made = clerk.post("/api/v1/digests?period=2026-W09&topic=04")
    assert made.status_code == 201
    (listed,) = clerk.get("/api/v1/digests").json()
    assert listed["id"] == made.json()["id"]
    assert (listed["period"], listed["scope_kind"], listed["made_by"]) == (
        "2026-W09", "topic", "admin"
    )  # fmt: skip
    for form in ("docx", "html", "xlsx", "json"):
        path = f"/api/v1/digests/{listed['id']}/{form}"
        one = clerk.get(path)
        assert one.status_code == 200
        assert one.content == clerk.get(path).content
        assert f".{form}" in one.headers["content-disposition"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("9/json", 404), ("-1/json", 404), (f"{10**30}/json", 404), ("x/json", 422), ("1/exe", 422)],
)
def test_a_kept_digest_that_is_not_there_is_a_problem(
    clerk: Visitor, path: str, status: int
) -> None:
    answer = clerk.get(f"/api/v1/digests/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["", "?period=2027-W01", "?period=%00"])
def test_nothing_is_kept_of_a_period_that_cannot_be_summed_up(clerk: Visitor, query: str) -> None:
    assert clerk.post(f"/api/v1/digests{query}").status_code == 422
    assert clerk.get("/api/v1/digests").json() == []


HEAD = {"red_head": "富平县政协办公室文件", "document_number": "富政协〔2026〕9号"}


def test_a_digest_bears_the_head_that_is_asked_for(clerk: Visitor) -> None:
    page = clerk.get("/api/v1/digests/2026-W09", params={**HEAD, "form": "html"}).text
    assert '<p class="mark">富平县政协办公室文件</p>' in page
    assert '<p class="number">富政协〔2026〕9号</p>' in page
    assert 'class="mark">' not in clerk.get("/api/v1/digests/2026-W09?form=html").text


def test_a_kept_digest_bears_its_head(clerk: Visitor) -> None:
    made = clerk.post("/api/v1/digests", params={**HEAD, "period": "2026-W09"}).json()["id"]
    kept = clerk.get(f"/api/v1/digests/{made}/json").json()
    assert kept["head"] == {"authority": HEAD["red_head"], "number": HEAD["document_number"]}


@pytest.mark.parametrize(
    "head",
    [
        {"red_head": "长" * 25},
        {"red_head": "长" * 101},
        {"document_number": "富政协〔2026〕9号"},
        {"red_head": "富平县政协", "document_number": "=cmd"},
        {"red_head": "富平县政协", "document_number": "富政协（2026）9号"},
    ],
)
def test_a_head_that_no_document_could_bear_is_a_problem(
    clerk: Visitor, head: dict[str, str]
) -> None:
    answer = clerk.get("/api/v1/digests/2026-W09", params=head)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_schema_is_given_out_and_kept(clerk: Visitor) -> None:
    schema = clerk.get("/api/v1/digest.schema.json").json()
    Draft202012Validator(schema).validate(clerk.get("/api/v1/digests/2026-W09").json())
