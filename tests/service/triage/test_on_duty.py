"""Who is on duty goes first among members who are equally suited, and only among these."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from classifier.reading.places import Place
from service.domain.organisation import Member, Organisation, Shift
from service.triage.route import Router, RouteRequest
from tests.makers import a_member, a_small_organisation, a_studio
from tests.service.triage.routing_world import classification, taxonomy

MONDAY = date(2026, 3, 2)
HERE = Place("610528", "富平县")
WATER = "农村农业/水利水电"


def member(code: str, *specialties: str, **changes: Any) -> Member:
    return replace(a_member("T1", f"{code}委员", *specialties), code=code, sector="", **changes)


def route(members: tuple[Member, ...], *shifts: Shift, day: date = MONDAY) -> Any:
    organisation = Organisation(
        committees=a_small_organisation().committees,
        studios=(a_studio("T1", "甲室", convener=members[0].code),),
        members=members,
        shifts=shifts,
    )
    request = RouteRequest(HERE, "渠堵了", classification({WATER: 1.0}), day, "")
    return Router(organisation, taxonomy(), ()).route(request, {})


def shift(code: str, **changes: Any) -> Shift:
    return replace(Shift("T1", code, MONDAY, MONDAY), **changes)


EQUALS = (member("A", WATER), member("B", WATER), member("C", WATER))


def test_among_equals_who_is_on_duty_goes_first() -> None:
    assert route(EQUALS).members == ("A", "B", "C")
    found = route(EQUALS, shift("C"))
    assert found.members == ("C", "A", "B")
    assert f"委员：C委员，专长写明“{WATER}”，当日值班" in found.because


@pytest.mark.parametrize(
    "changes",
    [
        {"first_day": date(2026, 3, 3), "last_day": date(2026, 3, 9)},
        {"last_day": date(2026, 3, 9), "weekdays": (2, 3)},
        {"studio": "T9"},
    ],
)
def test_a_shift_on_another_day_or_elsewhere_changes_nothing(changes: dict[str, Any]) -> None:
    found = route(EQUALS, shift("C", **changes))
    assert found.members == ("A", "B", "C")
    assert not [line for line in found.because if "值班" in line]


def test_who_knows_the_topic_better_goes_before_who_is_on_duty() -> None:
    members = (member("A", WATER), member("B", "农村农业"))
    assert route(members, shift("B")).members == ("A", "B")


def test_the_deputy_stands_in_for_who_is_on_duty_and_away() -> None:
    away = replace(EQUALS[2], absent_from=MONDAY, deputy="B")
    found = route((*EQUALS[:2], away), shift("C"))
    assert found.members == ("B", "A")
    assert any("当日缺席，由代理委员B委员接" in line for line in found.because)
