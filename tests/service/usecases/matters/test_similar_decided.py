"""The two decided matters most like one: masked, likest first, never itself or what waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.message import SenderDetails
from service.domain.relation import Relation
from service.domain.status import MatterStatus
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.similar_decided import find_similar_decided
from tests.makers import a_message, dispatch_matter

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
SOUTH = "庄里镇南街的路灯坏了，晚上走路看不见。"
NORTH = "庄里镇北关的路灯杆倒在路边没有人管，晚上很危险。"
SCHOOL = "孩子上的学校把操场租出去停车，体育课没有地方上。"


@pytest.fixture
def apart(context: Context) -> Context:
    """Nothing joins: each message opens a matter."""
    return replace(context, triage=replace(context.triage, join_at=1.1))


def take_in(context: Context, text: str, phone: str = "19900001111") -> Received:
    sender = SenderDetails("陈某", phone)
    (received,) = receive_messages(context, [a_message(text, title="", sender=sender)])
    assert received.relation is Relation.FIRST
    return received


def test_the_likest_two_that_are_decided_come_first(apart: Context) -> None:
    school, north, south = (take_in(apart, text) for text in (SCHOOL, NORTH, SOUTH))
    assert {one.status for one in (school, north, south)} == {MatterStatus.ASSIGNED}
    found = find_similar_decided(apart, take_in(apart, LAMP).matter_id)
    assert [one.matter_id for one in found] == [south.matter_id, north.matter_id]
    assert found[0].likeness > found[1].likeness > 0
    assert (found[0].department, found[0].is_by_person) == ("住建局", False)


def test_what_waits_for_a_person_is_no_example_until_one_has_decided(apart: Context) -> None:
    waiting = take_in(apart, "南街东巷晚上走路看不见，请派人来。")
    assert waiting.status is MatterStatus.REVIEW
    looked_at = take_in(apart, "东巷晚上走路看不见，请派人。").matter_id
    assert find_similar_decided(apart, looked_at) == ()
    correction = Correction("0102", "城管局", "help", False, "T1")
    correct_matter(apart, waiting.matter_id, correction, "admin")
    (found,) = find_similar_decided(apart, looked_at)
    assert (found.matter_id, found.department, found.is_by_person) == (
        waiting.matter_id, "城管局", True,
    )  # fmt: skip
    dispatch_matter(apart, waiting.matter_id, "admin")
    (found,) = find_similar_decided(apart, looked_at)
    assert found.status is MatterStatus.ASSIGNED


def test_the_very_same_text_is_wholly_alike(apart: Context) -> None:
    first = take_in(apart, LAMP)
    (found,) = find_similar_decided(apart, take_in(apart, LAMP, "19900009999").matter_id)
    assert (found.matter_id, found.likeness, found.because) == (first.matter_id, 1.0, ("全文相同",))


def test_texts_are_masked(apart: Context) -> None:
    take_in(apart, LAMP + "电话19912345678。")
    (found,) = find_similar_decided(apart, take_in(apart, LAMP).matter_id)
    assert "19912345678" not in found.text
    assert found.text.startswith(LAMP)


def test_where_nothing_is_alike_nothing_is_shown(apart: Context, by_hand: Context) -> None:
    take_in(apart, SCHOOL)
    number = take_in(apart, "电梯停运三天。").matter_id
    assert find_similar_decided(apart, number) == ()
    assert find_similar_decided(by_hand, number) == ()
    assert find_similar_decided(apart, 10**6) == ()


def test_a_matter_taken_in_without_a_model_has_none(by_hand: Context, apart: Context) -> None:
    take_in(apart, LAMP)
    assert find_similar_decided(apart, take_in(by_hand, SOUTH).matter_id) == ()
