"""The review queue in the order of what teaches most."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.kind import Kind
from service.domain.status import MatterStatus
from service.storage.matters.matters import change_matter
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.queue import QueueFilter
from service.usecases.matters.teach_first import list_to_teach
from tests.makers import a_message

# The tiny model is sure of 路灯 and 学校, and doubts the others.
TEXTS = (
    "东巷的路灯从上个月起就不亮。",
    "河里漂着死猪，气味难闻。",
    "河里漂着死鱼，气味难闻。",
    "末班公交提前了一个半钟头。",
    "学校操场租给别人停车。",
)


@pytest.fixture
def matters(context: Context) -> list[int]:
    """Five matters in review."""
    messages = [a_message(text, title="") for text in TEXTS]
    apart = replace(context, triage=replace(context.triage, join_at=1.0))
    ids = [one.matter_id for one in receive_messages(apart, messages)]
    assert len(set(ids)) == 5
    with context.database.transaction() as connection:
        for one in ids:
            change_matter(connection, one, status=MatterStatus.REVIEW.value)
    return ids


def order(context: Context, limit: int = 50, **wanted: str) -> list[int]:
    return [m.id for m in list_to_teach(context, QueueFilter(**wanted), limit).matters]


def correct(context: Context, matter_id: int) -> None:
    code = context.triage.taxonomy.code("环境保护", "环境污染")
    correct_matter(
        context, matter_id, Correction(code, "水利局", Kind.HELP.value, False, ""), "王科"
    )


def test_the_unsure_come_first_and_no_two_of_a_kind_in_a_row(
    context: Context, matters: list[int]
) -> None:
    found = order(context)
    assert sorted(found) == matters
    assert set(found[:2]) in ({matters[1], matters[3]}, {matters[2], matters[3]})


def test_what_was_labelled_makes_its_like_less_worth_asking(
    context: Context, matters: list[int]
) -> None:
    correct(context, matters[1])
    with context.database.transaction() as connection:
        change_matter(connection, matters[1], status=MatterStatus.ASSIGNED.value)
    found = order(context)
    assert found[0] == matters[3]
    assert matters[1] not in found


def test_what_a_person_decided_already_comes_last(context: Context, matters: list[int]) -> None:
    correct(context, matters[3])
    assert order(context)[-1] == matters[3]


def test_the_filter_holds_and_only_what_is_in_review_is_asked(
    context: Context, matters: list[int]
) -> None:
    assert order(context, department="教育局") == [matters[4]]
    assert set(order(context, statuses=("closed",))) == set(matters)
    with context.database.transaction() as connection:
        change_matter(connection, matters[0], status=MatterStatus.ASSIGNED.value)
    assert matters[0] not in order(context)


def test_it_is_one_page(context: Context, matters: list[int]) -> None:
    page = list_to_teach(context, QueueFilter(), 2)
    assert (len(page.matters), page.next_cursor, page.total.number) == (2, "", 5)
    assert page.matters[0].people_count == 1
    assert len(order(context, limit=-3)) == 1
    assert len(order(context, limit=10**9)) == 5


def test_an_empty_queue_asks_nothing(context: Context) -> None:
    assert order(context) == []


def test_messages_that_no_model_judged_are_asked_too(by_hand: Context) -> None:
    receive_messages(by_hand, [a_message(text, title="") for text in TEXTS])
    assert len(order(by_hand)) == 5
