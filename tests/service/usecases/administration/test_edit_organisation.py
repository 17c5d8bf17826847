"""The organisation edited in place: each edit is checked as a change of the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.domain.organisation import OrganisationBook, Shift
from service.domain.sector import Sector
from service.errors import NotFoundError, OrganisationChangedError, OrganisationFileError
from service.intake.organisation_sheets import (
    COMMITTEES,
    DEPARTMENTS,
    MEMBERS,
    STUDIOS,
    Sheet,
)
from service.usecases.administration.edit_organisation import (
    Absence,
    Editor,
    delete_row,
    put_absence,
    put_row,
    put_sectors,
    put_shifts,
    show_row,
)
from service.usecases.administration.organisation import (
    list_organisation_changes,
    read_book,
    save_book,
)
from service.usecases.context import Context
from tests.makers import a_member, a_small_organisation, a_studio

SMALL = a_small_organisation()
ANYONE = Editor("甲", None)
SHIFT = Shift("T1", "T1-M1", date(2026, 3, 2), date(2026, 3, 6))


@pytest.fixture
def stored(context: Context) -> Context:
    save_book(context, OrganisationBook(SMALL), "甲")
    return context


def test_a_new_studio_comes_in_three_steps(stored: Context) -> None:
    studio = a_studio("T3", "丙室", convener="")
    saved = put_row(stored, STUDIOS, studio, ANYONE)
    assert saved.warnings == ("工作室 T3：工作室“T3”没有委员，派到这里的事项无人接",)
    assert put_row(stored, MEMBERS, a_member("T3", "丙"), ANYONE).warnings == ()
    put_row(stored, STUDIOS, replace(studio, convener="T3-M1"), Editor("乙", 3))
    assert show_row(stored, STUDIOS, "T3") == (4, replace(studio, convener="T3-M1"))
    (change,) = list_organisation_changes(stored, 1)
    assert (change.actor, change.row.fields) == ("乙", (("召集人", "", "T3-M1"),))


def test_a_row_is_replaced_where_it_stands(stored: Context) -> None:
    first = replace(SMALL.departments[0], duties="管房子")
    put_row(stored, DEPARTMENTS, first, ANYONE)
    assert read_book(stored).book.organisation.departments == (first, *SMALL.departments[1:])


@pytest.mark.parametrize(
    ("sheet", "code"),
    [(COMMITTEES, "FP"), (STUDIOS, "T1"), (MEMBERS, "T1-M1")],
)
def test_what_others_refer_to_is_not_deleted(stored: Context, sheet: Sheet, code: str) -> None:
    with pytest.raises(OrganisationFileError, match=code):
        delete_row(stored, sheet, code, ANYONE)
    assert read_book(stored).book.organisation == SMALL


def test_what_nobody_refers_to_is_deleted(stored: Context) -> None:
    delete_row(stored, DEPARTMENTS, "住建局", ANYONE)
    assert read_book(stored).book.organisation.departments == SMALL.departments[1:]


@pytest.mark.parametrize("sheet", [COMMITTEES, STUDIOS, MEMBERS, DEPARTMENTS])
@pytest.mark.parametrize("code", ["没有", "", "t1", "x" * 1000])
def test_what_is_not_there_is_told(stored: Context, sheet: Sheet, code: str) -> None:
    with pytest.raises(NotFoundError):
        show_row(stored, sheet, code)
    with pytest.raises(NotFoundError):
        delete_row(stored, sheet, code, ANYONE)


def test_an_absence_is_put_and_taken_back(stored: Context) -> None:
    away = Absence(date(2026, 3, 9), None, "T2-M1")
    put_absence(stored, "T1-M1", away, ANYONE)
    member = show_row(stored, MEMBERS, "T1-M1")[1]
    assert (member.absent_from, member.absent_to, member.deputy) == (away.first_day, None, "T2-M1")
    with pytest.raises(OrganisationFileError, match="绕成一圈"):
        put_absence(stored, "T2-M1", Absence(None, None, "T1-M1"), ANYONE)
    put_absence(stored, "T1-M1", Absence(None, None, ""), ANYONE)
    assert read_book(stored).book.organisation == SMALL
    with pytest.raises(NotFoundError):
        put_absence(stored, "没有", away, ANYONE)


def test_the_shifts_of_a_studio_are_put_as_a_whole(stored: Context) -> None:
    elsewhere = replace(SHIFT, studio="T2", member="T2-M1")
    put_shifts(stored, "T2", [elsewhere], ANYONE)
    put_shifts(stored, "T1", [SHIFT, replace(SHIFT, weekdays=(1,))], ANYONE)
    put_shifts(stored, "T1", [SHIFT], ANYONE)
    assert read_book(stored).book.organisation.shifts == (elsewhere, SHIFT)
    with pytest.raises(OrganisationFileError, match="不是工作室“T1”的委员"):
        put_shifts(stored, "T1", [replace(SHIFT, member="T2-M1")], ANYONE)
    with pytest.raises(NotFoundError):
        put_shifts(stored, "没有", [], ANYONE)


def test_the_sectors_of_a_committee_are_put_as_a_whole(stored: Context) -> None:
    put_sectors(stored, "FP", ["农业界", "乡贤"], ANYONE)
    assert read_book(stored).book.organisation.sectors == (
        Sector("FP", "农业界"),
        Sector("FP", "乡贤"),
    )
    with pytest.raises(OrganisationFileError, match="“农业界”不在界别名录中"):
        put_sectors(stored, "FP", ["乡贤"], ANYONE)
    put_sectors(stored, "FP", [], ANYONE)
    assert read_book(stored).book.organisation == SMALL
    with pytest.raises(NotFoundError):
        put_sectors(stored, "没有", [], ANYONE)


def test_the_second_of_two_editors_is_told(stored: Context) -> None:
    delete_row(stored, DEPARTMENTS, "住建局", Editor("甲", 1))
    with pytest.raises(OrganisationChangedError, match="现行版本为 2"):
        delete_row(stored, DEPARTMENTS, "教育局", Editor("乙", 1))
