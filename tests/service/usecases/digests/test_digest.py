"""A digest's numbers, recomputed from the rows by another way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from service.digest.periods import Period, parse_period
from service.digest.report import Digest
from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.message import IncomingMessage, SenderDetails
from service.errors import InvalidInputError, NotFoundError
from service.storage import tables
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.digests.digest_scope import find_scope
from service.usecases.intake.receive import receive_messages
from tests.makers import Clock, a_message, close_matter
from tests.service.usecases.books import rows

WEEK = parse_period("2026-W09")  # 23 February to 1 March
MONDAY = datetime(2026, 2, 23, tzinfo=SHANGHAI)
TEXTS = (
    "庄里镇东巷的路灯从上个月起就不亮，老人夜里不敢出门。",
    "学校操场租给人停车，体育课改在走廊里上。",
    "自来水发黄，烧开有沉淀，洗白衣服都染色。",
    "庄里镇桥头路面塌陷一个大坑，车掉下去了。",
)


def messages() -> list[IncomingMessage]:
    """Six weeks of messages, some on the very edges of the week, some copies, some nameless."""
    hours = [0, 23.99, -0.01, 24 * 6.999, 24 * 7, -24 * 30, -24 * 20, 30, 31, 50, 75, -24 * 8, 160]
    return [
        a_message(
            TEXTS[n % 4] + ("" if n % 3 else f"已经第{n}回反映。"),
            title=f"第{n}件",
            sender=SenderDetails() if n % 5 == 4 else SenderDetails(f"某{n % 3}"),
            sent_at=MONDAY + timedelta(hours=hour),
            channel=list(Channel)[n % 3],
            like_count=n,
            external_id=str(n),
        )
        for n, hour in enumerate(hours)
    ]


@pytest.fixture
def filled(context: Context, clock: Clock) -> Context:
    received = receive_messages(context, messages())
    matters = sorted({one.matter_id for one in received})
    clock.at = MONDAY + timedelta(days=3)
    close_matter(context, matters[1], "王科", "已停租")
    clock.at = MONDAY + timedelta(days=8)
    close_matter(context, matters[0], "王科", "已修好")
    return context


def in_span(moment: datetime, period: Period) -> bool:
    return period.first_day <= moment.astimezone(SHANGHAI).date() <= period.last_day


def expected(context: Context, period: Period, studio: str = "") -> dict[str, Any]:
    """The figures of a digest, row by row."""
    matters = {
        row["id"]: row for row in rows(context, tables.matter) if studio in ("", row["studio"])
    }
    demands = {row["message_id"]: row for row in rows(context, tables.demand)}
    sent = [
        row
        for row in rows(context, tables.message)
        if in_span(row["sent_at"], period) and demands[row["id"]]["matter_id"] in matters
    ]
    end = datetime.combine(period.last_day + timedelta(days=1), datetime.min.time(), SHANGHAI)
    named = {row["sender_id"] for row in sent if row["sender_id"] is not None}
    return {
        "messages": [row["id"] for row in sent],
        "people": len(named) + sum(row["sender_id"] is None for row in sent),
        "copies": sum(demands[row["id"]]["relation"] == "copy" for row in sent),
        "matters": sorted({demands[row["id"]]["matter_id"] for row in sent}),
        "opened": [i for i, row in matters.items() if in_span(row["opened_at"], period)],
        "closed": [
            i
            for i, row in matters.items()
            if row["closed_at"] and in_span(row["closed_at"], period)
        ],
        "overdue": sorted(
            i
            for i, row in matters.items()
            if row["opened_at"] < end
            and row["due_at"] <= end
            and not (row["closed_at"] and row["closed_at"] < end)
        ),
    }


def told(digest: Digest) -> dict[str, Any]:
    overview = digest.overview
    return {
        "messages": [message.id for message in digest.messages],
        "people": overview.tally.people.value,
        "copies": overview.tally.copies.value,
        "matters": sorted(overview.matters.matter_ids),
        "opened": sorted(overview.opened.matter_ids),
        "closed": sorted(overview.closed.matter_ids),
        "overdue": sorted(one.matter.id for one in digest.overdue.matters),
    }


@pytest.mark.parametrize("code", ["2026-W09", "2026-W08", "2026-W05", "2026-02", "2026-Q1", "2026"])
@pytest.mark.parametrize("studio", ["", "T1", "T2"])
def test_the_figures_are_those_of_the_rows(
    filled: Context, clock: Clock, code: str, studio: str
) -> None:
    clock.at = datetime(2027, 1, 2, tzinfo=SHANGHAI)
    period = parse_period(code)
    digest = make_digest(filled, period, find_scope(filled, studio=studio))
    assert told(digest) == expected(filled, period, studio)


def test_the_books_of_the_example_are_not_empty(filled: Context, clock: Clock) -> None:
    """Else the comparison above would prove little."""
    clock.at = MONDAY + timedelta(days=30)
    found = expected(filled, WEEK)
    assert all(found[name] for name in ("messages", "people", "matters", "opened", "closed"))
    assert len(found["messages"]) < len(messages())
    assert expected(filled, parse_period("2026"))["overdue"]


def test_a_deadline_at_the_very_end_of_the_period_has_passed(
    context: Context, clock: Clock
) -> None:
    """Deadlines are midnights, and so are the ends of periods."""
    (received,) = receive_messages(context, [a_message(sent_at=MONDAY)])
    with context.database.transaction() as connection:
        connection.execute(tables.matter.update().values(due_at=WEEK.end_at))
    clock.at = MONDAY + timedelta(days=70)
    later = parse_period("2026-W09")
    overdue = make_digest(context, later).overdue.matters
    assert [one.matter.id for one in overdue] == [received.matter_id]
    assert make_digest(context, parse_period("2026-02-28")).overdue.matters == ()


def test_what_was_closed_after_the_period_was_open_in_it(filled: Context, clock: Clock) -> None:
    clock.at = MONDAY + timedelta(days=30)
    shown = {hot.matter.id: hot.matter for hot in make_digest(filled, WEEK).hot}
    for row in rows(filled, tables.matter):
        if row["id"] in shown and row["closed_at"] and row["closed_at"] >= WEEK.end_at:
            assert shown[row["id"]].closed_at is None
            assert shown[row["id"]].status.value != "closed"


def test_counts_of_a_matter_end_with_the_period(context: Context, clock: Clock) -> None:
    people = [SenderDetails(f"某{n}") for n in range(5)]
    receive_messages(
        context,
        [
            a_message(TEXTS[0], sender=person, sent_at=MONDAY + timedelta(days=2 * n))
            for n, person in enumerate(people)
        ],
    )
    clock.at = MONDAY + timedelta(days=30)
    (hot,) = make_digest(context, WEEK).hot
    assert (hot.matter.message_count, hot.matter.people_count, hot.matter.copy_count) == (4, 4, 3)
    assert [quote.text for quote in hot.quotes] == [TEXTS[0]]
    assert hot.quotes[0].message_id in hot.tally.messages.message_ids


def test_quotes_and_titles_show_no_personal_data(context: Context, clock: Clock) -> None:
    text = "我叫欧阳某某，电话19900007654，庄里镇东巷的路灯不亮。"
    people = [SenderDetails(f"某{n}") for n in range(4)]
    batch = [
        a_message(text, title="请打19900007654", sender=person, sent_at=MONDAY) for person in people
    ]
    receive_messages(context, batch)
    clock.at = MONDAY + timedelta(days=30)
    assert "19900007654" not in repr(make_digest(context, WEEK))


def test_without_a_model_there_is_a_digest_too(by_hand: Context, clock: Clock) -> None:
    receive_messages(by_hand, messages())
    clock.at = MONDAY + timedelta(days=30)
    assert told(make_digest(by_hand, WEEK)) == expected(by_hand, WEEK)


def test_an_empty_database_has_an_empty_digest(context: Context, clock: Clock) -> None:
    clock.at = MONDAY + timedelta(days=30)
    digest = make_digest(context, WEEK)
    assert digest.messages == ()
    assert digest.overdue.matters == ()


def test_an_unknown_studio_or_a_future_period_is_refused(context: Context) -> None:
    with pytest.raises(NotFoundError, match="T9"):
        find_scope(context, studio="T9")
    with pytest.raises(InvalidInputError, match="尚未开始"):
        make_digest(context, parse_period("2030-W01"))
