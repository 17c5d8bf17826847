from dataclasses import replace
from datetime import date, timedelta

from service.digest import build_digest, parse_period
from service.digest.facts import Facts, MessageFact
from service.digest.outline.assemble import outline
from service.digest.outline.blocks import Paragraph, Table
from service.digest.quotes import Text
from service.digest.voices import give_voice, wanted_texts
from service.domain.relation import Relation
from tests.service.digest.makers import NAMES, WEEK, a_message, some_facts

HISTORY = tuple(
    (WEEK.first_day - timedelta(days=at), topic, place, "住建局", 1)
    for at in range(29, 200)
    for topic, place in (("0110", "庄里镇"), ("0601", "淡村镇"), ("1401", "宫里镇"))
)


def a_burst(count: int = 9, **changes: object) -> tuple[MessageFact, ...]:
    """Messages of three days of the week about noise in a town that never had any."""
    return tuple(
        a_message(
            n,
            sent_on=WEEK.first_day + timedelta(days=n % 3),
            topic="0401",
            place="庄里镇",
            sender_key=n,
            **changes,
        )
        for n in range(1, count + 1)
    )


def quiet_weeks() -> tuple[MessageFact, ...]:
    return tuple(
        a_message(
            1000 + at, sent_on=WEEK.first_day - timedelta(days=at), topic="0110", place="庄里镇"
        )
        for at in range(-6, 29)
    )


def facts_of(*messages: MessageFact) -> Facts:
    return replace(some_facts((*messages, *quiet_weeks())), history=HISTORY)


def test_a_burst_is_told_once_with_its_messages() -> None:
    [rise] = build_digest(WEEK, facts_of(*a_burst()), NAMES).rising.rises
    assert (rise.name, rise.department) == ("环境保护／环保管理（庄里镇）", "")
    assert rise.tally.messages.message_ids == tuple(range(1, 10))
    assert rise.burst.count == 9 > 1 > rise.burst.expected


def test_copies_raise_nothing() -> None:
    copies = a_burst(relation=Relation.COPY)
    assert build_digest(WEEK, facts_of(*copies), NAMES).rising.rises == ()


def test_parts_of_a_message_raise_nothing() -> None:
    assert build_digest(WEEK, facts_of(*a_burst(part_of=99)), NAMES).rising.rises == ()


def test_it_is_told_with_an_example() -> None:
    digest = build_digest(WEEK, facts_of(*a_burst()), NAMES)
    assert set(range(1, 10)) <= set(wanted_texts(digest))
    texts = [Text(n, n, "噪音", "工地夜里两点还在打桩，全家人都睡不着觉。") for n in range(1, 10)]
    [section] = [
        one
        for one in outline(give_voice(digest, texts, lambda line: True)).sections
        if "上升" in one.heading
    ]
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert table.rows[0].cells[:4] == ("环境保护／环保管理（庄里镇）", "7月8日至10日", 9, 9)
    assert any(getattr(block, "text", "").startswith("“工地夜里") for block in section.blocks)


def test_where_history_is_too_short_it_is_said() -> None:
    young = replace(facts_of(*a_burst()), known_since=date(2019, 7, 1))
    assert "历史不足28天" in build_digest(WEEK, young, NAMES).rising.obstacle
    thin = replace(facts_of(*a_burst()), history=())
    told = build_digest(WEEK, thin, NAMES)
    assert told.rising.obstacle == "以往留言不足100条，不判断短期突增"
    said = [one.text for one in outline(told).sections[2].blocks if isinstance(one, Paragraph)]
    assert any(text.startswith("以往留言不足100条，不判断短期突增。") for text in said)


def test_a_year_lists_none() -> None:
    facts = replace(facts_of(*a_burst()), known_since=date(2018, 1, 1))
    year = build_digest(parse_period("2019"), facts, NAMES)
    assert "超过一个季度" in year.rising.obstacle
