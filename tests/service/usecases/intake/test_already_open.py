"""What is already open on a draft: found, told without telling on anybody, nothing written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.message import SenderDetails
from service.domain.status import MatterStatus
from service.storage import tables
from service.storage.tables import metadata
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.context import Context
from service.usecases.intake.already_open import (
    CLOSED_DAYS,
    SHOWN,
    find_already_open,
    find_for_anyone,
    round_people,
)
from service.usecases.intake.receive import receive_messages
from tests.makers import NOW, Clock, a_message, close_matter
from tests.service.usecases.books import rows

LAMP = "庄里镇三合村东巷的路灯坏了半个月，晚上走路看不见，请派人来修。"
DRAFT = "三合村东巷路灯坏了半个月，晚上看不见走路"
COURT = "学校操场租给人停车，孩子没有地方跑步。"


def receive(context: Context, *texts: str, title: str = "东巷路灯全黑", **changes: object) -> None:
    for number, text in enumerate(texts):
        sender = SenderDetails(f"来信人{number}", f"1990000{number:04}")
        receive_messages(context, [a_message(text, title=title, sender=sender, **changes)])


def everything(context: Context) -> dict[str, object]:
    return {table.name: rows(context, table) for table in metadata.sorted_tables}


def test_a_draft_finds_the_matter_it_is_about(context: Context) -> None:
    receive(context, LAMP)
    receive(context, COURT, title="操场")
    (found,) = find_already_open(context, "路灯", DRAFT)
    assert (found.matter.id, found.opening_title) == (1, "东巷路灯全黑")
    assert found.probability >= 0.6
    (public,) = find_for_anyone(context, "路灯", DRAFT)
    assert public.title == "东巷路灯全黑"
    assert public.place.endswith("庄里镇")
    assert (public.since, public.people_zh) == ("2026-03", "少于 3 人")


def test_what_is_not_alike_is_not_shown(context: Context) -> None:
    receive(context, LAMP)
    assert find_already_open(context, "", "中学食堂的饭菜里两次吃出虫子，请来查。") == ()


def test_nothing_is_written_and_nothing_is_kept(context: Context) -> None:
    receive(context, LAMP)
    before = everything(context)
    assert find_for_anyone(context, "路灯", DRAFT)
    assert everything(context) == before


def test_whoever_writes_does_not_hold_it_up(context: Context) -> None:
    receive(context, LAMP)
    with context.database.transaction():
        assert find_for_anyone(context, "路灯", DRAFT)


@pytest.mark.parametrize(
    ("title", "text"),
    [("", ""), ("路灯", "坏了"), ("", "路，灯！！！！ \n\n ……。。。。坏"), (" ", "　")],
)
def test_a_draft_of_few_letters_finds_nothing(context: Context, title: str, text: str) -> None:
    receive(context, "路灯坏了", title="路灯坏了")
    assert find_already_open(context, title, text) == ()


@pytest.mark.parametrize(
    "text", ["\x00" * 20, "\ud800" * 20, "🙂" * 20, "x" * 50_000, "灯" * 50_000]
)
def test_any_draft_will_do(context: Context, text: str) -> None:
    receive(context, LAMP)
    assert len(find_for_anyone(context, text, text)) <= 1


def test_without_a_model_nothing_is_found(by_hand: Context, context: Context) -> None:
    receive(context, LAMP)
    assert find_already_open(by_hand, "路灯", DRAFT) == ()


def test_at_most_five_the_likest_first(context: Context) -> None:
    apart = replace(context, triage=replace(context.triage, join_at=1.1))  # none joins another
    for number in range(SHOWN + 2):
        receive(apart, LAMP + "请尽快。" * number, title="")
    found = find_already_open(apart, "", LAMP)
    assert len(found) == SHOWN
    assert found[0].matter.id == 1
    assert [one.probability for one in found] == sorted(
        (one.probability for one in found), reverse=True
    )


def test_the_closed_are_shown_for_a_while(context: Context, clock: Clock) -> None:
    receive(context, LAMP)
    close_matter(context, 1, "已修好", "admin")
    (found,) = find_for_anyone(context, "路灯", DRAFT)
    assert found.stage_zh == "最近已办结"
    clock.forward(days=CLOSED_DAYS)
    assert find_already_open(context, "路灯", DRAFT)
    clock.forward(seconds=1)
    assert find_already_open(context, "路灯", DRAFT) == ()


def test_the_stage_is_told_in_plain_words(context: Context) -> None:
    receive(context, LAMP)
    (found,) = find_already_open(context, "路灯", DRAFT)
    told = {
        status: replace(found, matter=replace(found.matter, status=status)).stage_zh
        for status in MatterStatus
    }
    assert told[MatterStatus.REVIEW] == told[MatterStatus.RECEIVED] == "已收到，正在分办"
    assert told[MatterStatus.ASSIGNED] == "已交办，正在办理"


def test_a_title_that_may_name_somebody_is_held_back(context: Context) -> None:
    receive(context, LAMP, title="郭晓芸家门前路灯坏了")
    (found,) = find_already_open(context, "路灯", DRAFT)
    (public,) = find_for_anyone(context, "路灯", DRAFT)
    assert found.matter.title == "〔姓名〕家门前路灯坏了"
    assert public.title == ""
    assert context.triage.taxonomy.path(public.topic)[0] == "城乡建设"


def test_a_matter_without_a_title_quotes_nobodys_text(context: Context) -> None:
    receive(context, LAMP, title="")
    (found,) = find_already_open(context, "", DRAFT)
    assert found.matter.title.startswith("庄里镇三合村东巷")
    (public,) = find_for_anyone(context, "", DRAFT)
    assert public.title == ""


@pytest.mark.parametrize(
    ("kind", "topic"), [("report", ("城乡建设", "其他")), ("complaint", ("纪检监察", "干部作风"))]
)
def test_an_accusation_is_told_to_the_desk_alone(
    context: Context, kind: str, topic: tuple[str, str]
) -> None:
    receive(context, LAMP)
    code = context.triage.taxonomy.code(*topic)
    correction = Correction(
        topic=code, department="住建局", kind=kind, is_urgent=False, studio="T1", note=""
    )
    correct_matter(context, 1, correction, "admin")
    assert find_already_open(context, "路灯", DRAFT)
    assert find_for_anyone(context, "路灯", DRAFT) == ()


def test_nothing_of_a_sender_is_told_to_anyone(context: Context) -> None:
    sender = SenderDetails("钱多多", "19900007777")
    text = LAMP + "我叫钱多多，电话19900007777。"
    receive_messages(context, [a_message(text, title="钱多多家路灯坏了", sender=sender)])
    (public,) = find_for_anyone(context, "路灯", DRAFT)
    assert not any(secret in repr(public) for secret in ("钱多多", "1990000", "〔"))


def test_people_are_counted_roughly(context: Context) -> None:
    receive(context, *[f"{LAMP}第{n}次说。" for n in range(4)])
    (found,) = find_already_open(context, "路灯", DRAFT)
    assert found.matter.people_count == 4
    assert find_for_anyone(context, "路灯", DRAFT)[0].people_zh == "3 人以上"


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "少于 3 人"), (1, "少于 3 人"), (2, "少于 3 人"), (3, "3 人以上"), (9, "3 人以上"),
        (10, "10 人以上"), (299, "100 人以上"), (1_000_000, "1000 人以上"),
    ],
)  # fmt: skip
def test_a_number_of_people_is_rounded_down(count: int, told: str) -> None:
    assert round_people(count) == told


def test_since_is_a_month_in_china(context: Context) -> None:
    late = NOW.replace(month=2, day=28, hour=23, minute=59)
    receive(context, LAMP, sent_at=late - timedelta(0))
    assert find_for_anyone(context, "路灯", DRAFT)[0].since == "2026-02"
    assert rows(context, tables.matter)[0]["opened_at"].day == 28
