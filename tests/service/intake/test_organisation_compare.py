"""What became other between two states of an organisation, row by row and field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given

from service.domain.organisation import Activity, OrganisationBook, Shift
from service.domain.organisation_change import ChangeAction, RowChange
from service.domain.sector import Sector
from service.intake.organisation_compare import compare_books
from tests.makers import a_small_organisation, a_studio
from tests.service.intake.organisation_books import books

SMALL = a_small_organisation()
BOOK = OrganisationBook(SMALL)


def compare(**changes: Any) -> tuple[RowChange, ...]:
    return compare_books(BOOK, OrganisationBook(replace(SMALL, **changes)))


def test_a_change_tells_each_field_before_and_after() -> None:
    first, second = SMALL.members
    away = replace(first, absent_from=date(2026, 3, 9), deputy="T2-M1", is_shown=True)
    assert compare(members=(away, second)) == (
        RowChange(
            "委员",
            "T1-M1",
            "甲委员",
            ChangeAction.CHANGED,
            (("缺席起", "", "2026-03-09"), ("代理委员", "", "T2-M1"), ("展示", "0", "1")),
        ),
    )


def test_what_is_new_or_gone_is_told_whole() -> None:
    new = a_studio("T3", "丙室", convener="", areas=("甲镇", "乙镇"))
    added, removed = compare(studios=(*SMALL.studios, new), departments=SMALL.departments[1:])
    assert (added.sheet, added.code, added.action) == ("工作室", "T3", ChangeAction.ADDED)
    assert ("地域", "", "甲镇;乙镇") in added.fields
    assert removed == RowChange(
        "承办单位", "住建局", "住建局", ChangeAction.REMOVED, (("名称", "住建局", ""),)
    )


def test_shifts_and_sectors_come_and_go_as_rows() -> None:
    shift = Shift("T1", "T1-M1", date(2026, 3, 2), date(2026, 3, 3), (1, 7), "09:00-11:30")
    sector, duty = compare(shifts=(shift,), sectors=(Sector("FP", "农业界"),))
    assert (sector.sheet, sector.code, sector.name) == ("界别", "FP／农业界", "农业界")
    assert duty.code == "T1／T1-M1／2026-03-02／2026-03-03／一;日／09:00-11:30"


def test_another_order_alone_is_a_change_where_it_is_kept() -> None:
    (found,) = compare(departments=SMALL.departments[::-1])
    assert found == RowChange("承办单位", "", "", ChangeAction.REORDERED)
    did = [Activity(f"A{n}", "T1", "微协商", date(2026, 3, n), "路灯") for n in (1, 2)]
    as_done, turned = (replace(BOOK, activities=tuple(each)) for each in (did, did[::-1]))
    assert compare_books(as_done, turned) == ()


@given(one=books(), other=books())
def test_nothing_is_told_exactly_where_nothing_changed(
    one: OrganisationBook, other: OrganisationBook
) -> None:
    assert compare_books(one, one) == ()
    if one.organisation != other.organisation:
        there, back = compare_books(one, other), compare_books(other, one)
        assert there
        added = {(row.sheet, row.code) for row in there if row.action is ChangeAction.ADDED}
        gone = {(row.sheet, row.code) for row in back if row.action is ChangeAction.REMOVED}
        assert added == gone
