"""Stuck matters, work, ratings and the model's health, counted again from the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from service.digest.judged_facts import Head
from service.digest.periods import parse_period
from service.domain.consultation import ConsultationKind
from service.domain.deadline import SHANGHAI
from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.path import Move
from service.storage import tables
from service.usecases.casework.casework import move_matter
from service.usecases.casework.consulting import Consultation, record_consultation
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.digests.digest_scope import find_scope
from service.usecases.intake.receive import receive_messages
from service.usecases.intake.receptions import open_reception, receive_at
from tests.makers import Clock, a_message, close_matter
from tests.service.usecases.books import rows

WEEK = parse_period("2026-W09")  # 23 February to 1 March, after the Spring Festival
MONDAY = datetime(2026, 2, 23, 9, tzinfo=SHANGHAI)
TEXTS = (
    "庄里镇北街的水管爆了，水流了一地。",
    "学校门口每天堵车，孩子迟到。",
    "小区的垃圾堆了两个礼拜没人收。",
    "河边的护栏断了三根，很危险。",
    "公园里的灯全坏了，跳舞的人摔了一跤。",
    "菜市场的秤不准，少称了二两。",
)


def at(clock: Clock, day: float) -> None:
    clock.at = MONDAY + timedelta(days=day)


@pytest.fixture
def busy(context: Context, clock: Clock) -> Context:
    return live_through(context, clock)


def live_through(context: Context, clock: Clock) -> Context:
    """A week in which all that a digest tells of happened, some of it just outside."""
    context = replace(context, triage=replace(context.triage, pair_model=None))
    at(clock, -30)
    received = [
        receive_messages(
            context,
            [a_message(text, sender=SenderDetails(f"某{n}"), sent_at=clock.at)],
        )[0]
        for n, text in enumerate(TEXTS)
    ]
    ids = sorted({one.matter_id for one in received})
    assert len(ids) >= 5
    for matter in ids:
        with context.database.transaction() as connection:
            connection.execute(
                update(tables.matter).where(tables.matter.c.id == matter).values(studio="T1")
            )
    _bounce(context, clock, ids[0], (-2, -1))
    _bounce(context, clock, ids[1], (-2, 9))  # the second time after the week
    at(clock, 1)
    close_matter(context, ids[2], "王科", "已清运")
    at(clock, 2)
    move_matter(context, ids[2], Order(Move.REOPEN, note="又堆上了"), "王科")
    at(clock, 3)
    close_matter(context, ids[3], "王科", "已换护栏")
    record_consultation(context, ids[4], _held(clock, ConsultationKind.CONSULTATION, True), "王科")
    record_consultation(context, ids[4], _held(clock, ConsultationKind.SUPERVISION, False), "王科")
    reception = open_reception(context, "T2", clock.at.date(), "镇政府", ("T2-M1",), "王科")
    receive_at(context, reception, a_message("村里的路太窄，会车困难。", sent_at=clock.at), "王科")
    correct_matter(context, ids[4], Correction("0102", "教育局", "help", False, "T1"), "王科")
    _answered_and_rated(context, ids[3], clock.at)
    at(clock, 30)
    return context


def _bounce(context: Context, clock: Clock, matter: int, days: tuple[int, ...]) -> None:
    """Send it out and let it come back on each of these days."""
    for day in days:
        at(clock, day)
        (status,) = [row["status"] for row in rows(context, tables.matter) if row["id"] == matter]
        if status == "assigned":
            move_matter(context, matter, Order(Move.REVIEW), "王科")
        move_matter(context, matter, Order(Move.DISPATCH), "王科")
        move_matter(
            context, matter, Order(Move.RETURN, note="不归我们管", return_reason="not_ours"), "王科"
        )


def _held(clock: Clock, kind: ConsultationKind, is_solved: bool) -> Consultation:
    return Consultation(kind, clock.at.date(), "三方代表", "商定了办法", is_solved)


def _answered_and_rated(context: Context, matter: int, moment: datetime) -> None:
    leading = min(
        row["message_id"] for row in rows(context, tables.demand) if row["matter_id"] == matter
    )
    with context.database.transaction() as connection:
        reply = connection.execute(
            insert(tables.reply)
            .values(
                matter_id=matter,
                state="sent",
                text="已换",
                masked_text="已换",
                department="住建局",
                drafted_by="王科",
                drafted_at=moment,
                checked_by="",
                checked_at=None,
                sent_by="王科",
                sent_at=moment,
                check=[],
            )
            .returning(tables.reply.c.id)
        ).scalar_one()
        connection.execute(
            insert(tables.rating).values(
                reply_id=reply,
                message_id=leading,
                satisfaction="dissatisfied",
                reason="还是不牢",
                at=moment,
            )
        )


def in_week(moment: datetime) -> bool:
    return WEEK.has(moment.astimezone(SHANGHAI).date())


def of_kind(context: Context, *kinds: str) -> list[dict[str, Any]]:
    return [
        row
        for row in rows(context, tables.event)
        if row["kind"] in kinds and row["at"] < WEEK.end_at
    ]


def open_then(context: Context) -> dict[int, dict[str, Any]]:
    return {
        row["id"]: row
        for row in rows(context, tables.matter)
        if row["opened_at"] < WEEK.end_at
        and not (row["closed_at"] and row["closed_at"] < WEEK.end_at)
    }


def test_what_is_stuck_is_what_the_histories_tell(busy: Context) -> None:
    whole, still = make_digest(busy, WEEK).stuck.whole, open_then(busy)
    returns = [row["matter_id"] for row in of_kind(busy, "returned")]
    bounced = tuple(sorted(id for id in still if returns.count(id) >= 2))
    reopened = {row["matter_id"] for row in of_kind(busy, "reopened")}
    assert whole.bounced.matter_ids == bounced
    assert len(bounced) == 1
    assert whole.reopened.matter_ids == tuple(sorted(reopened & still.keys()))
    assert whole.reopened.value == 1
    assert whole.low_rated.value == 1
    later = make_digest(busy, parse_period("2026-W10")).stuck.whole
    assert len(later.bounced.matter_ids) == 2
    assert later.low_rated.value == 0


def test_departments_and_studios_have_all_that_is_stuck(busy: Context) -> None:
    stuck = make_digest(busy, WEEK).stuck
    for parts in (stuck.departments, stuck.studios):
        for place, figure in enumerate(stuck.whole.figures):
            ids = sorted(id for row in parts for id in row.figures[place].matter_ids)
            assert tuple(ids) == figure.matter_ids


def test_the_longest_waiting_are_the_oldest_of_all_open(busy: Context) -> None:
    waiting = make_digest(busy, WEEK).stuck.waiting
    still = sorted(open_then(busy).values(), key=lambda row: (row["opened_at"], row["id"]))
    assert [one.matter.id for one in waiting] == [row["id"] for row in still[:10]]
    assert [one.open_days for one in waiting] == [
        (WEEK.end_at - row["opened_at"]).days for row in still[:10]
    ]


def test_the_work_is_what_was_recorded(busy: Context) -> None:
    work = make_digest(busy, WEEK).work
    held = [row for row in rows(busy, tables.consultation) if WEEK.has(row["held_on"])]
    closed = [
        row for row in rows(busy, tables.matter) if row["closed_at"] and in_week(row["closed_at"])
    ]
    receptions = [row["id"] for row in rows(busy, tables.reception) if WEEK.has(row["held_on"])]
    taken = [row["message_id"] for row in rows(busy, tables.reception_message)]
    whole = work.whole
    assert whole.receptions.deed_ids == tuple(receptions)
    assert whole.receptions.message_ids == tuple(taken)
    assert len(taken) == 1
    assert whole.consultations.value + whole.supervisions.value == len(held) == 2
    assert whole.solved.deed_ids == tuple(row["id"] for row in held if row["is_solved"])
    assert whole.replies.value == 1
    assert whole.closings.deed_ids == tuple(row["id"] for row in closed)
    assert whole.in_time.deed_ids == tuple(
        row["id"] for row in closed if row["closed_at"] <= row["due_at"]
    )
    assert {row.key for row in work.studios} == {"T1", "T2"}
    member = next(row for row in work.members if row.key == "T2-M1")
    assert member.receptions.value == 1


def test_one_studio_sees_its_own_work_only(busy: Context) -> None:
    own = make_digest(busy, WEEK, find_scope(busy, studio="T2")).work
    assert [row.key for row in own.studios] == ["T2"]
    assert own.whole.receptions.value == 1
    assert own.whole.consultations.value == 0
    assert make_digest(busy, WEEK, find_scope(busy, topic="04")).work.whole.receptions.value == 0


def test_ratings_stand_in_the_overview(busy: Context) -> None:
    overview = make_digest(busy, WEEK).overview
    rated = [row["message_id"] for row in rows(busy, tables.rating)]
    assert overview.rated.message_ids == tuple(rated)
    assert (overview.rated.value, overview.satisfied.value) == (1, 0)


def test_the_model_is_held_against_what_people_decided(busy: Context) -> None:
    now = make_digest(busy, WEEK).health.periods[0]
    made = rows(busy, tables.classification)
    person = [row for row in made if row["decided_by"] != "model" and in_week(row["decided_at"])]
    assert now.checked.message_ids == tuple(sorted({row["message_id"] for row in person}))
    assert len(person) >= 2
    first = {row["message_id"]: row for row in made if row["decided_by"] == "model"}
    for one in now.heads:
        if one.head in (Head.TOPIC, Head.DEPARTMENT, Head.KIND):
            name = one.head.value
            wrong = {r["message_id"] for r in person if first[r["message_id"]][name] != r[name]}
            assert set(one.corrected.message_ids) == wrong
    assert any(one.corrected.value for one in now.heads)
    looked = {
        row["matter_id"]
        for row in rows(busy, tables.event)
        if row["kind"] in ("review_wanted", "sent_to_review")
    }
    opened = {row["id"] for row in rows(busy, tables.matter) if in_week(row["opened_at"])}
    assert set(now.opened.matter_ids) == opened
    assert set(now.alone.matter_ids) == opened - looked


def test_every_version_of_the_model_has_its_messages(busy: Context) -> None:
    month = make_digest(busy, parse_period("2026-01"))
    ids = [id for one in month.health.versions for id in one.messages.message_ids]
    assert sorted(ids) == [message.id for message in month.messages]


def test_a_year_ago_is_told_to_be_missing_and_the_festival_to_differ(busy: Context) -> None:
    earlier = {one.label_zh: one for one in make_digest(busy, WEEK).overview.earlier}
    assert list(earlier) == ["上周", "四周前", "去年同周"]
    last = earlier["上周"]
    assert "春节" in last.obstacle
    assert last.figures is not None
    assert earlier["去年同周"].figures is None
    assert "起有留言" in earlier["去年同周"].obstacle


def test_an_earlier_period_has_the_figures_of_its_own_digest(busy: Context) -> None:
    """What the next week says of this one is what W09 says of itself."""
    own = make_digest(busy, WEEK).overview
    later = make_digest(busy, parse_period("2026-W10")).overview.earlier[0].figures
    assert later is not None
    assert later.tally == own.tally
    for name in ("matters", "opened", "closed", "in_time", "rated", "satisfied"):
        assert getattr(later, name) == getattr(own, name)
