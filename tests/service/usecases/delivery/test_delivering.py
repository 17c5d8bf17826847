"""From an entry of a history to a receiver on this machine, with failures in between."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.domain.consultation import ConsultationKind
from service.domain.delivery import (
    WAITS,
    WEBHOOK_EVENTS,
    DeliveryChannel,
    DeliveryState,
    EventType,
)
from service.domain.order import Order
from service.domain.path import Move
from service.errors import AddressRefusedError, InvalidInputError, NotFoundError
from service.settings import Settings
from service.storage import tables
from service.storage.database import Database
from service.storage.sealing.sealer import Sealer
from service.triage.pipeline import Triage
from service.usecases.casework.answering import draft_reply, send_reply
from service.usecases.casework.casework import move_matter
from service.usecases.casework.consulting import Consultation, record_consultation
from service.usecases.context import Context
from service.usecases.delivery.delivering import deliver_again, deliver_due, list_deliveries
from service.usecases.delivery.webhooks import (
    BOTH_HOLD,
    NewSecret,
    add_webhook,
    list_webhooks,
    remove_webhook,
    rotate_secret,
)
from service.usecases.intake.receive import receive_messages
from tests.makers import Clock, a_message
from tests.service.delivery.receivers import (
    Receiver,
    answer_with,
    receiving,
    redirect_to,
)
from tests.service.usecases.books import rows

WEBHOOK = DeliveryChannel.WEBHOOK
SENDER, PHONE = "武松涛", "19900001234"


@pytest.fixture
def house(database_url: str, tmp_path: Path, triage: Triage, clock: Clock) -> Iterator[Context]:
    """All that use cases need, on both databases; receivers on this machine are allowed."""
    settings = Settings(home=tmp_path, webhook_allow="127.0.0.0/8")
    database = Database(database_url)
    database.upgrade()
    yield Context(settings, database, triage, Sealer(settings.secret_key), clock)
    database.close()


def subscribe(context: Context, receiver: Receiver, *events: EventType) -> NewSecret:
    return add_webhook(context, receiver.url(), events or WEBHOOK_EVENTS, "甲")


def open_matter(context: Context, number: int = 1) -> int:
    text = f"{SENDER}反映：庄里镇{number}组的路灯黑了，电话{PHONE}。"
    (received,) = receive_messages(context, [a_message(text, external_id=str(number))])
    return received.matter_id


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in headers["webhook-signature"].split(" ")


def test_a_matter_is_told_of_from_opening_to_answer(house: Context) -> None:
    with receiving() as receiver:
        made = subscribe(house, receiver)
        matter_id = open_matter(house)
        move_matter(house, matter_id, Order(Move.SIGN), "甲")
        held = Consultation(
            kind=ConsultationKind.SUPERVISION,
            held_on=house.now().date(),
            who="住建局",
            outcome="去看过了。",
            is_solved=False,
        )
        record_consultation(house, matter_id, held, "甲")
        send_reply(house, draft_reply(house, matter_id, "路灯已经修好。", "甲"), "甲")
        assert deliver_due(house, WEBHOOK) == len(receiver.requests)
    bodies = [json.loads(body) for _, body in receiver.requests]
    assert bodies[0]["type"] == "matter.opened"
    assert bodies[-1]["type"] == "matter.answered"
    assert [body["type"] for body in bodies].count("matter.answered") == 1
    assert {body["type"] for body in bodies[1:-1]} == {"matter.moved"}
    assert bodies[-1]["data"]["status"] == "answered"
    assert {body["data"]["matter_id"] for body in bodies} == {matter_id}
    assert all(is_signed(*request, made.secret) for request in receiver.requests)
    for _, body in receiver.requests:
        assert body.isascii(), "ids, kinds and states: no word"
        assert PHONE.encode() not in body
    assert {one.state for one in list_deliveries(house)} == {DeliveryState.DELIVERED}
    assert len({headers["webhook-id"] for headers, _ in receiver.requests}) == len(bodies)


def test_only_what_was_asked_for_is_told(house: Context) -> None:
    with receiving() as receiver:
        subscribe(house, receiver, EventType.MATTER_ANSWERED)
        move_matter(house, open_matter(house), Order(Move.SIGN), "甲")
        assert deliver_due(house, WEBHOOK) == 0
    assert rows(house, tables.delivery) == []


@pytest.mark.hostile
def test_a_secret_in_an_address_is_told_to_nobody_who_sees_deliveries(house: Context) -> None:
    with receiving() as receiver:
        add_webhook(house, receiver.url() + "?access_token=s3cret", WEBHOOK_EVENTS, "甲")
        open_matter(house)
        deliver_due(house, WEBHOOK)
        assert receiver.requests
        assert {one.recipient for one in list_deliveries(house)} == {receiver.url()}


def test_what_is_rolled_back_was_never_to_be_told(house: Context) -> None:
    with receiving() as receiver:
        subscribe(house, receiver)
        matter_id = open_matter(house)
        before = len(rows(house, tables.delivery))
        with pytest.raises(InvalidInputError):
            draft_reply(house, matter_id, " ", "甲")
        assert len(rows(house, tables.delivery)) == before


def test_a_failure_is_tried_again_ever_later_and_at_last_dead(house: Context, clock: Clock) -> None:
    with receiving(answer_with(b"HTTP/1.1 503 Later\r\n\r\n")) as receiver:
        subscribe(house, receiver, EventType.MATTER_OPENED)
        open_matter(house)
        began = clock.at
        for wait in WAITS:
            assert deliver_due(house, WEBHOOK) == 1
            (one,) = list_deliveries(house)
            assert wait <= one.next_try_at - clock.at <= wait * 1.2
            clock.at = one.next_try_at - timedelta(seconds=1)
            assert deliver_due(house, WEBHOOK) == 0
            clock.at = one.next_try_at
        assert deliver_due(house, WEBHOOK) == 1
        (one,) = list_deliveries(house, DeliveryState.DEAD)
        assert (one.try_count, one.problem) == (len(WAITS) + 1, "对方答复 503")
        assert timedelta(days=3) < clock.at - began < timedelta(days=4)
        clock.forward(days=30)
        assert deliver_due(house, WEBHOOK) == 0
    ids = {headers["webhook-id"] for headers, _ in receiver.requests}
    assert ids == {one.event_id}
    assert len({body for _, body in receiver.requests}) == 1


def test_what_is_dead_can_be_delivered_again(house: Context, clock: Clock) -> None:
    with receiving(answer_with(b"HTTP/1.1 500 No\r\n\r\n")) as receiver:
        subscribe(house, receiver, EventType.MATTER_OPENED)
        open_matter(house)
        for _ in range(len(WAITS) + 1):
            deliver_due(house, WEBHOOK)
            clock.forward(days=2)
    (dead,) = list_deliveries(house, DeliveryState.DEAD)
    deliver_again(house, dead.id)
    (one,) = list_deliveries(house, DeliveryState.WAITING)
    assert (one.id, one.try_count) == (dead.id, 0)
    deliver_due(house, WEBHOOK)
    assert list_deliveries(house)[0].problem == "对方拒绝连接"


@pytest.mark.parametrize("delivery_id", [0, -1, 1, 10**30])
def test_what_is_not_there_cannot_be_delivered_again(context: Context, delivery_id: int) -> None:
    with pytest.raises(NotFoundError):
        deliver_again(context, delivery_id)


def test_a_worker_that_died_gives_up_what_it_held(house: Context, clock: Clock) -> None:
    from service.storage.delivery.deliveries import claim_due, settle

    with receiving() as receiver:
        subscribe(house, receiver, EventType.MATTER_OPENED)
        open_matter(house)
        with house.database.transaction() as connection:
            held = claim_due(connection, WEBHOOK, clock.at, clock.at + timedelta(minutes=5))
        assert held is not None
        assert deliver_due(house, WEBHOOK) == 0
        clock.forward(minutes=5)
        assert deliver_due(house, WEBHOOK) == 1
        with house.database.transaction() as connection:
            settle(connection, held, clock.at)  # it was not dead after all
    assert list_deliveries(house)[0].try_count == 1


def test_a_receiver_that_fails_holds_up_no_other(house: Context) -> None:
    with receiving(answer_with(b"HTTP/1.1 500 No\r\n\r\n")) as bad, receiving() as good:
        subscribe(house, bad, EventType.MATTER_OPENED)
        subscribe(house, good, EventType.MATTER_OPENED)
        for number in range(5):
            open_matter(house, number)
        deliver_due(house, WEBHOOK)
        count = len(rows(house, tables.matter))
        assert len(good.requests) == count
        assert len(bad.requests) == 1, "it rests, with all that waits for it"
    assert [one.failure_count for one in list_webhooks(house)] == [1, 0]


def test_after_a_change_both_secrets_sign_for_a_day(house: Context, clock: Clock) -> None:
    with receiving() as receiver:
        first = subscribe(house, receiver, EventType.MATTER_OPENED)
        second = rotate_secret(house, first.webhook_id)
        open_matter(house)
        deliver_due(house, WEBHOOK)
        assert all(is_signed(*receiver.requests[0], one.secret) for one in (first, second))
        clock.at += BOTH_HOLD
        deliver_again(house, list_deliveries(house)[0].id)
        deliver_due(house, WEBHOOK)
        assert is_signed(*receiver.requests[1], second.secret)
        assert not is_signed(*receiver.requests[1], first.secret)


def test_a_removed_webhook_gets_nothing_more(house: Context) -> None:
    with receiving() as receiver:
        made = subscribe(house, receiver, EventType.MATTER_OPENED)
        open_matter(house)
        remove_webhook(house, made.webhook_id)
        open_matter(house, 2)
        assert deliver_due(house, WEBHOOK) == 0
        assert receiver.requests == []
    assert list_webhooks(house) == []
    (dead,) = list_deliveries(house, DeliveryState.DEAD)
    with pytest.raises(NotFoundError):
        deliver_again(house, dead.id)
    (kept,) = rows(house, tables.webhook)
    assert (kept["secret"], kept["former_secret"]) == (b"", None)
    for change in (remove_webhook, rotate_secret):
        with pytest.raises(NotFoundError):
            change(house, made.webhook_id)


def test_no_secret_stands_in_the_database(house: Context) -> None:
    with receiving() as receiver:
        made = subscribe(house, receiver)
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    (kept,) = rows(house, tables.webhook)
    assert key not in bytes(kept["secret"])
    assert house.sealer.open_secret(bytes(kept["secret"])) == key


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "ftp://x.cn", "x"])
def test_an_inner_address_is_not_taken(context: Context, url: str) -> None:
    with pytest.raises(AddressRefusedError):
        add_webhook(context, url, [EventType.DIGEST_MADE], "甲")
    with pytest.raises(InvalidInputError):
        add_webhook(context, url, [], "甲")
    assert list_webhooks(context) == []


def test_a_name_that_leads_inside_later_is_refused_then(house: Context) -> None:
    """Rebinding: what was public on subscribing is looked up again, once, before each request."""
    with receiving() as receiver:
        subscribe(house, receiver, EventType.MATTER_OPENED)
        open_matter(house)
        strict = replace(house, settings=house.settings.model_copy(update={"webhook_allow": ""}))
        deliver_due(strict, WEBHOOK)
        assert receiver.requests == []
    assert "指向内部" in list_deliveries(house)[0].problem


def test_a_redirect_inside_is_not_followed(house: Context) -> None:
    with receiving() as inner, receiving(redirect_to(inner.url())) as receiver:
        subscribe(house, receiver, EventType.MATTER_OPENED)
        open_matter(house)
        deliver_due(house, WEBHOOK)
        assert inner.requests == []
    assert "不跟随" in list_deliveries(house)[0].problem
