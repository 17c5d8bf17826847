"""What an organisation must be in itself, told by the codes of what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from classifier.judging.taxonomy import Taxonomy
from service.domain.organisation import (
    Committee,
    CommitteeLevel,
    Department,
    Organisation,
    OrganisationBook,
    Shift,
)
from service.domain.sector import Sector
from service.errors import OrganisationFileError
from service.intake.organisation_checks import Terms
from service.intake.organisation_files import OrganisationFiles, check_book
from tests.makers import a_member, a_small_organisation, a_studio

TERMS = Terms(Taxonomy.load(), frozenset({"61", "610528"}))
SMALL = a_small_organisation()
FIRST, SECOND = SMALL.members
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def check(**changes: Any) -> OrganisationFiles:
    return check_book(OrganisationBook(replace(SMALL, **changes)), TERMS)


def errors(**changes: Any) -> list[str]:
    with pytest.raises(OrganisationFileError) as refusal:
        check(**changes)
    return refusal.value.detail.splitlines()


def with_first(**changes: Any) -> dict[str, Any]:
    return {"members": (replace(FIRST, **changes), SECOND)}


def a_committee(code: str, level: CommitteeLevel, parent: str = "") -> Committee:
    return Committee(code, f"{code}政协", level, parent, "")


def test_a_whole_organisation_passes_without_a_word() -> None:
    assert check().book == OrganisationBook(SMALL)
    assert check().warnings == ()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (with_first(deputy="T1-M1"), "委员 T1-M1：“代理委员”中的“T1-M1”不存在于其他委员中"),
        (with_first(deputy="没有"), "委员 T1-M1：“代理委员”中的“没有”不存在，请改正或先登记"),
        (with_first(sector="天文界"), "委员 T1-M1：“界别”中的“天文界”不在界别名录中"),
        (with_first(specialties=("天文",)), "委员 T1-M1：“专长”中的“天文”不在主题分类中"),
        (with_first(studios=("T1", "T1")), "委员 T1-M1：同一格中有重复的值"),
        (with_first(studios=("T1", "")), "委员 T1-M1：多个值中不能有空的，也不能含有分号"),
        (with_first(specialties=("政法;民政",)), "多个值中不能有空的，也不能含有分号"),
        (with_first(name=""), "委员 T1-M1：“姓名”不能为空"),
        (with_first(name="甲\x00"), "委员 T1-M1：“姓名”含有不可见字符"),
        (with_first(absent_to=MARCH[1]), "委员 T1-M1：“缺席止”早于“缺席起”，或者缺少"),
        (with_first(studios=()), "工作室 T1：召集人或副召集人“T1-M1”不是本工作室的委员，请在该"),
        ({"members": (*SMALL.members, FIRST)}, "委员 T1-M1：编号“T1-M1”重复"),
        ({"departments": (Department("甲", division="9"),)}, "承办单位 甲：“区划代码”中的“9”"),
        ({"departments": (Department(""),)}, "承办单位：“名称”不能为空"),
        ({"sectors": (Sector("没有", "甲界"),)}, "界别 没有：“政协”中的“没有”不存在"),
        ({"sectors": (Sector("FP", "甲、乙"),)}, "界别 FP：一行只写一个界别"),
        ({"sectors": (Sector("FP", "农业界"),) * 2}, "界别 FP：界别“农业界”重复"),
        ({"sectors": (Sector("FP", "乡贤"),)}, "委员 T1-M1：“界别”中的“农业界”不在界别名录中"),
        ({"shifts": (Shift("T1", "T2-M1", *MARCH),)}, "“T2-M1”不是工作室“T1”的委员"),
        ({"shifts": (Shift("T9", "T1-M1", *MARCH),)}, "值班 T9：“工作室”中的“T9”不存在"),
        ({"shifts": (Shift("T1", "没有", *MARCH),)}, "值班 T1：“委员”中的“没有”不存在"),
        ({"shifts": (Shift("T1", "T1-M1", *MARCH[::-1]),)}, "值班 T1：“止”早于“起”"),
        ({"shifts": (Shift("T1", "T1-M1", *MARCH),) * 2}, "值班 T1：这一班重复登记"),
        ({"shifts": (Shift("T1", "T1-M1", *MARCH, (), "11:00-9:00"),)}, "“时段”应为 09:00-11:30"),
        ({"shifts": (Shift("T1", "T1-M1", *MARCH, (), "11:00-09:00"),)}, "“时段”应为"),
        ({"shifts": (Shift("T1", "T1-M1", *MARCH, (), "24:00-25:00"),)}, "“时段”应为"),
    ],
)
def test_each_fault_is_told_by_code(changes: dict[str, Any], complaint: str) -> None:
    found = errors(**changes)
    assert any(complaint in line for line in found), found


@pytest.mark.parametrize("code", ["甲 乙", "甲;乙", "甲/乙", "Ａ１", " A1", "A" * 65, "\u3000"])
def test_a_code_is_what_an_address_can_bear(code: str) -> None:
    found = errors(committees=(*SMALL.committees, a_committee(code, CommitteeLevel.COUNTY)))
    assert any("“编号”" in line for line in found), found


def test_deputies_that_run_in_a_circle_are_told_each() -> None:
    members = (replace(FIRST, deputy="T2-M1"), replace(SECOND, deputy="T1-M1"))
    assert errors(members=members) == [
        "委员 T1-M1：代理委员绕成一圈，无人可接，请改换其中一人",
        "委员 T2-M1：代理委员绕成一圈，无人可接，请改换其中一人",
    ]


@pytest.mark.parametrize(
    ("level", "parent", "complaint"),
    [
        (CommitteeLevel.CITY, "FP", "政协 X：上级“FP”的级别应高于本级"),
        (CommitteeLevel.COUNTY, "FP", "上级“FP”的级别应高于本级"),
        (CommitteeLevel.COUNTY, "X", "“X”的上级绕成一圈"),
    ],
)
def test_a_committee_stands_below_a_higher_level(
    level: CommitteeLevel, parent: str, complaint: str
) -> None:
    found = errors(committees=(*SMALL.committees, a_committee("X", level, parent)))
    assert any(complaint in line for line in found), found


def test_a_committee_without_a_list_takes_that_of_the_one_above() -> None:
    above = a_committee("W", CommitteeLevel.CITY)
    committees = (above, replace(SMALL.committees[0], parent="W"))
    known = tuple(Sector("W", name) for name in ("农业界", "乡贤"))
    first = replace(FIRST, sector="乡贤;农业界")
    assert check(committees=committees, sectors=known, members=(first, SECOND)).warnings == ()
    own = (*known, Sector("FP", "农业界"))
    found = errors(committees=committees, sectors=own, members=(first, SECOND))
    assert [line for line in found if "乡贤" in line]


def test_what_may_be_meant_so_is_only_warned_of() -> None:
    away = replace(FIRST, absent_from=date(2026, 3, 31), deputy="T2-M1")
    studio = a_studio("T3", "丙室", convener="")
    found = check(
        members=(away, SECOND),
        studios=(*SMALL.studios, studio),
        shifts=(Shift("T1", "T1-M1", *MARCH),),
    )
    assert found.warnings == (
        "工作室 T3：工作室“T3”没有委员，派到这里的事项无人接",
        "值班 T1：值班期间“T1-M1”登记为缺席，由代理委员接",
    )
    before = Shift("T1", "T1-M1", MARCH[0], date(2026, 3, 30))
    assert check(members=(away, SECOND), shifts=(before,)).warnings == ()


def _in_a_row(count: int) -> Organisation:
    """Everybody is the deputy of the one before, the last one's is the first."""
    members = [replace(a_member("T1", f"委员{n}"), code=f"M{n}") for n in range(count)]
    chained = [replace(one, deputy=f"M{(n + 1) % count}") for n, one in enumerate(members)]
    studios = (a_studio("T1", "甲室", convener=""),)
    return Organisation(SMALL.committees, studios, tuple(chained), SMALL.departments)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    with pytest.raises(OrganisationFileError):
        work()
    return time.process_time() - start


def test_long_chains_cost_no_more_than_their_length() -> None:
    def work(count: int) -> float:
        book = OrganisationBook(_in_a_row(count))
        return _seconds(lambda: check_book(book, TERMS))

    work(500)
    assert work(8_000) < 40 * work(1_000)
