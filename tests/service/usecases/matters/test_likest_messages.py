"""Of two matters the messages are shown that are likest, not those that opened them."""

from __future__ import annotations

from dataclasses import replace

from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.likest_messages import likest_messages
from service.usecases.matters.merging import merge_matters
from tests.makers import a_message

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
LAMP_TOO = "我也住庄里镇三合村东巷，路灯坏了快半个月，老人晚上走路看不见摔了跤。"
POND = "水塘里倒满了垃圾，夏天很臭，请清理。"


def received(context: Context, *texts: str) -> list[Received]:
    alone = replace(context, triage=replace(context.triage, join_at=1.1))
    return [receive_messages(alone, [a_message(text, title="")])[0] for text in texts]


def test_the_likest_message_of_a_matter_need_not_have_opened_it(context: Context) -> None:
    pond, lamp, too = received(context, POND, LAMP, LAMP_TOO)
    merge_matters(context, lamp.matter_id, pond.matter_id, "admin", "")
    found = likest_messages(context, pond.matter_id, too.matter_id)
    assert found == (lamp.message_id, too.message_id)
    turned = likest_messages(context, too.matter_id, pond.matter_id)
    assert turned == (too.message_id, lamp.message_id)


def test_without_anything_to_compare_nothing_is_chosen(context: Context) -> None:
    pond, lamp = received(context, POND, LAMP)
    dull = replace(context, triage=replace(context.triage, pair_model=None))
    assert likest_messages(dull, pond.matter_id, lamp.matter_id) is None
    assert likest_messages(context, pond.matter_id, 10**9) is None
