"""What holds for every directory and message: hypothesis looks for a counterexample."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.reading.places import Place
from service.domain.assignment import PROPOSED
from service.domain.organisation import (
    Committee,
    CommitteeLevel,
    Member,
    Organisation,
    Studio,
    StudioKind,
)
from service.triage.route import Router, RouteRequest
from service.triage.workload import UncountedWorkloadError, uncounted
from tests.service.triage import routing_world as world

COMMITTEES = ("P", "Q", "R")
STUDIOS = tuple(f"T{n}" for n in range(5))
MEMBERS = tuple(f"m{n}" for n in range(8))
NAMES = ("王春来", "李秋去", "赵夏至", "孙冬藏", "周清明", "吴谷雨", "郑白露", "冯小满")
EMPLOYERS = ("", "三河口建材有限公司", "三河镇柳湾村村民委员会", "退休教师")
TOPICS = ("农村农业", "农村农业/村务管理", "农村农业/水利水电", "卫生计生", "没有这个主题")
WRITTEN = ("农村农业/村务管理", "农村农业/水利水电", "农村农业/农资农技", "卫生计生/公共卫生")
SECTORS = ("农业界", "医药卫生界", "没有这个界别", "")
DAYS = st.dates(date(2025, 1, 1), date(2025, 1, 20))
PLACES = (
    world.NOWHERE,
    Place("610528", "富平县", "富平县"),
    Place("610528102", "富平县美原镇", "富平县", "美原镇"),
    Place("11", "北京市"),
    Place("K2区", "K2区"),
)
ANYTHING = st.sampled_from

committees = st.builds(
    Committee,
    code=ANYTHING(COMMITTEES),
    name=ANYTHING(("甲政协", "乙政协")),
    level=ANYTHING(CommitteeLevel),
    parent=ANYTHING((*COMMITTEES, "")),
    division=ANYTHING(("61", "610528", "610528102", "")),
)
studios = st.builds(
    Studio,
    code=ANYTHING(STUDIOS),
    name=ANYTHING(("「春风」委员工作室", "美原镇委员工作室", "「云上」线上委员工作室")),
    kind=ANYTHING(StudioKind),
    committee=ANYTHING((*COMMITTEES, "gone")),
    areas=st.lists(ANYTHING(("美原镇", "富平县", "K2区")), max_size=2).map(tuple),
    sector=ANYTHING(SECTORS),
    topics=st.lists(ANYTHING(TOPICS), max_size=3).map(tuple),
    convener=ANYTHING((*MEMBERS, "")),
    capacity=st.integers(0, 3),
)
members = st.builds(
    Member,
    code=ANYTHING(MEMBERS),
    name=ANYTHING(NAMES),
    committee=ANYTHING(COMMITTEES),
    level=ANYTHING(CommitteeLevel),
    sector=ANYTHING(SECTORS),
    specialties=st.lists(ANYTHING(TOPICS), max_size=3).map(tuple),
    studios=st.lists(ANYTHING(STUDIOS), max_size=2, unique=True).map(tuple),
    employer=ANYTHING(EMPLOYERS),
    absent_from=st.none() | DAYS,
    absent_to=st.none() | DAYS,
    deputy=ANYTHING((*MEMBERS, "gone", "")),
)


def _by_code(nouns: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(nouns, max_size=8, unique_by=lambda noun: noun.code).map(tuple)


organisations = st.builds(Organisation, _by_code(committees), _by_code(studios), _by_code(members))
texts = st.lists(
    ANYTHING((*NAMES, *EMPLOYERS[1:], "请", "委员", "春风工作室", "渠堵了", "柳湾村村委会")),
    max_size=6,
).map("".join)
topics = st.dictionaries(ANYTHING(WRITTEN), st.floats(0.01, 1.0), max_size=3)
requests = st.builds(
    lambda text, topic, place, day, sender, wanted: world.request(
        text, topic, place=place, day=day, sender_name=sender, wanted_studio=wanted
    ),
    texts,
    topics,
    ANYTHING(PLACES),
    DAYS,
    ANYTHING((*NAMES, "")),
    ANYTHING((*STUDIOS, "gone", "")),
)
workloads = st.dictionaries(ANYTHING(STUDIOS), st.integers(0, 50))
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _router(organisation: Organisation) -> Router:
    return Router(organisation, world.taxonomy(), ("三河镇",))


@quick
@given(organisations, requests, workloads)
def test_whoever_is_proposed_exists_is_present_and_no_party(
    organisation: Organisation, request: RouteRequest, workload: dict[str, int]
) -> None:
    got = _router(organisation).route(request, workload)
    assert len(got.members) == len(set(got.members)) <= PROPOSED
    for code in got.members:
        member = organisation.member_by_code[code]
        assert not member.is_absent_on(request.sent_on)
        assert member.name not in request.text
        assert member.name != request.sender_name
        assert member.employer in ("", "退休教师") or member.employer not in request.text
    assert got.because


@quick
@given(organisations, requests, workloads)
def test_what_is_said_without_the_workload_holds_for_each(
    organisation: Organisation, request: RouteRequest, workload: dict[str, int]
) -> None:
    router = _router(organisation)
    try:
        said = router.route(request, uncounted())
    except UncountedWorkloadError:
        return
    assert said == router.route(request, workload)


@quick
@given(organisations, requests, workloads)
def test_the_studio_exists_and_is_not_its_own_runner_up(
    organisation: Organisation, request: RouteRequest, workload: dict[str, int]
) -> None:
    got = _router(organisation).route(request, workload)
    known = organisation.studio_by_code
    assert got.studio in known or got.studio == ""
    assert got.studio not in got.runners_up
    assert set(got.runners_up) <= set(known)
    assert bool(got.members) <= bool(got.studio)
    if request.wanted_studio in known:
        assert got.studio == request.wanted_studio


@quick
@given(organisations, requests, workloads, st.integers(0, 2**32))
def test_the_order_of_the_directory_changes_nothing(
    organisation: Organisation, request: RouteRequest, workload: dict[str, int], seed: int
) -> None:
    mixed = random.Random(seed)
    shuffled = Organisation(
        committees=tuple(mixed.sample(organisation.committees, len(organisation.committees))),
        studios=tuple(mixed.sample(organisation.studios, len(organisation.studios))),
        members=tuple(mixed.sample(organisation.members, len(organisation.members))),
    )
    router = _router(organisation)
    assert router.route(request, workload) == router.route(request, workload)
    assert _router(shuffled).route(request, workload) == router.route(request, workload)


@quick
@given(organisations, requests)
def test_workload_decides_only_between_equals(
    organisation: Organisation, request: RouteRequest
) -> None:
    router = _router(organisation)
    idle = router.route(request, {})
    busy = router.route(request, {idle.studio: 10**6})
    if busy.studio != idle.studio:
        assert "符合度相同" in "".join(busy.because)
        assert busy.runners_up[0] == idle.studio


@quick
@given(organisations, requests)
def test_three_are_proposed_where_three_are_present_and_no_party(
    organisation: Organisation, request: RouteRequest
) -> None:
    present = tuple(
        replace(member, absent_from=None, employer="") for member in organisation.members
    )
    quiet = replace(request, text="渠堵了", sender_name="")
    whole = replace(organisation, members=present)
    got = _router(whole).route(quiet, {})
    if got.studio:
        in_studio = {member.code for member in whole.members_of[got.studio]}
        assert len(got.members) >= min(PROPOSED, len(in_studio))
