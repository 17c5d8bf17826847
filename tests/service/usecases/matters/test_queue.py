from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move
from service.errors import InvalidInputError
from service.usecases.casework.casework import move_matter
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters import queue
from service.usecases.matters.queue import (
    Count,
    QueueFilter,
    QueuePage,
    count_open_in_studios,
    count_queue_by_studio,
    count_queues,
    list_queue,
)
from service.usecases.status import count_all
from tests.makers import NOW, Clock, a_message, close_matter

TEXTS = (
    "东巷的路灯从上个月起就不亮。",
    "学校操场租给人停车，体育课改在走廊里上。",
    "自来水发黄，烧开有沉淀。",
    "桥头路面塌陷一个大坑，车掉下去了。",
    "末班公交提前一个半钟头。",
)


@pytest.fixture
def filled(context: Context) -> Context:
    messages = [
        a_message(
            text,
            title=text[:6],
            sender=SenderDetails(f"某{n}"),
            sent_at=NOW - timedelta(days=9 * n),
        )
        for n, text in enumerate(TEXTS)
    ]
    assert len({one.matter_id for one in receive_messages(context, messages)}) == len(TEXTS)
    return context


def titles(context: Context, **wanted: object) -> list[str]:
    return [m.title for m in list_queue(context, QueueFilter(**wanted)).matters]


def test_the_queue_goes_by_urgency_then_deadline_then_arrival(filled: Context) -> None:
    matters = list_queue(filled, QueueFilter()).matters
    assert matters[0].title.startswith("桥头路面")
    keys = [(not m.is_urgent, m.due_at, m.id) for m in matters]
    assert keys == sorted(keys)


def test_pages_follow_one_another_without_gap_or_repeat(filled: Context) -> None:
    whole = [m.id for m in list_queue(filled, QueueFilter()).matters]
    for limit in range(1, len(whole) + 1):
        seen, cursor = [], ""
        while True:
            page = list_queue(filled, QueueFilter(), cursor, limit)
            assert page.total.number == len(whole)
            seen += [m.id for m in page.matters]
            cursor = page.next_cursor
            if not cursor:
                break
        assert seen == whole


def test_closing_what_was_shown_does_not_shift_the_next_page(filled: Context) -> None:
    whole = [m.id for m in list_queue(filled, QueueFilter()).matters]
    first = list_queue(filled, QueueFilter(), limit=2)
    for matter in first.matters:
        close_matter(filled, matter.id, "王科", "好")
    rest = list_queue(filled, QueueFilter(), first.next_cursor)
    assert [m.id for m in rest.matters] == whole[2:]


def test_each_filter_lets_its_own_through(filled: Context, clock: Clock) -> None:
    assert titles(filled, urgent=True) == ["桥头路面塌陷"]
    assert len(titles(filled, urgent=False)) == 4
    assert titles(filled, department="教育局") == ["学校操场租给"]
    assert titles(filled, topic="14") == ["学校操场租给"]
    assert titles(filled, words="操场") == ["学校操场租给"]
    assert titles(filled, studio="T9") == []
    assert titles(filled, statuses=("assigned",)) == ["学校操场租给"]  # the others have no studio
    overdue, in_time = titles(filled, overdue=True), titles(filled, overdue=False)
    assert sorted(overdue + in_time) == sorted(titles(filled))
    assert overdue
    assert in_time
    clock.forward(days=60)
    assert titles(filled, overdue=False) == []


def test_what_is_supervised_or_waits_for_more_days_is_found(filled: Context) -> None:
    (matter,) = list_queue(filled, QueueFilter(words="操场")).matters
    assert titles(filled, supervised=True) == titles(filled, extension=True) == []
    move_matter(filled, matter.id, Order(Move.URGE, note="快办"), "丙")
    move_matter(filled, matter.id, Order(Move.EXTEND, note="要鉴定", days=5), "甲")
    for wanted in ("supervised", "extension"):
        assert titles(filled, **{wanted: True}) == ["学校操场租给"]
        assert "学校操场租给" not in titles(filled, **{wanted: False})
    (matter,) = list_queue(filled, QueueFilter(supervised=True, extension=True)).matters
    assert (matter.is_supervised, matter.asks_extension) == (True, True)
    move_matter(filled, matter.id, Order(Move.GRANT), "乙")
    assert titles(filled, extension=True) == []


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "路%灯", "路_"])
def test_signs_of_patterns_are_only_letters(filled: Context, words: str) -> None:
    assert titles(filled, words=words) == []


def test_closed_matters_leave_the_queue_but_can_be_asked_for(filled: Context) -> None:
    (matter,) = list_queue(filled, QueueFilter(words="操场")).matters
    close_matter(filled, matter.id, "王科", "已停止出租")
    assert titles(filled, words="操场") == []
    assert titles(filled, statuses=("closed",)) == ["学校操场租给"]


def test_counts_stop_at_their_bound(filled: Context) -> None:
    assert count_queues(filled, [QueueFilter(), QueueFilter(urgent=True)], 2) == [
        Count(2, False),
        Count(1, True),
    ]
    assert count_queues(filled, [QueueFilter()], len(TEXTS)) == [Count(len(TEXTS), True)]
    open_in = count_open_in_studios(filled)
    assert {code: count.number for code, count in open_in.items() if count.number} == {
        code: number for code, number in count_queue_by_studio(filled) if code
    }


def test_of_a_crowded_matter_the_newest_messages_are_looked_at(
    filled: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "LOOKED_AT", 3)
    messages = [
        a_message(TEXTS[0], title=TEXTS[0][:6], sender=SenderDetails(f"同{n}"), sent_at=NOW)
        for n in range(4)
    ]
    (crowded,) = {one.matter_id for one in receive_messages(filled, messages)}
    page = list_queue(filled, QueueFilter())
    assert page.crowded == {crowded}
    counts = {matter.id: matter.people_count for matter in page.matters}
    assert counts.pop(crowded) == 3  # of five: there are at least so many
    assert set(counts.values()) == {1}


def test_pages_lead_back_to_the_first(filled: Context) -> None:
    def page_at(cursor: str) -> QueuePage:
        return list_queue(filled, QueueFilter(), cursor, 2)

    whole = [m.id for m in list_queue(filled, QueueFilter()).matters]
    second = page_at(page_at("").next_cursor)
    first = page_at(second.previous_cursor)
    assert [m.id for m in first.matters] == whole[:2]
    assert first.previous_cursor == ""
    assert page_at(first.next_cursor) == second


def test_the_busiest_studios_come_first_and_add_up(filled: Context) -> None:
    counts = count_queue_by_studio(filled)
    assert counts == sorted(counts, key=lambda item: (-item[1], item[0]))
    assert sum(count for _, count in counts) == len(TEXTS)


def test_the_counts_are_those_of_the_queue(filled: Context) -> None:
    (matter,) = list_queue(filled, QueueFilter(words="操场")).matters
    close_matter(filled, matter.id, "王科", "已停止出租")
    counts = count_all(filled)
    for status in ("received", "review", "assigned", "closed"):
        assert counts[status] == list_queue(filled, QueueFilter(statuses=(status,))).total.number
    assert counts["urgent"] == list_queue(filled, QueueFilter(urgent=True)).total.number
    assert counts["overdue"] == list_queue(filled, QueueFilter(overdue=True)).total.number
    assert counts["messages"] == counts["matters"] == len(TEXTS)
    assert counts["rejects"] == 0


def test_an_empty_database_has_an_empty_queue(context: Context) -> None:
    page = list_queue(context, QueueFilter())
    assert (page.matters, page.next_cursor, page.total) == ((), "", Count(0))
    assert set(count_all(context).values()) == {0}


def encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "中文",
        "====",
        "bm90IGpzb24",
        encoded([]),
        encoded({}),
        encoded([True, NOW.isoformat(), "1"]),
        encoded([True, NOW.isoformat(), -1]),
        encoded([True, NOW.isoformat(), 2**63]),
        encoded([True, NOW.isoformat(), float("inf")]),
        encoded([True, NOW.isoformat(), float("nan")]),
        encoded([True, NOW.isoformat(), None]),
        encoded([True, "2026-03-04T09:30:00", 1]),
        encoded([True, "0001-01-01T00:00:00+14:00", 1]),
        encoded([True, "9999-12-31T23:59:59-14:00", 1]),
        encoded([True, 5, 1]),
        encoded([[[[[[]]]]]]),
        encoded([True, NOW.isoformat(), 1, False]),
        encoded([True, NOW.isoformat(), 1, True, True]),
        encoded([True, NOW.isoformat(), 1, {}]),
    ],
)
def test_a_cursor_not_given_out_is_refused(context: Context, cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="翻页标记"):
        list_queue(context, QueueFilter(), cursor)


@pytest.mark.parametrize("limit", [-5, 0, 1, 10**9])
def test_any_limit_is_brought_into_bounds(filled: Context, limit: int) -> None:
    assert 1 <= len(list_queue(filled, QueueFilter(), limit=limit).matters) <= len(TEXTS)
