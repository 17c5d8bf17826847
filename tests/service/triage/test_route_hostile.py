"""Directories and requests made to break the router: each gets an answer that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classifier.reading.places import Place
from service.domain.assignment import Assignment
from service.domain.classification import Verdict
from service.domain.organisation import (
    Committee,
    CommitteeLevel,
    Department,
    Member,
    Organisation,
    Studio,
    StudioKind,
)
from service.triage.route import Router
from tests.service.triage import routing_world as world

FUPING = Place("610528", "富平县", "富平县")
FARMING = {"农村农业/村务管理": 1.0}


def _router(
    committees: tuple[Committee, ...] = (),
    studios: tuple[Studio, ...] = (),
    members: tuple[Member, ...] = (),
) -> Router:
    return Router(Organisation(committees, studios, members), world.taxonomy(), ())


def _committee(code: str, parent: str = "", division: str = "", level: str = "county") -> Committee:
    return Committee(code, f"{code}政协", CommitteeLevel(level), parent, division)


def _studio(code: str, committee: str, kind: StudioKind = StudioKind.ONLINE) -> Studio:
    return Studio(code, f"{code}号委员工作室", kind, committee)


def _member(code: str, studio: str, **fields: object) -> Member:
    member = Member(code, f"人{code}", "F", CommitteeLevel.COUNTY, "", studios=(studio,))
    return replace(member, **fields)  # type: ignore[arg-type]


def _route(router: Router, text: str = "村务不公开", place: Place = FUPING) -> Assignment:
    return router.route(world.request(text, FARMING, place=place), {})


@pytest.mark.parametrize("place", [FUPING, world.NOWHERE, Place("Z9区", "Z9区")])
def test_an_empty_organisation_leaves_the_matter_to_a_person(place: Place) -> None:
    got = _route(_router(), place=place)
    assert (got.studio, got.members, got.runners_up) == ("", (), ())
    assert "请人工决定" in "".join(got.because)


@pytest.mark.parametrize(
    "text", ["", "\x00", "'; DROP TABLE matter; --", "😀" * 1000, "委员工作室" * 20000]
)
def test_any_text_is_routed(text: str) -> None:
    request = world.request(text, FARMING, place=FUPING)
    assert world.router().route(request, {}).studio == "F-3"


def test_parents_that_run_in_a_circle_end_the_way_up() -> None:
    router = _router((_committee("F", "W", "610528"), _committee("W", "F", "6105")))
    assert _route(router).studio == ""
    liaison = (_committee("A", "B", "610528", "liaison"), _committee("B", "A", "", "liaison"))
    assert _route(_router(liaison, (_studio("A-1", "A"),))).studio in {"", "A-1"}


def test_a_committee_that_is_its_own_parent_still_takes_its_messages() -> None:
    router = _router((_committee("F", "F", "610528"),), (_studio("F-1", "F"),))
    assert _route(router).studio == "F-1"


def test_codes_that_stand_for_nothing_are_passed_over() -> None:
    studio = replace(_studio("F-1", "F"), convener="nobody", deputies=("no one",))
    lost = replace(_studio("X-1", "nowhere"), topics=("没有这个主题", "农村农业/没有", "a/b/c/d"))
    members = (
        _member("m1", "F-1", specialties=("没有这个主题",), sector="没有这个界别"),
        _member("m2", "no studio"),
    )
    got = _route(_router((_committee("F", "gone", "610528"),), (studio, lost), members))
    assert (got.studio, got.members) == ("F-1", ("m1",))


@pytest.mark.parametrize("label", ["", "99", "9999", "x", "10020199"])
def test_a_topic_code_the_taxonomy_does_not_know_goes_to_who_takes_all_topics(label: str) -> None:
    classification = replace(
        world.classification(FARMING), topic_l1=Verdict("", 1.0), topic=Verdict(label, 1.0)
    )
    request = world.request("有事", place=Place("610528102", "富平县美原镇", "富平县", "美原镇"))
    assert world.router().route(replace(request, classification=classification), {}).studio == "F-2"


def test_probabilities_that_are_none_count_for_nothing() -> None:
    classification = replace(
        world.classification(FARMING),
        topic_l1=Verdict("10", float("nan")),
        topic=Verdict("1012", float("nan"), (("1002", -1.0), ("1009", 0.0))),
    )
    request = replace(world.request("有事", place=FUPING), classification=classification)
    assert world.router().route(request, {}).studio == ""


def test_a_studio_without_members_is_proposed_with_nobody_in_it() -> None:
    got = _route(_router((_committee("F", "", "610528"),), (_studio("F-1", "F"),)))
    assert (got.studio, got.members) == ("F-1", ())
    assert "没有可派的委员" in "".join(got.because)


def test_absent_members_whose_deputies_are_absent_too_are_not_proposed() -> None:
    away = {"absent_from": date(2025, 1, 1)}
    members = (
        _member("m1", "F-1", deputy="m2", **away),
        _member("m2", "F-1", deputy="m1", **away),
        _member("m3", "F-1", deputy="gone", **away),
        _member("m4", "F-1", deputy="m4", **away),
    )
    got = _route(_router((_committee("F", "", "610528"),), (_studio("F-1", "F"),), members))
    assert (got.studio, got.members) == ("F-1", ())


def test_a_deputy_who_is_named_does_not_stand_in_nor_does_a_named_members_deputy() -> None:
    away = {"absent_from": date(2025, 1, 1)}
    members = (
        _member("m1", "F-1", deputy="m2", name="王春来", **away),
        _member("m2", "", name="李秋去"),
        _member("m3", "F-1", name="赵夏至"),
    )
    router = _router((_committee("F", "", "610528"),), (_studio("F-1", "F"),), members)
    assert _route(router).members == ("m2", "m3")
    assert _route(router, "李秋去不公开村务").members == ("m3",)
    assert _route(router, "王春来不公开村务").members == ("m3",)


def test_two_studios_of_one_name_are_told_apart_by_the_place() -> None:
    studios = tuple(
        Studio(f"{c}-1", "「春风」委员工作室", StudioKind.SPECIALTY, c) for c in ("F", "Y")
    )
    committees = (_committee("F", "", "610528"), _committee("Y", "", "610723"))
    got = _route(_router(committees, studios), "请转春风工作室")
    assert got.studio == "F-1"


def test_the_department_is_told_by_the_text_only_without_a_model() -> None:
    departments = (Department("水利局", ("水务局",)), Department("城管局"), Department("其他"))
    organisation = Organisation(departments=departments)
    router = Router(organisation, world.taxonomy(), ())
    text = "城管局和水务局都不管,水务局说找其他"
    without = router.route(world.request(text, place=FUPING), {})
    assert without.department == "水利局"
    assert "按文中写到的定为水利局" in without.because[-1]
    agreed = router.route(world.request(text, FARMING, place=FUPING), {})
    assert (agreed.department, len(agreed.because)) == ("水利局", len(without.because))
    apart = router.route(world.request("城管局不管", FARMING, place=FUPING), {})
    assert apart.department == "水利局"
    assert "文中写到的是城管局，与水利局不一致" in apart.because[-1]
    nobody = router.route(world.request("没人管", place=FUPING), {})
    assert (nobody.department, "请人工决定" in nobody.because[-1]) == ("", True)


def test_a_person_s_word_on_the_department_is_told_as_such() -> None:
    request = world.request("渠堵了", FARMING, place=FUPING)
    assert request.classification is not None
    decided = replace(request.classification, decided_by="desk")
    got = world.router().route(replace(request, classification=decided), {})
    assert got.because[-1] == "承办单位：水利局，由人工确定"


def test_where_only_level_1_is_known_all_its_topics_count_alike() -> None:
    known = world.classification({"环境保护/环境污染": 1.0})
    classification = replace(known, topic=Verdict("", 0.0), topic_l1=Verdict("04", 0.8))
    request = replace(world.request("有事", place=FUPING), classification=classification)
    assert world.router().route(request, {}).studio == "F-4"
