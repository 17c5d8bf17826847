"""Messages made to break a step: nothing is lost, nothing is altered, nothing runs."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from service.domain.message import IncomingMessage, SenderDetails
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.explain import explain
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.queue import QueueFilter, list_queue
from tests.makers import a_message
from tests.service.usecases.books import check_books, stored_texts

HOSTILE = {
    "empty": "",
    "white space": " \n\t　\u2003",
    "one letter": "路",
    "only emoji": "😀🚧👍🏽👨‍👩‍👧‍👦🇨🇳",
    "only punctuation": "，。！？……——《》【】()[]{}!@#$%^&*",
    "only digits": "1234567890" * 30,
    "controls": "路灯\x01\x02\x07\x08\x1b[31m\x7f\x85坏了",
    "invisible": "路\u200b灯\u202e坏\ufeff了\u2066",
    "combining": "路" + "\u0301" * 500,
    "line ends": "一\r\n二\r三\n四\u2028五\u2029六",
    "SQL": "'; DROP TABLE message; -- \" OR 1=1; %s :name ? {0}",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;&#x27;",
    "template": "{{ 7*7 }} {% for x in y %} ${jndi:ldap://a} %(id)s",
    "formula": "=cmd|' /C calc'!A0",
    "path": "../../etc/passwd\\..\\..",
    "JSON": '{"title": "x", "text": null}]}',
    "traditional": "請問貴縣路燈壞了何時修復，老人夜裏摔倒。",
    "astral": "𠮷野家門前的路灯🏮𪚥",
    "one long word": "路" * 20_000,
    "100,000 characters": ("庄里镇三合村的路灯坏了，请修。" * 7_000)[:100_000],
    "100,000 digits": "1" * 100_000,
    "100,000 spaces": "路" + " " * 99_998 + "灯",
}


ORDINARY = "庄里镇三合村的路灯坏了，请修。"


@pytest.mark.hostile
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_goes_through_every_step_unaltered(context: Context, text: str) -> None:
    title = text[:1000]
    (received,) = receive_messages(context, [a_message(text, title=title)])
    assert stored_texts(context) == [(title, text)]
    file = show_matter(context, received.matter_id)
    assert file.demands[0].message.text == text
    shown = explain(context, received.message_id, "topic")
    assert "".join(piece for piece, _ in shown.title) == title
    assert "".join(piece for piece, _ in shown.text) == text
    assert list_queue(context, QueueFilter(words=title[:50])).total.number in (0, 1)
    (again,) = receive_messages(context, [a_message(text, title=title)])
    assert again.receipt == received.receipt
    check_books(context)
    ordinary = (ORDINARY * (len(text) // len(ORDINARY) + 1))[: len(text)]
    # Both come when what is made once, as statements are, is there.
    took = seconds_of(context, a_message(text, title=title, external_id="again"))
    assert took < 20 * seconds_of(context, a_message(ordinary, external_id="ordinary"))


def seconds_of(context: Context, message: IncomingMessage) -> float:
    """The least of three: garbage of other tests may be collected in one of them."""
    numbers = (f"{message.external_id} {number}" for number in range(3))
    return min(_seconds_of(context, replace(message, external_id=each)) for each in numbers)


def _seconds_of(context: Context, message: IncomingMessage) -> float:
    began = time.thread_time()
    receive_messages(context, [message])
    return time.thread_time() - began


@pytest.mark.hostile
def test_all_hostile_texts_in_one_batch_are_all_kept(context: Context) -> None:
    messages = [a_message(text, title=name) for name, text in HOSTILE.items()]
    received = receive_messages(context, messages)
    assert all(one.is_new for one in received)
    assert len({one.receipt for one in received}) == len(HOSTILE)
    assert stored_texts(context) == list(HOSTILE.items())
    check_books(context)


@pytest.mark.hostile
def test_all_hostile_texts_are_kept_without_a_model_too(by_hand: Context) -> None:
    messages = [a_message(text, title=name) for name, text in HOSTILE.items()]
    receive_messages(by_hand, messages)
    assert stored_texts(by_hand) == list(HOSTILE.items())
    check_books(by_hand)


@pytest.mark.hostile
def test_hostile_names_phones_and_numbers_are_kept_too(context: Context) -> None:
    messages = [
        a_message(external_id=f"{number}{text[:180]}", sender=SenderDetails(text[:100], text[:50]))
        for number, text in enumerate(HOSTILE.values())
    ]
    received = receive_messages(context, messages)
    for message, one in zip(messages, received, strict=True):
        demands = show_matter(context, one.matter_id).demands
        (kept,) = (d for d in demands if d.message.id == one.message_id)
        assert kept.message.external_id == message.external_id
        assert kept.sender == message.sender
