"""Why a matter was judged so, for a program: spans, rules, likenesses, no personal data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from tests.makers import a_message
from tests.service.web.visitor import Visitor
from tests.tiny_model import TinyModel, tiny_pair_model

LAMP = "庄里镇三合村的路灯坏了，电话19912345678，请来修。"


@pytest.fixture
def context(context: Context) -> Context:
    triage = context.triage
    few_words = {"model": TinyModel(triage.taxonomy), "pair_model": tiny_pair_model()}
    return replace(context, triage=replace(triage, join_at=1.1, **few_words))


@pytest.fixture
def numbers(context: Context) -> list[int]:
    """A dispatched matter and one like it."""
    texts = [LAMP, "三合村小学的操场没有路灯。"]
    messages = [a_message(text, title="灯" * n) for n, text in enumerate(texts, start=1)]
    return [received.matter_id for received in receive_messages(context, messages)]


def test_places_of_the_words_and_the_likest_decided_matter(
    clerk: Visitor, numbers: list[int]
) -> None:
    told = clerk.get(f"/api/v1/matters/{numbers[1]}/explanation?head=department")
    assert told.status_code == 200
    body = told.json()
    text = "三合村小学的操场没有路灯。"
    (span,) = body["evidence"]["text"]
    assert text[span["start"] : span["end"]] == "路灯"
    assert span["weight"] > 0
    assert body["rules"] == []
    (similar,) = body["similar"]
    assert similar["matter_id"] == numbers[0]
    assert similar["department"] == "住建局"
    assert not similar["decided_by_person"]
    assert "19912345678" not in told.text


def test_the_page_shows_it_masked(clerk: Visitor, numbers: list[int]) -> None:
    page = clerk.get(f"/matters/{numbers[1]}").text
    assert "相似而已有决定的事项" in page
    assert f'href="/matters/{numbers[0]}"' in page
    assert "19912345678" not in page


def test_without_a_session_or_a_matter_nothing_is_told(
    program: Visitor, clerk: Visitor, numbers: list[int]
) -> None:
    assert program.get(f"/api/v1/matters/{numbers[0]}/explanation").status_code == 401
    assert clerk.get("/api/v1/matters/999999/explanation").status_code == 404
    assert clerk.get(f"/api/v1/matters/{numbers[0]}/explanation?head=sender").status_code == 422
    assert clerk.get("/api/v1/matters/0/explanation").status_code == 422
