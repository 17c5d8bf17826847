from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest import Facts, MatterFact, MessageFact, build_digest, render
from service.digest.compare import Change
from service.digest.counts import Dimension, Figure
from service.domain.deadline import SHANGHAI
from service.errors import InvalidInputError
from tests.service.digest.makers import (
    CUT,
    NAMES,
    WEEK,
    a_digest,
    a_matter,
    a_message,
    some_facts,
)
from tests.service.digest.strategies import MATTERS, MESSAGES


def test_the_title_names_the_period() -> None:
    assert a_digest().title == "民情周报（2019年第28周）"


def test_a_title_is_left_as_given_and_a_missing_one_is_said_to_be_missing() -> None:
    matters = (
        a_matter(1, title=" 关于路灯的问题"),
        a_matter(2, title="路灯坏了"),
        a_matter(3, title="\x00"),
    )
    messages = [a_message(10 * n + k, matter_id=n) for n in (1, 2, 3) for k in range(2)]
    titles = [hot.matter.title for hot in a_digest(*messages, matters=matters).hot]
    assert titles == ["关于路灯的问题", "路灯坏了", "（无标题）"]


def test_a_week_that_has_not_begun_has_no_digest() -> None:
    early = some_facts(cut_at=datetime(2019, 7, 7, 23, 59, tzinfo=SHANGHAI))
    with pytest.raises(InvalidInputError, match="尚未开始"):
        build_digest(WEEK, early, NAMES)


def test_the_overview_counts_what_was_opened_closed_and_closed_in_time() -> None:
    day = a_matter(1).opened_at
    in_time = a_matter(1, closed_at=day.replace(day=10))
    too_late = a_matter(2, closed_at=day.replace(day=11), due_at=day.replace(day=9))
    before = a_matter(3, opened_at=day.replace(month=6), closed_at=day.replace(day=7))
    overview = a_digest(a_message(1, matter_id=2), matters=(in_time, too_late, before)).overview
    assert overview.matters.matter_ids == (2,)
    assert overview.opened.matter_ids == (1, 2)
    assert overview.closed.matter_ids == (1, 2)
    assert overview.in_time.matter_ids == (1,)


def test_urgent_messages_and_those_to_review_can_be_opened() -> None:
    overview = a_digest(a_message(1, is_urgent=True), a_message(2, needs_review=True)).overview
    assert (overview.urgent, overview.to_review) == (Figure(1, (1,)), Figure(1, (2,)))


def test_a_topic_that_fell_to_nothing_stays_in_the_table() -> None:
    earlier = [
        a_message(n, topic_l1="04", sent_on=period.first_day)
        for place, period in enumerate(WEEK.base())
        for n in range(20 * place + 1, 20 * place + 21)
    ]
    [row] = a_digest(*earlier).table(Dimension.TOPIC_L1).rows
    assert (row.name, row.tally.messages, row.comparison.change) == (
        "环境保护",
        Figure(0),
        Change.FALL,
    )


@given(MESSAGES, MATTERS)
def test_every_number_can_be_counted_again_from_its_messages(
    messages: Sequence[MessageFact], matters: Sequence[MatterFact]
) -> None:
    digest = build_digest(WEEK, some_facts(tuple(messages), tuple(matters)), NAMES)
    known = {message.id: message for message in messages if WEEK.has(message.sent_on)}
    tallies = [row.tally for table in digest.tables for row in table.rows]
    tallies += [hot.tally for hot in digest.hot] + [digest.overview.tally]
    tallies += [pair.tally for pair in digest.fresh.pairs or ()]
    for one in tallies:
        behind = [known[id] for id in one.messages.message_ids]
        assert one.messages.value == len(behind)
        keys = [message.sender_key for message in behind]
        assert one.people.value == len(set(keys) - {None}) + keys.count(None)
        assert one.copies.value == sum(m.relation.value == "copy" for m in behind)


@given(MESSAGES, MATTERS)
def test_each_table_adds_up_to_the_whole_period(
    messages: Sequence[MessageFact], matters: Sequence[MatterFact]
) -> None:
    digest = build_digest(WEEK, some_facts(tuple(messages), tuple(matters)), NAMES)
    whole = sorted(message.id for message in messages if WEEK.has(message.sent_on))
    for table in digest.tables:
        ids = [id for row in table.rows for id in row.tally.messages.message_ids]
        assert sorted(ids) == whole


@given(MESSAGES, MATTERS, st.integers())
def test_the_order_of_the_facts_does_not_matter(
    messages: list[MessageFact], matters: list[MatterFact], seed: int
) -> None:
    facts = some_facts(tuple(messages), tuple(matters))
    Random(seed).shuffle(messages)
    Random(seed).shuffle(matters)
    shuffled = Facts(tuple(messages), tuple(matters), CUT, facts.known_since)
    one, other = build_digest(WEEK, facts, NAMES), build_digest(WEEK, shuffled, NAMES)
    assert one == other
    assert render(one, ".html") == render(other, ".html")


@given(MESSAGES)
def test_days_outside_the_window_change_nothing(messages: list[MessageFact]) -> None:
    inside = some_facts(tuple(messages))
    far = replace(inside, messages=(*messages, a_message(99_999, sent_on=CUT.date())))
    assert build_digest(WEEK, inside, NAMES) == build_digest(WEEK, far, NAMES)
