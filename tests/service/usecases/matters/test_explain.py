from __future__ import annotations

import pytest

from service.errors import InvalidInputError, ModelUnavailableError, NotFoundError
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import Received, receive_messages
from service.usecases.matters.explain import explain
from tests.makers import a_message

TEXT = "\u200b　村口的\u200b路燈和路灯都不亮"


@pytest.fixture
def received(context: Context) -> Received:
    return receive_messages(context, [a_message(TEXT, title="请看")])[0]


def test_the_words_that_spoke_are_lit_in_the_original(context: Context, received: Received) -> None:
    shown = explain(context, received.message_id, "topic")
    assert "".join(piece for piece, _ in shown.text) == TEXT
    assert [piece for piece, weight in shown.text if weight] == ["路燈"]
    assert shown.title == (("请看", 0.0),)


def test_a_label_the_model_never_learnt_has_no_words(context: Context, received: Received) -> None:
    correction = Correction("1402", "公安局", "help", False, "T1")
    correct_matter(context, received.matter_id, correction, "王科")
    assert explain(context, received.message_id, "department").text == ((TEXT, 0.0),)


@pytest.mark.parametrize("head", ["", "urgent", "studio", "topic'"])
def test_there_are_three_heads(context: Context, received: Received, head: str) -> None:
    with pytest.raises(InvalidInputError, match="没有"):
        explain(context, received.message_id, head)


def test_what_is_not_there_cannot_be_explained(context: Context) -> None:
    for missing in (0, -1, 99, 2**63):
        with pytest.raises(NotFoundError):
            explain(context, missing, "topic")


def test_without_a_model_there_is_nothing_to_explain(by_hand: Context) -> None:
    (received,) = receive_messages(by_hand, [a_message(TEXT)])
    with pytest.raises(ModelUnavailableError):
        explain(by_hand, received.message_id, "topic")


def test_a_message_taken_in_without_a_model_is_not_explained_later(
    by_hand: Context, context: Context
) -> None:
    (received,) = receive_messages(by_hand, [a_message(TEXT)])
    with pytest.raises(NotFoundError):
        explain(context, received.message_id, "topic")
