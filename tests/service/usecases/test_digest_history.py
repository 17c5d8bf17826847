"""The history and the new words of a digest, from real rows."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations

from service.digest.periods import parse_period
from service.domain.digest_scope import WHOLE_COUNTY
from service.domain.message import SenderDetails
from service.storage import tables
from service.storage.facts.history import read_history
from service.usecases.context import Context
from service.usecases.digest import make_digest
from service.usecases.new_words import evenly
from service.usecases.receive import receive_messages
from tests.makers import Clock, a_message
from tests.service.usecases.books import rows
from tests.service.usecases.test_digest import MONDAY, messages

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


def test_of_many_ids_evenly_distant_ones_are_drawn() -> None:
    assert evenly(range(10), 4) == [0, 3, 6, 9]
    assert evenly(range(3), 4) == [0, 1, 2]
    assert evenly([], 4) == []
