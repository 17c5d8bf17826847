"""A digest narrowed to one reader's share, counted again from the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from service.digest.periods import ALL_TIME, parse_period
from service.domain.access import Account, Role, Scope, ScopeKind
from service.domain.deadline import SHANGHAI
from service.domain.digest_scope import WHOLE_COUNTY, DigestScopeKind
from service.domain.message import SenderDetails
from service.domain.organisation import Committee, CommitteeLevel, Organisation
from service.errors import ForbiddenError, InvalidInputError, NotFoundError
from service.storage import tables
from service.usecases.context import Context
from service.usecases.digests.digest import make_digest
from service.usecases.digests.digest_scope import committees_under, find_scope, scope_of_account
from service.usecases.intake.receive import receive_messages
from tests.makers import Clock, a_message
from tests.service.usecases.books import rows

MONDAY = datetime(2026, 2, 23, 9, tzinfo=SHANGHAI)
WEEK = parse_period("2026-W09")
TEXTS = (
    "庄里镇南街的井盖丢了，晚上看不见。",
    "学校食堂的菜总是凉的，孩子回家闹肚子。",
    "自来水从礼拜二停到现在，楼上楼下都没水。",
    "庄里镇敬老院门口的路坑坑洼洼。",
)


@pytest.fixture
def filled(context: Context, clock: Clock) -> Context:
    receive_messages(
        context,
        [
            a_message(
                text, sender=SenderDetails(f"某{n}"), sent_at=MONDAY + timedelta(days=n - 20 * k)
            )
            for k in range(2)
            for n, text in enumerate(TEXTS)
        ],
    )
    clock.at = MONDAY + timedelta(days=30)
    return context


@pytest.mark.parametrize(
    "kind", [DigestScopeKind.STUDIO, DigestScopeKind.DEPARTMENT, DigestScopeKind.TOPIC]
)
def test_the_shares_of_all_readers_are_the_whole(filled: Context, kind: DigestScopeKind) -> None:
    of_matter = {row["id"]: row[kind.value] for row in rows(filled, tables.matter)}
    demands = {row["message_id"]: row["matter_id"] for row in rows(filled, tables.demand)}
    whole = {one.id for one in make_digest(filled, WEEK).messages}
    found = set()
    for key in sorted(set(of_matter.values()) - {""}):
        digest = make_digest(filled, WEEK, find_scope(filled, **{kind.value: key}))
        ids = {one.id for one in digest.messages}
        assert ids == {id for id in whole if of_matter[demands[id]] == key}
        found |= ids
    assert found == {id for id in whole if of_matter[demands[id]]}


def test_a_topic_of_the_first_level_covers_those_below_it(filled: Context) -> None:
    topics = {row["topic"] for row in rows(filled, tables.matter)}
    for first in {topic[:2] for topic in topics}:
        whole = make_digest(filled, WEEK, find_scope(filled, topic=first)).messages
        below = [
            one
            for topic in topics
            if topic.startswith(first)
            for one in make_digest(filled, WEEK, find_scope(filled, topic=topic)).messages
        ]
        assert sorted(one.id for one in below) == [one.id for one in whole]


def test_a_committee_covers_those_below_it(filled: Context) -> None:
    city = Committee("SX", "某市政协", CommitteeLevel.CITY, "", "610500")
    organisation = filled.triage.organisation
    county = replace(organisation.committees[0], parent="SX")
    organisation = replace(organisation, committees=(city, county))
    above = replace(filled, triage=replace(filled.triage, organisation=organisation))
    own = make_digest(above, WEEK, find_scope(above, committee="FP"))
    assert own.messages == make_digest(above, WEEK, find_scope(above, committee="SX")).messages
    assert own.issuer == "富平县政协"
    assert {one.committee for one in own.messages} == {"FP"}


def test_committees_that_stand_in_a_ring_end() -> None:
    ring = (
        Committee("A", "甲", CommitteeLevel.CITY, "B", ""),
        Committee("B", "乙", CommitteeLevel.CITY, "A", ""),
    )
    assert committees_under(Organisation(committees=ring), "A") == ("A", "B")


@pytest.mark.parametrize("kind", ["committee", "studio", "department", "topic"])
@pytest.mark.parametrize("key", ["不存在", "%", "01_", "'; DROP TABLE matter", "010203", "\x00"])
def test_what_is_not_there_is_refused(context: Context, kind: str, key: str) -> None:
    with pytest.raises((NotFoundError, InvalidInputError)):
        find_scope(context, **{kind: key})


def test_of_two_scopes_nobody_knows_which(context: Context) -> None:
    with pytest.raises(InvalidInputError, match="委员工作室、主题"):
        find_scope(context, studio="T1", topic="01")
    assert find_scope(context) == WHOLE_COUNTY


def test_all_time_counts_every_message_and_compares_with_nothing(filled: Context) -> None:
    digest = make_digest(filled, ALL_TIME)
    assert [one.id for one in digest.messages] == [
        row["id"] for row in rows(filled, tables.message)
    ]
    assert digest.title == "民情总报（全部时间）"
    assert (digest.period.first_day, digest.period.last_day) == (
        (MONDAY - timedelta(days=20)).date(),
        (MONDAY + timedelta(days=3)).date(),
    )
    assert "没有可比" in digest.obstacle
    assert digest.overview.comparison.before == ()


def test_all_time_of_nothing_is_refused(context: Context) -> None:
    with pytest.raises(InvalidInputError, match="尚无留言"):
        make_digest(context, ALL_TIME)


def account(kind: ScopeKind, *codes: str) -> Account:
    return Account("某", Role.CONVENER, Scope(kind, frozenset(codes)))


def test_who_is_for_a_part_gets_that_part(context: Context) -> None:
    studio = account(ScopeKind.STUDIO, "T1")
    assert scope_of_account(context, studio, WHOLE_COUNTY) == find_scope(context, studio="T1")
    committee = account(ScopeKind.COMMITTEE, "FP")
    assert scope_of_account(context, committee, WHOLE_COUNTY).key == "FP"
    inside = find_scope(context, studio="T1")
    assert scope_of_account(context, committee, inside) == inside
    whole = account(ScopeKind.WHOLE)
    topic = find_scope(context, topic="04")
    assert scope_of_account(context, whole, topic) == topic


def test_who_is_for_a_part_gets_nothing_else(context: Context) -> None:
    studio = account(ScopeKind.STUDIO, "T1")
    for asked in ({"studio": "T2"}, {"committee": "FP"}, {"topic": "04"}, {"department": "住建局"}):
        with pytest.raises(ForbiddenError):
            scope_of_account(context, studio, find_scope(context, **asked))
    with pytest.raises(ForbiddenError):
        scope_of_account(context, account(ScopeKind.DEPARTMENT, "住建局"), WHOLE_COUNTY)
    several = account(ScopeKind.STUDIO, "T1", "T2")
    assert scope_of_account(context, several, WHOLE_COUNTY).key == "T1"
