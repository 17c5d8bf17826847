from dataclasses import replace
from datetime import date

import pytest

from service.domain.organisation import (
    Committee,
    CommitteeLevel,
    Member,
    Organisation,
    Shift,
)
from tests.makers import a_member, a_small_organisation, a_studio

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("day", "away"),
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_a_member_is_absent_on_both_ends_of_the_span(day: date, away: bool) -> None:
    member = replace(a_member("T1", "甲"), absent_from=MARCH[0], absent_to=MARCH[1])
    assert member.is_absent_on(day) is away


def test_an_absence_without_an_end_goes_on() -> None:
    member = replace(a_member("T1", "甲"), absent_from=MARCH[0])
    assert member.is_absent_on(date(2099, 1, 1))
    assert not member.is_absent_on(date(2026, 2, 28))


def test_a_member_without_an_absence_is_there() -> None:
    assert not replace(a_member("T1", "甲"), absent_to=MARCH[1]).is_absent_on(MARCH[0])


def test_everything_is_found_by_its_code() -> None:
    organisation = a_small_organisation()
    assert organisation.studio_by_code["T2"].name == "教育界委员工作室"
    assert organisation.member_by_code["T1-M1"].name == "甲委员"
    assert organisation.committee_by_code["FP"].division == "610528"


def test_members_stand_by_studio_in_the_order_of_the_directory() -> None:
    def member(code: str, *studios: str) -> Member:
        return replace(a_member("T1", code), code=code, studios=studios)

    organisation = Organisation(
        studios=(a_studio("T1", "甲室"), a_studio("T2", "乙室"), a_studio("T3", "丙室")),
        members=(member("b", "T2", "T1"), member("a", "T1"), member("c", "nowhere")),
    )
    codes = {code: [m.code for m in found] for code, found in organisation.members_of.items()}
    assert codes == {"T1": ["b", "a"], "T2": ["b"], "T3": [], "nowhere": ["c"]}


def test_an_empty_directory_has_nobody() -> None:
    empty = Organisation()
    assert not (empty.members_of or empty.studio_by_code or empty.member_by_code)


@pytest.mark.parametrize(
    ("day", "weekdays", "is_on"),
    [
        (date(2026, 3, 1), (), True),
        (date(2026, 3, 31), (), True),
        (date(2026, 2, 28), (), False),
        (date(2026, 4, 1), (), False),
        (date(2026, 3, 1), (7,), True),  # a Sunday
        (date(2026, 3, 2), (7,), False),
        (date(2026, 3, 2), (1, 7), True),
    ],
)
def test_a_shift_is_on_both_ends_of_its_span_on_its_weekdays(
    day: date, weekdays: tuple[int, ...], is_on: bool
) -> None:
    assert Shift("T1", "T1-M1", *MARCH, weekdays).is_on(day) is is_on


def test_shifts_stand_by_studio() -> None:
    shifts = (Shift("T2", "b", *MARCH), Shift("T1", "a", *MARCH), Shift("T2", "c", *MARCH))
    assert Organisation(shifts=shifts).shifts_of == {
        "T2": (shifts[0], shifts[2]),
        "T1": (shifts[1],),
    }


def test_above_and_below_a_committee_ends_even_in_a_circle() -> None:
    tree = [("SX", ""), ("WN", "SX"), ("FP", "WN"), ("PC", "WN"), ("A", "B"), ("B", "A")]
    committees = tuple(
        Committee(code, code, CommitteeLevel.COUNTY, parent, "") for code, parent in tree
    )
    organisation = Organisation(committees=committees)

    def codes(found: tuple[Committee, ...]) -> list[str]:
        return [each.code for each in found]

    assert codes(organisation.above("FP")) == ["WN", "SX"]
    assert codes(organisation.below("SX")) == ["WN", "FP", "PC"]
    assert codes(organisation.below("FP")) == codes(organisation.above("")) == []
    assert codes(organisation.above("A")) == ["B"]
