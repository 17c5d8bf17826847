"""The history and the new words of a digest, from real rows."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from random import Random

from service.digest.periods import parse_period
from service.domain.digest_scope import WHOLE_COUNTY
from service.domain.message import SenderDetails
from service.storage import tables
from service.storage.digests.facts.history import read_history
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.digests.new_words import evenly
from service.usecases.intake.receive import receive_messages
from tests.makers import Clock, a_message
from tests.service.usecases.books import rows
from tests.service.usecases.digests.test_digest import MONDAY, messages

COMPLAINTS = (
    "自来水发黄，烧开有沉淀",
    "庄里镇东巷的路灯从上个月起就不亮",
    "学校操场租给人停车，体育课改在走廊里上",
    "桥头路面塌陷一个大坑",
    "卫生院夜里没有值班医生",
    "公交车两个小时才来一趟",
    "果园的滴灌设备没有人修",
    "养老金认证要跑三个窗口",
)
FIRST, END = date(2026, 1, 1), date(2026, 3, 1)


def test_history_counts_what_is_no_copy_day_by_day(context: Context) -> None:
    receive_messages(context, messages())
    demands = {row["message_id"]: row for row in rows(context, tables.demand)}
    matters = {row["id"]: row for row in rows(context, tables.matter)}
    again: Counter[tuple[date, str, str, str]] = Counter()
    for row in rows(context, tables.message):
        demand = demands[row["id"]]
        if demand["relation"] != "copy" and FIRST <= row["sent_on"] < END:
            matter = matters[demand["matter_id"]]
            again[row["sent_on"], matter["topic"], matter["place"], matter["department"]] += 1
    with context.database.reading() as connection:
        history = read_history(connection, FIRST, END, WHOLE_COUNTY)
        drawn = read_history(connection, FIRST, END, WHOLE_COUNTY, most=4)
    assert {key[:4]: key[4] for key in history} == again
    assert 0 < sum(key[4] for key in drawn) <= 4


def test_a_word_of_three_people_that_nobody_used_is_told(context: Context, clock: Clock) -> None:
    old = [
        a_message(
            f"{one}，{other}。",
            sender=SenderDetails(f"某{n}"),
            sent_at=MONDAY - timedelta(days=n % 27 + 1),
            external_id=f"old{n}",
        )
        for n, (one, other) in enumerate(combinations(COMPLAINTS, 2))
    ]
    new = [
        a_message(
            f"{COMPLAINTS[n]}，还有人从窗口飞线充电，怕着火。",
            sender=SenderDetails(f"甲{n}"),
            sent_at=MONDAY + timedelta(hours=n),
            external_id=f"new{n}",
        )
        for n in range(6)
    ]
    before = a_message("路灯不亮。", sent_at=MONDAY - timedelta(days=60), external_id="first")
    receive_messages(context, [before, *old, *new])
    clock.at = MONDAY + timedelta(days=8)
    told = make_digest(context, parse_period("2026-W09")).new_words
    [word] = [one for one in told if "充电" in one.word]
    assert word.people.value == len(word.people.message_ids) >= 4


def unlike_others(number: int) -> str:
    """Characters that no other message has in this order."""
    return "".join(map(chr, Random(number).choices(range(0x4E00, 0x9000), k=30)))


def test_what_came_up_at_this_season_counts_again_from_its_rows(
    context: Context, clock: Clock
) -> None:
    ahead = MONDAY + timedelta(days=7)
    sent = [("学校", ahead - timedelta(days=800))]
    for back in (1, 2):
        begin = ahead - timedelta(days=364 * back)
        sent += [("路面塌陷", begin + timedelta(days=3 + n)) for n in range(12)]
        sent += [("学校", begin + timedelta(days=n % 28)) for n in range(45)]
        sent += [("学校", begin + timedelta(days=100 + n)) for n in range(60)]
    alone = replace(context, triage=replace(context.triage, pair_model=None))
    receive_messages(
        alone,
        [
            a_message(
                unlike_others(number),
                title=word,
                sender=SenderDetails(f"某{number % 17}"),
                sent_at=sent_at,
                external_id=f"s{number}",
            )
            for number, (word, sent_at) in enumerate(sent)
        ],
    )
    clock.at = MONDAY + timedelta(days=8)
    season = make_digest(context, parse_period("2026-W09")).season
    demands = {row["message_id"]: row for row in rows(context, tables.demand)}
    matters = {row["id"]: row for row in rows(context, tables.matter)}
    assert [told.by_year for told in season.topics] == [(12, 12)]
    for told in season.topics:
        again = {
            row["id"]: row
            for row in rows(context, tables.message)
            if any(first <= row["sent_on"] <= last for first, last in season.spans)
            and demands[row["id"]]["relation"] != "copy"
            and matters[demands[row["id"]]["matter_id"]]["topic"] == told.topic
            and told.place in ("", matters[demands[row["id"]]["matter_id"]]["place"])
        }
        assert told.tally.messages.message_ids == tuple(sorted(again))
        assert told.tally.people.value == len({row["sender_id"] for row in again.values()})
        assert set(told.departments) == {
            matters[demands[each]["matter_id"]]["department"] for each in again
        }


def test_of_many_ids_evenly_distant_ones_are_drawn() -> None:
    assert evenly(range(10), 4) == [0, 3, 6, 9]
    assert evenly(range(3), 4) == [0, 1, 2]
    assert evenly([], 4) == []
