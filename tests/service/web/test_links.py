"""Lists are read page by page: each row once, none left out, wherever a page ends."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from service.domain.access import Role
from service.domain.organisation_change import ChangeAction, RowChange
from service.storage.casework import receptions
from service.storage.digests import kept_digests
from service.storage.organisation.organisation_changes import insert_changes
from service.usecases.context import Context
from service.usecases.digests import kept_digests as digest_cases
from service.usecases.intake import receptions as reception_cases
from service.web.api import digests as digests_api
from service.web.api import receptions as receptions_api
from tests.makers import NOW
from tests.service.web.access_world import log_in_as
from tests.service.web.visitor import Visitor


def walk(visitor: Visitor, address: str, name: str) -> list[int]:
    """The ids of all pages, one after the other."""
    found: list[int] = []
    for _ in range(30):
        answer = visitor.get(address)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        found += [row["id"] for row in (body[name] if name else body)]
        links = re.findall('<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        if not links:
            return found
        (address,) = links
    raise AssertionError("the pages do not end")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three rows, so that few rows make several."""
    for module in (reception_cases, receptions_api, digest_cases, digests_api):
        monkeypatch.setattr(module, "SHOWN", 3)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("count", [0, 1, 3, 7])
def test_receptions_of_one_day_and_of_many_come_once_each(
    app: FastAPI, context: Context, count: int
) -> None:
    with context.database.transaction() as connection:
        for number in range(count):
            receptions.insert_reception(
                connection,
                studio="T1" if number % 2 else "T2",
                held_on=date(2026, 3, 1) + timedelta(days=number // 4),
                place="",
                members=[],
                opened_by="甲",
                opened_at=NOW,
            )
    visitor = log_in_as(app, Role.ADMINISTRATOR)
    assert sorted(walk(visitor, "/api/v1/receptions", "receptions")) == list(range(1, count + 1))
    one = walk(visitor, "/api/v1/receptions?studio=T1", "receptions")
    assert sorted(one) == list(range(2, count + 1, 2))
    assert visitor.get("/api/v1/receptions?before=999999").json() == {"receptions": []}
    assert visitor.get("/api/v1/receptions?before=x").status_code == 422


@pytest.mark.usefixtures("few")
def test_kept_digests_come_once_each(app: FastAPI, context: Context) -> None:
    visitor = log_in_as(app, Role.ADMINISTRATOR)
    made = [visitor.post("/api/v1/digests?period=2026-W09").json()["id"] for _ in range(4)]
    assert walk(visitor, "/api/v1/digests", "") == made[::-1]
    with context.database.reading() as connection:
        assert len(kept_digests.read_kept_digests(connection, 9, None)) == 4


def test_changes_of_the_organisation_come_once_each(app: FastAPI, context: Context) -> None:
    rows = [RowChange("工作室", f"S{n}", "室", ChangeAction.CHANGED) for n in range(5)]
    with context.database.transaction() as connection:
        insert_changes(connection, rows, 0, NOW, "甲")
    visitor = log_in_as(app, Role.ADMINISTRATOR)
    for limit in (1, 2, 5, 200):
        address = f"/api/v1/organisation/changes?limit={limit}&sheet=工作室"
        assert walk(visitor, address, "changes") == [5, 4, 3, 2, 1]
