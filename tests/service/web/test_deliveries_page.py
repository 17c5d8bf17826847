"""The page 推送和投递: addresses with secrets shown once, deliveries and dead ones, again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI

from service.domain.access import Role
from service.domain.delivery import DeliveryChannel, EventType
from service.storage import tables
from service.storage.delivery.deliveries import insert_mails
from service.usecases.context import Context
from service.usecases.delivery.delivering import deliver_due
from service.usecases.delivery.webhooks import add_webhook, remove_webhook
from tests.service.usecases.books import rows
from tests.service.web.access_world import log_in_as
from tests.service.web.visitor import Visitor

URL = "https://192.0.2.7/hooks"  # an address of documentation: nothing is sent to it


def change(clerk: Visitor, **fields: Any) -> Any:
    return clerk.fill("/deliveries", "/webhooks", **fields)


def secret_in(page: str) -> str:
    (found,) = re.findall(r"whsec_[0-9A-Za-z+/=]+", page)
    return str(found)


def test_an_address_is_added_and_its_secret_shown_once(clerk: Visitor, open_house: Context) -> None:
    added = change(clerk, url=URL, events=["matter.opened", "digest.made"])
    assert added.status_code == 200, added.text
    first = secret_in(added.text)
    page = clerk.get("/deliveries").text
    assert URL in page
    assert "whsec_" not in page
    (hook,) = rows(open_house, tables.webhook)
    assert sorted(hook["events"]) == ["digest.made", "matter.opened"]
    second = secret_in(change(clerk, rotate=str(hook["id"])).text)
    assert first != second
    assert change(clerk, remove=str(hook["id"])).status_code == 303
    assert URL not in clerk.get("/deliveries").text


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("url", "events", "told"),
    [
        ("http://169.254.169.254/latest", ["digest.made"], "不能向这个地址推送"),
        ("file:///etc/passwd", ["digest.made"], "http"),
        ("http://no-such-host.invalid/", ["digest.made"], "不可用|找不到|无法"),
        ("https://a.example/" + "x" * 600, ["digest.made"], "不超过 500"),
        (URL, [], "至少选择一种"),
        (URL, ["message.acknowledged"], "回执只寄给来信人"),
        (URL, ["<b>"], "请选择要推送的事"),
        ("<script>alert(1)</script>", ["digest.made"], "http"),
    ],
)
def test_an_address_that_cannot_be_is_told_beside_the_form(
    clerk: Visitor, context: Context, url: str, events: list[str], told: str
) -> None:
    answer = change(clerk, url=url, events=events)
    assert answer.status_code == 422
    alert = re.search(r'role="alert">([^<]*)<', answer.text)
    assert alert is not None
    assert re.search(told, alert[1]), alert[1]
    assert "<script>alert" not in answer.text
    assert rows(context, tables.webhook) == []


def test_dead_letters_are_seen_by_themselves_and_delivered_again(
    clerk: Visitor, open_house: Context
) -> None:
    told = {"digest_id": 1, "title": "周报", "text": "", "forms": ["docx"]}
    hook = add_webhook(open_house, URL, [EventType.DIGEST_MADE], "甲")
    with open_house.database.transaction() as connection:
        insert_mails(connection, ["a@b.cn"], told, open_house.now())
    deliver_due(open_house, DeliveryChannel.MAIL)
    page = clerk.get("/deliveries").text
    assert all(each in page for each in ("没有设置邮件服务器", "已试 1 次", "a@b.cn"))
    assert "a@b.cn" not in clerk.get("/deliveries?state=dead").text
    assert "没有这样的投递" in clerk.get("/deliveries?state=dead").text
    again = clerk.fill("/deliveries", again="1", state="waiting")
    assert again.headers["location"] == "/deliveries?state=waiting#deliveries"
    assert "已试 0 次" in clerk.get("/deliveries").text
    for wrong in ("0", "x", "9" * 30):
        assert clerk.fill("/deliveries", again=wrong).status_code == 404
    remove_webhook(open_house, hook.webhook_id)
    assert change(clerk, rotate=str(hook.webhook_id)).status_code == 404


def test_who_may_not_sees_neither_page_nor_way_to_it(app: FastAPI) -> None:
    convener = log_in_as(app, Role.CONVENER)
    assert convener.get("/deliveries").status_code == 403
    assert "/deliveries" not in convener.get("/digests", headers={"accept": "text/html"}).text
