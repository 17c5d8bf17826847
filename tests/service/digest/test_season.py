"""What came up at this season of former years, by the same numbers counted another way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digest import Facts, MessageFact, build_digest, render
from service.digest.compare import FALSE_RATE
from service.digest.counts import count_people
from service.digest.outline.assemble import outline
from service.digest.outline.blocks import Paragraph, Table
from service.digest.season import (
    COMING_DAYS,
    YEAR_DAYS,
    Season,
    find_season,
    former_spans,
    with_messages,
)
from service.domain.relation import Relation
from tests.service.digest.makers import NAMES, WEEK, a_message, some_facts

AHEAD = WEEK.last_day + timedelta(days=1)
LAST_YEAR, YEAR_BEFORE = (AHEAD - timedelta(days=YEAR_DAYS * back) for back in (1, 2))
HEATING, NOISE, ROADS = "0102", "0401", "0601"
Piece = tuple[date, str, str, str, int]


def two_years(daily: int = 2) -> list[Piece]:
    """Roads and noise on every day of somewhat more than two years."""
    first = AHEAD - timedelta(days=2 * YEAR_DAYS + 70)
    return [
        (first + timedelta(days=at), topic, place, "住建局", daily)
        for at in range((WEEK.window()[0] - first).days)
        for topic, place in ((ROADS, "淡村镇"), (NOISE, "庄里镇"))
    ]


def a_season(begin: date, count: int = 10, **changes: object) -> list[MessageFact]:
    """Messages about heating in the weeks from ``begin``, by as many people."""
    number = begin.toordinal() * 100
    return [
        a_message(
            number + n,
            sent_on=begin + timedelta(days=n % COMING_DAYS),
            topic=HEATING,
            place="庄里镇",
            department="城管局" if n % 3 else "住建局",
            sender_key=n,
            **changes,
        )
        for n in range(count)
    ]


def facts_of(*seasons: Sequence[MessageFact], history: Sequence[Piece] = ()) -> Facts:
    pieces = [
        (one.sent_on, one.topic, one.place, one.department, 1) for part in seasons for one in part
    ]
    known = min([AHEAD, *(day for day, *_ in [*history, *pieces])])
    return replace(some_facts(known_since=known), history=(*history, *pieces))


def season_of(*seasons: Sequence[MessageFact], history: Sequence[Piece] | None = None) -> Season:
    facts = facts_of(*seasons, history=two_years() if history is None else history)
    found = find_season(WEEK, facts, NAMES)
    return with_messages(found, [one for part in seasons for one in part])


def test_what_came_up_in_both_years_is_told_with_its_messages_and_departments() -> None:
    seasons = a_season(LAST_YEAR), a_season(YEAR_BEFORE, 7)
    season = season_of(*seasons)
    [told] = season.topics
    assert told.name == "城乡建设／城市建设和市政管理（庄里镇）"
    assert told.by_year == (10, 7)
    assert told.tally.messages.message_ids == tuple(sorted(one.id for p in seasons for one in p))
    assert told.tally.people.value == 10
    assert told.departments == ("城管局", "住建局")
    assert (season.first_day, season.last_day) == (AHEAD, AHEAD + timedelta(days=COMING_DAYS - 1))


def test_the_probability_is_that_of_the_binomial_tail() -> None:
    seasons = a_season(LAST_YEAR), a_season(YEAR_BEFORE, 7)
    elsewhere = a_season(YEAR_BEFORE + timedelta(days=90), 2)
    [told] = season_of(*seasons, elsewhere).topics
    pieces = [*two_years(), *((one.sent_on, "", "", "", 1) for p in seasons for one in p)]
    spans = [(day, day + timedelta(days=COMING_DAYS)) for day in (LAST_YEAR, YEAR_BEFORE)]
    inside = sum(n for day, *_, n in pieces if any(a <= day < b for a, b in spans))
    outside = sum(n for *_, n in pieces) - inside + 2
    share = inside / (inside + outside)
    tail = sum(comb(19, k) * share**k * (1 - share) ** (19 - k) for k in range(17, 20))
    assert told.p_value == pytest.approx(tail, rel=1e-6)
    assert told.usual == pytest.approx(2 * inside / outside)
    assert told.count == 17


def test_an_incident_of_one_year_is_no_season_where_two_are_known() -> None:
    assert season_of(a_season(LAST_YEAR)).topics == ()
    young = [piece for piece in two_years(5) if piece[0] >= LAST_YEAR - timedelta(days=30)]
    assert season_of(a_season(LAST_YEAR), history=young).topics[0].by_year == (10,)


def test_one_persons_letters_are_no_season() -> None:
    seasons = a_season(LAST_YEAR), a_season(YEAR_BEFORE)
    one = [[replace(each, sender_key=1) for each in part] for part in seasons]
    assert season_of(*one).topics == ()


def test_copies_and_parts_count_nothing() -> None:
    season = season_of(a_season(LAST_YEAR), a_season(YEAR_BEFORE))
    copies = [
        *a_season(LAST_YEAR, relation=Relation.COPY),
        *a_season(YEAR_BEFORE, part_of=5),
    ]
    assert with_messages(season, copies).topics == ()


def test_what_is_the_same_at_all_places_is_told_once_of_all() -> None:
    parts = [
        [replace(one, place=f"{place}镇", id=one.id * 10 + n) for one in a_season(day, 2)]
        for day in (LAST_YEAR, YEAR_BEFORE)
        for n, place in enumerate("甲乙丙丁戊己庚")
    ]
    [told] = season_of(*parts).topics
    assert (told.place, told.count) == ("", 28)


def test_what_comes_all_year_is_no_season() -> None:
    assert season_of().topics == ()
    assert season_of().obstacle == ""


def test_without_a_former_year_it_is_said() -> None:
    known = AHEAD - timedelta(days=YEAR_DAYS - 1)
    assert former_spans(WEEK, known) == ()
    assert len(former_spans(WEEK, known - timedelta(days=1))) == 1
    digest = build_digest(WEEK, some_facts(known_since=known), NAMES)
    assert "没有往年同期的数据" in digest.season.obstacle
    told = outline(digest).sections[2].blocks[-1]
    assert isinstance(told, Paragraph)
    assert f"{digest.season.obstacle}。" in told.text
    nothing = build_digest(WEEK, some_facts(known_since=None), NAMES)
    assert "尚无留言" in nothing.season.obstacle
    thin = build_digest(WEEK, facts_of(a_season(LAST_YEAR), a_season(YEAR_BEFORE)), NAMES)
    assert "不足100条" in thin.season.obstacle


def test_the_document_shows_each_year_and_whose_it_was() -> None:
    seasons = a_season(LAST_YEAR), a_season(YEAR_BEFORE, 7)
    digest = build_digest(WEEK, facts_of(*seasons, history=two_years()), NAMES)
    digest = replace(digest, season=season_of(*seasons))
    tables = [each for each in outline(digest).sections[2].blocks if isinstance(each, Table)]
    [table] = [each for each in tables if each.caption == "往年同期多发的问题"]
    assert [column.heading for column in table.columns][1:3] == ["上年", "前年"]
    [row] = table.rows
    assert row.cells[1:4] == (10, 7, 10)
    assert row.cells[5] == "城管局、住建局"
    for suffix in (".json", ".html", ".docx", ".xlsx"):
        assert render(digest, suffix)


PIECES = st.lists(
    st.tuples(
        st.integers(0, 2 * YEAR_DAYS + 30).map(lambda back: AHEAD - timedelta(days=back)),
        st.sampled_from(["", HEATING, NOISE, ROADS]),
        st.sampled_from(["", "庄里镇", "淡村镇"]),
        st.just("住建局"),
        st.integers(1, 40),
    ),
    max_size=30,
)


@given(PIECES, st.integers())
def test_whatever_is_known_the_figures_hold_together(pieces: list[Piece], seed: int) -> None:
    history = [*two_years(), *pieces]
    facts = facts_of(history=history)
    season = find_season(WEEK, facts, NAMES)
    for told in season.topics:
        assert told.count > told.usual
        assert 0 <= told.p_value <= FALSE_RATE
        assert told.topic
    Random(seed).shuffle(history)
    assert find_season(WEEK, replace(facts, history=tuple(history)), NAMES) == season
    messages = [
        a_message(n, sent_on=day, topic=topic, place=place, department=department, sender_key=n % 5)
        for n, (day, topic, place, department, _) in enumerate(pieces)
    ]
    for told in with_messages(season, messages).topics:
        behind = [one for one in messages if one.id in told.tally.messages.message_ids]
        assert told.tally.messages.value == len(behind) == sum(told.by_year)
        assert 2 <= told.tally.people.value == count_people(behind) <= len(behind)
        assert {(one.topic, told.place and one.place) for one in behind} == {
            (told.topic, told.place)
        }
