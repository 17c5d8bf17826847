"""``/api/v1/webhooks``, ``/api/v1/deliveries`` and ``/api/v1/digest-schedules``."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from service.storage import tables
from service.usecases.context import Context
from service.web.background import Background
from tests.service.delivery.receivers import receiving, say_yes
from tests.service.usecases.books import rows
from tests.service.web.problem_shape import the_problem
from tests.service.web.visitor import Visitor


def test_a_running_desk_tells_a_webhook_of_a_digest(clerk: Visitor, open_house: Context) -> None:
    with receiving() as receiver:
        wanted = {"url": receiver.url(), "events": ["digest.made"]}
        made = clerk.post("/api/v1/webhooks", json=wanted)
        assert made.status_code == 201
        assert made.json()["secret"].startswith("whsec_")
        (listed,) = clerk.get("/api/v1/webhooks").json()
        assert (listed["url"], listed["made_by"]) == (receiver.url(), "admin")
        assert "secret" not in listed
        clerk.post("/api/v1/digests?period=2026-W09")
        desk = Background(open_house, deliver_seconds=0.05, digest_seconds=0.05)
        desk.start()
        while not clerk.get("/api/v1/deliveries?state=delivered").json():
            time.sleep(0.02)
        desk.stop()
    (one,) = clerk.get("/api/v1/deliveries?state=delivered").json()
    assert (one["event_type"], one["try_count"]) == ("digest.made", 1)
    assert clerk.post(f"/api/v1/deliveries/{one['id']}:retry").status_code == 202
    assert [each["state"] for each in clerk.get("/api/v1/deliveries").json()] == ["waiting"]
    address = f"/api/v1/webhooks/{listed['id']}"
    assert clerk.post(f"{address}:rotate").json()["secret"] != made.json()["secret"]
    assert clerk.send("DELETE", address).status_code == 204
    assert clerk.get("/api/v1/webhooks").json() == []


def test_a_desk_that_stops_finishes_what_it_began_and_begins_nothing_else(
    clerk: Visitor, open_house: Context
) -> None:
    reached = threading.Event()

    def take_long(sock: socket.socket) -> None:
        reached.set()
        time.sleep(0.5)
        say_yes(sock)

    with receiving(take_long) as receiver:
        wanted = {"url": receiver.url(), "events": ["digest.made"]}
        clerk.post("/api/v1/webhooks", json=wanted)
        for _ in range(2):
            clerk.post("/api/v1/digests?period=2026-W09")
        desk = Background(open_house, deliver_seconds=0.05, digest_seconds=0.05)
        desk.start()
        assert reached.wait(10)
        desk.stop()
        assert len(receiver.requests) == 1
    states = [each["state"] for each in clerk.get("/api/v1/deliveries").json()]
    assert states == ["waiting", "delivered"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "http://127.0.0.1/", "events": ["digest.made"]}, "address_refused"),
        ({"url": "http://[::ffff:169.254.169.254]/", "events": ["digest.made"]}, "address_refused"),
        ({"url": "file:///etc/passwd", "events": ["digest.made"]}, "address_refused"),
        ({"url": "http://1.2.4.8/", "events": []}, "invalid_input"),
        ({"url": "http://1.2.4.8/", "events": ["matter.read"]}, "invalid_input"),
        ({"url": "http://1.2.4.8/" + "a" * 500, "events": ["digest.made"]}, "invalid_input"),
        ({}, "invalid_input"),
    ],
)
def test_a_webhook_that_may_not_be_is_a_problem(
    clerk: Visitor, context: Context, body: dict[str, Any], code: str
) -> None:
    the_problem(clerk.post("/api/v1/webhooks", json=body), 422, code)
    assert rows(context, tables.webhook) == []


def test_schedules_are_added_listed_and_removed(clerk: Visitor) -> None:
    body = {"period": "month", "on_day": 3, "at": "08:05", "recipients": ["a@example.cn"]}
    made = clerk.post("/api/v1/digest-schedules?studio=T1", json=body)
    assert made.status_code == 201
    (listed,) = clerk.get("/api/v1/digest-schedules").json()
    assert listed["id"] == made.json()["id"]
    assert (listed["period"], listed["on_day"], listed["at"]) == ("month", 3, "08:05")
    assert (listed["scope_kind"], listed["scope_key"], listed["forms"]) == (
        "studio", "T1", ["docx"],
    )  # fmt: skip
    address = f"/api/v1/digest-schedules/{listed['id']}"
    assert clerk.send("DELETE", address).status_code == 204
    the_problem(clerk.send("DELETE", address), 404, "not_found")
    assert clerk.get("/api/v1/digest-schedules").json() == []


@pytest.mark.parametrize(
    "body",
    [
        {"period": "all"},
        {"period": "hour"},
        {"on_day": 8},
        {"on_day": 0},
        {"at": "25:00"},
        {"recipients": ["a@example.cn\nBcc: b@example.cn"]},
        {"forms": ["exe"]},
        {"colour": "red"},
    ],
)
def test_a_schedule_that_cannot_be_is_a_problem(
    clerk: Visitor, context: Context, body: dict[str, Any]
) -> None:
    the_problem(clerk.post("/api/v1/digest-schedules", json=body), 422, "invalid_input")
    assert rows(context, tables.digest_schedule) == []


@pytest.mark.parametrize("number", [1, 0, -1, 10**30])
def test_what_is_not_there_is_a_problem(clerk: Visitor, number: int) -> None:
    for method, path in (
        ("POST", f"/api/v1/deliveries/{number}:retry"),
        ("POST", f"/api/v1/webhooks/{number}:rotate"),
        ("DELETE", f"/api/v1/webhooks/{number}"),
    ):
        answer = clerk.send(method, path)
        assert answer.status_code == (404 if number == 1 else 422)
