"""The page 历期民情: what is kept, what is made by itself."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from service.domain.access import Role
from service.storage import tables
from service.usecases.context import Context
from tests.service.usecases.books import rows
from tests.service.web.access_world import log_in_as
from tests.service.web.visitor import Visitor


def test_a_digest_is_kept_and_unread_until_it_is_opened(clerk: Visitor) -> None:
    assert "还没有留存的汇总" in clerk.get("/digests").text
    assert clerk.fill("/digests", period="2026-W09", scope="studio:T1").status_code == 303
    page = clerk.get("/digests").text
    assert "民情周报（2026年第9周）" in page
    assert "未读" in page
    document = clerk.get("/digests/1.docx")
    assert document.content == clerk.get("/api/v1/digests/1/docx").content
    assert "未读" not in clerk.get("/digests").text
    assert clerk.get("/digests/2.docx").status_code == 404


@pytest.mark.parametrize("period", ["", "2099-W01", "<script>"])
def test_what_cannot_be_made_is_told(clerk: Visitor, context: Context, period: str) -> None:
    answer = clerk.fill("/digests", period=period)
    assert answer.status_code == 422
    assert "<script>" not in answer.text.replace("<script src", "")
    assert rows(context, tables.kept_digest) == []


def test_a_schedule_is_added_and_removed(clerk: Visitor) -> None:
    plain = {"kind": "month", "on_day": "2", "at": "08:05", "recipients": "a@b.cn，c@d.cn"}
    assert clerk.fill("/digests", "/digests/schedules", **plain).status_code == 303
    assert "民情月报，结束后第 2 天 08:05，全县，寄 a@b.cn、c@d.cn" in clerk.get("/digests").text
    assert clerk.fill("/digests", "/digests/schedules", remove="1").status_code == 303
    assert "a@b.cn" not in clerk.get("/digests").text
    for changes in ({"kind": "all"}, {"at": "24:00"}, {"on_day": "x"}, {"recipients": "<b>"}):
        answer = clerk.fill("/digests", "/digests/schedules", **plain | changes)
        assert answer.status_code == 422
    assert clerk.fill("/digests", "/digests/schedules", remove="x").status_code == 404


def test_who_lays_nothing_down_sees_no_schedules(app: FastAPI) -> None:
    convener = log_in_as(app, Role.CONVENER)
    page = convener.get("/digests", headers={"accept": "text/html"}).text
    assert "历期民情" in page
    assert "定时汇总" not in page
    assert "投递" not in page
