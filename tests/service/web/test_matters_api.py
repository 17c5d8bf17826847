"""``GET /api/v1/matters``, a case file, the counts, the probes, the document."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move
from service.usecases.casework.casework import move_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters import matter_file
from tests.makers import NOW, Clock, a_message
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor

TEXTS = [
    "庄里镇三合村东巷的路灯全黑了，请修。",
    "县医院挂号要排两个小时的队，老人受不了。",
    "中学门口的小摊卖过期零食给学生，请查处。",
    "出租屋的房东不退押金，我该找谁？",
    "村里修路占了我家的地，补偿款一直没有给。",
]


@pytest.fixture
def numbers(context: Context) -> list[str]:
    """The numbers of five matters."""
    messages = [a_message(text, title=text[:8]) for text in TEXTS]
    return [received.matter_number for received in receive_messages(context, messages)]


def test_the_queue_comes_in_pages_that_lead_on(clerk: Visitor, numbers: list[str]) -> None:
    seen: list[str] = []
    path = "/api/v1/matters?limit=2"
    while path:
        response = clerk.get(path)
        page = response.json()
        assert page["total"] == 5
        seen += [matter["number"] for matter in page["matters"]]
        path = linked(response, "next")
        assert bool(path) == bool(page["next_cursor"])
        last = response
    assert sorted(seen) == sorted(numbers)
    back: list[str] = []
    while path := linked(last, "prev"):
        last = clerk.get(path)
        back = [matter["number"] for matter in last.json()["matters"]] + back
    assert back == seen[: len(back)]
    assert len(back) == 4
    assert linked(last, "next")


def linked(response: httpx.Response, rel: str) -> str:
    """The address of a page before or behind, "" where there is none."""
    links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers.get("link", "")))
    return {name: address for address, name in links.items()}.get(rel, "")


def test_the_link_keeps_the_filter(clerk: Visitor, numbers: list[str]) -> None:
    link = clerk.get("/api/v1/matters?limit=1&urgent=0&words=%E5%87%BA").headers.get("link", "")
    page = clerk.get("/api/v1/matters?limit=1&overdue=0")
    assert "overdue=0" in page.headers["link"]
    assert not link


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=x",
        "cursor=bnVsbA",
        "cursor=W10",
        "cursor=" + "a" * 300,
        "status=lost",
        "topic=x",
        "urgent=maybe",
        "words=%00",
        "order=best",
        "opened_from=2026-03-05&opened_to=2026-03-04",
        "opened_from=2026-02-30",
        "words=" + "x" * 101,
        "studio=%00",
    ],
)
def test_a_wrong_query_is_a_problem(clerk: Visitor, query: str) -> None:
    the_problem(clerk.get(f"/api/v1/matters?{query}"), 422, "invalid_input")


@pytest.mark.parametrize("words", ["%25", "_", "'", "%FF", "%F0%9F%98%80", "%22%3E"])
def test_odd_words_find_nothing_and_break_nothing(
    clerk: Visitor, numbers: list[str], words: str
) -> None:
    assert clerk.get(f"/api/v1/matters?words={words}").json()["total"] == 0


def test_a_matter_past_its_deadline_is_overdue(clerk: Visitor, context: Context) -> None:
    receive_messages(context, [a_message(sent_at=NOW - timedelta(days=60)), a_message("桥断了。")])
    late = clerk.get("/api/v1/matters?overdue=1").json()
    assert late["total"] == 1
    assert late["matters"][0]["is_overdue"] is True
    assert clerk.get("/api/v1/matters?overdue=0").json()["matters"][0]["is_overdue"] is False


def test_what_is_supervised_is_told_and_found(clerk: Visitor, context: Context) -> None:
    (received,) = receive_messages(context, [a_message()])
    move_matter(context, received.matter_id, Order(Move.URGE, note="快办"), "丙")
    (found,) = clerk.get("/api/v1/matters?supervised=1&extension=0").json()["matters"]
    assert (found["is_supervised"], found["asks_extension"]) == (True, False)
    assert clerk.get("/api/v1/matters?supervised=0").json()["total"] == 0
    page = clerk.get("/?supervised=1", headers={"accept": "text/html"}).text
    assert '<span class="badge red-line">督办</span>' in page
    kept = {"filter": {"supervised": True}}
    assert clerk.send("PUT", "/api/v1/views/督办", json=kept).status_code == 200


def test_a_case_file_shows_masked_texts(clerk: Visitor, context: Context) -> None:
    message = a_message("我叫陈大山，电话19900001111，路灯坏了，请修。")
    (received,) = receive_messages(context, [message])
    response = clerk.get(f"/api/v1/matters/{received.matter_id}")
    file = response.json()
    assert file["matter"]["number"] == received.matter_number
    assert file["demands"][0]["receipt"] == received.receipt
    assert file["assignment"]["because"]
    assert "19900001111" not in response.text
    assert "大山" not in response.text


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("999", 404, "not_found"),
        ("0", 422, "invalid_input"),
        ("-1", 422, "invalid_input"),
        ("9" * 30, 422, "invalid_input"),
        ("x", 422, "invalid_input"),
        ("%00", 422, "invalid_input"),
        ("1;DROP", 422, "invalid_input"),
    ],
)
def test_a_matter_that_is_not_there(clerk: Visitor, key: str, status: int, code: str) -> None:
    the_problem(clerk.get(f"/api/v1/matters/{key}"), status, code)


def test_the_counts(clerk: Visitor, numbers: list[str]) -> None:
    counts = clerk.get("/api/v1/status").json()
    assert counts["messages"] == counts["matters"] == 5


def test_ready_means_schema_disk_and_model(program: Visitor) -> None:
    answer = program.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "schema": "ok",
        "disk": "ok",
        "model": "ok",
        "clock": "ok",
        "mailbox": "ok",
        "reasons": [],
    }


def test_not_ready_with_a_model_that_cannot_match(program: Visitor, context: Context) -> None:
    object.__setattr__(context, "triage", replace(context.triage, pair_model=None))
    answer = program.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["模型文件不含可用的并案模型，留言不会自动并案"]


def test_a_long_case_file_leads_on(
    clerk: Visitor, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matter_file, "DEMANDS_SHOWN", 2)
    messages = [a_message(sender=SenderDetails(f"某{n}")) for n in range(5)]
    matter_id = receive_messages(context, messages)[0].matter_id
    seen: list[int] = []
    path = f"/api/v1/matters/{matter_id}"
    while path:
        response = clerk.get(path)
        page = response.json()
        seen += [demand["message_id"] for demand in page["demands"]]
        link = re.fullmatch(r'<(.+)>; rel="next"', response.headers.get("link", ""))
        assert bool(link) == bool(page["next_after"])
        path = link[1] if link else ""
    assert sorted(set(seen)) == sorted(seen)
    assert len(seen) == 5


def test_not_ready_without_space_or_database(
    program: Visitor, context: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usage = type("Usage", (), {"free": 1})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    monkeypatch.setattr(type(context.database), "is_current", lambda database: False)
    answer = program.get("/readyz")
    assert answer.status_code == 503
    assert (answer.json()["schema"], answer.json()["disk"]) == ("outdated", "full")


def test_not_ready_with_a_clock_that_was_set_back(
    program: Visitor, context: Context, clock: Clock, numbers: list[str]
) -> None:
    clock.forward(minutes=-4)
    assert program.get("/readyz").json()["clock"] == "ok"
    clock.forward(minutes=-56)
    answer = program.get("/readyz")
    assert (answer.status_code, answer.json()["clock"]) == (503, "behind")
    assert answer.json()["reasons"] == ["系统时钟早于最近一件留言的登记时间，请校准时钟"]


def test_the_document_tells_all_routes_in_our_error_shape(program: Visitor) -> None:
    document = program.get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/v1/messages",
        "/api/v1/messages:batch",
        "/api/v1/messages:already-open",
        "/api/v1/matters:already-open",
        "/api/v1/matters/{matter_id}/moves",
        "/api/v1/matters/{matter_id}/replies",
        "/api/v1/matters/{matter_id}/replies:check",
        "/api/v1/replies/{reply_id}:approve",
        "/api/v1/replies/{reply_id}:send",
        "/api/v1/reply-templates",
        "/api/v1/accounts",
        "/api/v1/accounts/{name}",
        "/api/v1/accounts/{name}:enable",
        "/api/v1/accounts/{name}:reset-password",
        "/api/v1/accounts/{name}:reset-totp",
        "/api/v1/tokens",
        "/api/v1/tokens/{token_id}",
        "/api/v1/calendar",
        "/api/v1/reminders",
        "/api/v1/retention",
        "/api/v1/reply-templates/{name}",
        "/api/v1/matters/{matter_id}/consultations",
        "/api/v1/matters/{matter_id}/steps",
        "/api/v1/search",
        "/api/v1/digest.schema.json",
        "/api/v1/digests",
        "/api/v1/digests/{id}/{form}",
        "/api/v1/digests/{period}",
        "/api/v1/digest-schedules",
        "/api/v1/digest-schedules/{schedule_id}",
        "/api/v1/webhooks",
        "/api/v1/webhooks/{webhook_id}",
        "/api/v1/webhooks/{webhook_id}:rotate",
        "/api/v1/deliveries",
        "/api/v1/deliveries/{delivery_id}:retry",
        "/api/v1/receptions",
        "/api/v1/receptions/{reception_id}/messages",
        "/api/v1/receptions/{reception_id}:close",
        "/api/v1/receipts:look-up",
        "/api/v1/receipts:attach",
        "/api/v1/messages:mail",
        "/api/v1/messages/{message_id}/attachments",
        "/api/v1/attachments/{attachment_id}",
        "/api/v1/receipts:rate",
        "/api/v1/receipts:supplement",
        "/api/v1/matters/{matter_id}/similar",
        "/api/v1/matters/{matter_id}:merge",
        "/api/v1/matters/{matter_id}:split",
        "/api/v1/matters/{matter_id}:take-out",
        "/api/v1/matters/{matter_id}:refuse",
        "/api/v1/matters/{matter_id}:relate",
        "/api/v1/matters/{matter_id}:claim",
        "/api/v1/matters/{matter_id}:renew",
        "/api/v1/matters/{matter_id}:release",
        "/api/v1/matters/{matter_id}:reassign",
        "/api/v1/matters/{matter_id}:correct",
        "/api/v1/matters:claim-next",
        "/api/v1/matters:bulk",
        "/api/v1/views",
        "/api/v1/views/{name}",
        "/api/v1/matters/{matter_id}:accept-route",
        "/api/v1/matters/{matter_id}:decline-route",
        "/api/v1/messages/{message_id}:erase",
        "/api/v1/erasures",
        "/api/v1/messages/{message_id}/parts",
        "/api/v1/messages/{message_id}/parts:decline",
        "/api/v1/messages/{message_id}/parts:undo",
        "/api/v1/matters",
        "/api/v1/matters/{matter_id}",
        "/api/v1/matters/{matter_id}/explanation",
        "/api/v1/organisation",
        "/api/v1/organisation.xlsx",
        "/api/v1/organisation/changes",
        "/api/v1/committees/{code}",
        "/api/v1/committees/{code}/sectors",
        "/api/v1/studios/{code}",
        "/api/v1/studios/{code}/shifts",
        "/api/v1/members/{code}",
        "/api/v1/members/{code}/absence",
        "/api/v1/departments/{code}",
        "/api/v1/rules",
        "/api/v1/rules:try",
        "/api/v1/duty-suggestions",
        "/api/v1/duty-suggestions/{code}:accept",
        "/api/v1/duty-suggestions/{code}:decline",
        "/api/v1/thresholds",
        "/api/v1/thresholds/joining",
        "/api/v1/status",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    text = str(document)
    assert "HTTPValidationError" not in text
    assert "ProblemOut" in document["components"]["schemas"]
    references = set(re.findall(r"'#/components/schemas/(\w+)'", text))
    assert references <= set(document["components"]["schemas"])
