"""Whoever holds a receipt sees how far the matter is, rates the answer, and tells more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move, Refusal
from service.domain.receipt import show_receipt
from service.domain.reply import Satisfaction
from service.domain.status import MatterStatus
from service.errors import IllegalMoveError, InvalidInputError, NotFoundError
from service.storage import tables
from service.usecases.casework.answering import draft_reply, send_reply
from service.usecases.casework.casework import move_matter
from service.usecases.casework.receipts import (
    MAX_REASON_CHARS,
    MAX_SUPPLEMENT_CHARS,
    look_up,
    rate_answer,
    supplement_message,
)
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters, split_matter
from tests.makers import a_message, shown
from tests.service.usecases.books import check_books, rows

NOT_THERE = "没有这个回执码，或者手机号后四位、查询密码不对，请核对后再查"
OTHER = SenderDetails("李四光", "13900139000")


@pytest.fixture
def received(context: Context) -> Received:
    return receive_messages(context, [a_message()])[0]


def answer(context: Context, matter_id: int, text: str = "路灯已修好。") -> int:
    reply_id = draft_reply(context, matter_id, text, "甲")
    send_reply(context, reply_id, "甲")
    return reply_id


def test_a_receipt_tells_how_far_the_matter_is(context: Context, received: Received) -> None:
    found = look_up(context, shown(show_receipt(received.receipt).lower()))
    assert found.receipt == received.receipt
    (matter,) = found.matters
    assert (matter.number, matter.stage_zh) == (received.matter_number, "已交办，正在办理")
    assert (matter.answers, matter.asked, matter.way, matter.text) == ((), "", "", "")


@pytest.mark.parametrize(
    "typed", ["", "-", "0" * 13, "0" * 12, "0" * 1000, "七七七", "' OR 1=1 --", "\x00", "\ud800"]
)
def test_what_is_no_receipt_is_answered_alike(context: Context, typed: str) -> None:
    with pytest.raises(NotFoundError) as raised:
        look_up(context, shown(typed))
    assert raised.value.detail == NOT_THERE


def test_a_draft_is_not_shown(context: Context, received: Received) -> None:
    draft_reply(context, received.matter_id, "还在写", "甲")
    assert look_up(context, shown(received.receipt)).matters[0].answers == ()


def test_an_answer_is_rated_once(context: Context, received: Received) -> None:
    reply_id = answer(context, received.matter_id)
    assert not rate_answer(context, shown(received.receipt), reply_id, Satisfaction.SATISFIED, "快")
    (matter,) = look_up(context, shown(received.receipt)).matters
    assert matter.answers[0].satisfaction is Satisfaction.SATISFIED
    with pytest.raises(IllegalMoveError, match="已经评价过"):
        rate_answer(context, shown(received.receipt), reply_id, Satisfaction.FAIR, "")
    event = show_matter(context, received.matter_id).events[-1]
    assert (event.actor, event.kind_zh, event.detail) == ("来信人", "来信人评价", "满意；快")
    check_books(context)


def test_dissatisfaction_opens_the_matter_again_once(context: Context, received: Received) -> None:
    first = answer(context, received.matter_id)
    assert rate_answer(context, shown(received.receipt), first, Satisfaction.DISSATISFIED, "没修好")
    assert show_matter(context, received.matter_id).matter.status is MatterStatus.ASSIGNED
    second = answer(context, received.matter_id, "路灯又修了一次。")
    assert not rate_answer(
        context, shown(received.receipt), second, Satisfaction.DISSATISFIED, "还黑"
    )
    assert show_matter(context, received.matter_id).matter.status is MatterStatus.ANSWERED
    assert len(look_up(context, shown(received.receipt)).matters[0].answers) == 2
    check_books(context)


def test_dissatisfaction_says_why(context: Context, received: Received) -> None:
    reply_id = answer(context, received.matter_id)
    for reason in ("", "  ", "长" * (MAX_REASON_CHARS + 1)):
        with pytest.raises(InvalidInputError):
            rate_answer(
                context, shown(received.receipt), reply_id, Satisfaction.DISSATISFIED, reason
            )
    assert rows(context, tables.rating) == []


def test_what_the_desk_opened_again_takes_nothing_from_the_sender(
    context: Context, received: Received
) -> None:
    move_matter(context, received.matter_id, Order(Move.CLOSE, note="好"), "甲")
    move_matter(context, received.matter_id, Order(Move.REOPEN, note="没有好"), "甲")
    for is_first in (True, False):
        reply_id = answer(context, received.matter_id)
        (matter,) = look_up(context, shown(received.receipt)).matters
        assert matter.may_reopen is is_first
        told = (reply_id, Satisfaction.DISSATISFIED, "还是黑的")
        assert rate_answer(context, shown(received.receipt), *told) is is_first


def test_of_a_rating_the_history_holds_masked_words_only(
    context: Context, received: Received
) -> None:
    reply_id = answer(context, received.matter_id)
    rate_answer(context, shown(received.receipt), reply_id, Satisfaction.FAIR, "请打13800138000")
    assert "13800138000" not in str(rows(context, tables.event))
    assert rows(context, tables.rating)[0]["reason"] == "请打13800138000"


def test_anothers_answer_can_not_be_rated(context: Context, received: Received) -> None:
    text = "学校要求自愿交的钱为什么非交不可？"
    (other,) = receive_messages(context, [a_message(text, title="学校", sender=OTHER)])
    assert other.matter_id != received.matter_id
    reply_id = answer(context, received.matter_id)
    for wrong in (reply_id + 1, 0, 2**63):
        with pytest.raises(NotFoundError):
            rate_answer(context, shown(received.receipt), wrong, Satisfaction.FAIR, "")
    with pytest.raises(NotFoundError):
        rate_answer(context, shown(other.receipt, "9000"), reply_id, Satisfaction.FAIR, "")
    draft = draft_reply(context, other.matter_id, "草稿", "甲")
    with pytest.raises(NotFoundError):
        rate_answer(context, shown(other.receipt, "9000"), draft, Satisfaction.FAIR, "")


def test_a_sender_tells_more_and_the_matter_goes_on(context: Context, received: Received) -> None:
    matter_id = received.matter_id
    with pytest.raises(IllegalMoveError):
        supplement_message(context, shown(received.receipt), received.matter_number, "多说一点")
    move_matter(context, matter_id, Order(Move.SIGN), "甲")
    move_matter(context, matter_id, Order(Move.ASK, note="是哪一盏灯？"), "甲")
    assert look_up(context, shown(received.receipt)).matters[0].asked == "是哪一盏灯？"
    supplement_message(
        context, shown(received.receipt), received.matter_number, "东头第二盏，电话13800138000"
    )
    assert show_matter(context, matter_id).matter.status is MatterStatus.HANDLING
    (kept,) = rows(context, tables.supplement)
    assert kept["text"] == "东头第二盏，电话13800138000"
    assert "13800138000" not in kept["masked_text"] + str(rows(context, tables.event))
    assert look_up(context, shown(received.receipt)).matters[0].asked == ""
    check_books(context)


@pytest.mark.parametrize("text", ["", "  ", "长" * (MAX_SUPPLEMENT_CHARS + 1)])
def test_nothing_told_changes_nothing(context: Context, received: Received, text: str) -> None:
    with pytest.raises(InvalidInputError):
        supplement_message(context, shown(received.receipt), received.matter_number, text)


def test_only_a_matter_under_the_receipt_can_be_told_of(
    context: Context, received: Received
) -> None:
    for number in ("", "2026-999999", "长" * 30):
        with pytest.raises(NotFoundError):
            supplement_message(context, shown(received.receipt), number, "多说一点")


def test_who_is_not_accepted_reads_where_to_go(context: Context, received: Received) -> None:
    order = Order(Move.REFUSE, refusal=Refusal.LITIGATION.value)
    move_matter(context, received.matter_id, order, "甲")
    (matter,) = look_up(context, shown(received.receipt)).matters
    assert (matter.stage_zh, matter.is_ended) == ("不予受理", True)
    assert matter.way.endswith(Refusal.LITIGATION.way_zh)
    assert matter.way.startswith(Refusal.LITIGATION.label_zh)


def test_a_new_voice_sees_the_answer_that_is_there(context: Context, received: Received) -> None:
    answer(context, received.matter_id, "{来信人}：路灯已修好。")
    (later,) = receive_messages(context, [a_message(sender=OTHER, external_id="晚来")])
    assert later.matter_id == received.matter_id
    (matter,) = look_up(context, shown(later.receipt, "9000")).matters
    assert matter.answers[0].text == "李四光：路灯已修好。"
    anonymous = replace(a_message(external_id="无名"), sender=SenderDetails())
    (third,) = receive_messages(context, [anonymous])
    assert (
        look_up(context, shown(third.receipt, third.pin)).matters[0].answers[0].text
        == "来信人：路灯已修好。"
    )


def test_an_answer_stays_when_its_matter_becomes_part_of_another(
    context: Context, received: Received
) -> None:
    text = "学校要求自愿交的钱为什么非交不可？"
    (other,) = receive_messages(context, [a_message(text, title="学校", sender=OTHER)])
    reply_id = answer(context, received.matter_id)
    merge_matters(context, received.matter_id, other.matter_id, "甲")
    (matter,) = look_up(context, shown(received.receipt)).matters
    assert matter.number == other.matter_number
    assert [one.reply_id for one in matter.answers] == [reply_id]
    assert look_up(context, shown(other.receipt, "9000")).matters[0].answers == ()
    assert not rate_answer(
        context, shown(received.receipt), reply_id, Satisfaction.DISSATISFIED, "没修"
    )
    with pytest.raises(NotFoundError):
        rate_answer(context, shown(other.receipt, "9000"), reply_id, Satisfaction.FAIR, "")
    split_matter(context, received.matter_id, "甲")
    (matter,) = look_up(context, shown(received.receipt)).matters
    assert matter.answers[0].satisfaction is Satisfaction.DISSATISFIED
    check_books(context)
