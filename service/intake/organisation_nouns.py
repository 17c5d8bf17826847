"""One row of an organisation table made the noun it describes; faults go to the entry."""

from __future__ import annotations

from datetime import date

from service.domain.organisation import (
    Activity,
    Committee,
    CommitteeLevel,
    Department,
    DepartmentLevel,
    Member,
    Shift,
    Studio,
    StudioKind,
)
from service.domain.sector import Sector
from service.intake.organisation_entries import Entry, plain_code

WEEKDAYS = "一二三四五六日"
_SUNDAY_TOO = {"天": 7}


def read_committee(entry: Entry) -> Committee:
    """The committee of a row."""
    return Committee(
        code=entry.needed_code("编号"),
        name=entry.needed("名称"),
        level=entry.label("级别", CommitteeLevel),
        parent=entry.code("上级"),
        division=entry.code("区划代码"),
    )


def read_studio(entry: Entry) -> Studio:
    """The studio of a row."""
    return Studio(
        code=entry.needed_code("编号"),
        name=entry.needed("名称"),
        kind=entry.label("类别", StudioKind),
        committee=entry.needed_code("政协"),
        areas=entry.many("地域"),
        sector=entry.text("界别"),
        topics=entry.topics("专题"),
        convener=entry.code("召集人"),
        deputies=entry.codes("副召集人"),
        contact=entry.text("联系领导"),
        opening_hours=entry.text("开放时间"),
        capacity=entry.count("容量"),
        yearly_allocation=entry.count("年度经费"),
        two_signatures=entry.mark("双人签发"),
    )


def read_member(entry: Entry) -> Member:
    """The member of a row."""
    return Member(
        code=entry.needed_code("编号"),
        name=entry.needed("姓名"),
        committee=entry.needed_code("政协"),
        level=entry.label("级别", CommitteeLevel),
        sector=entry.text("界别"),
        specialties=entry.topics("专长"),
        studios=entry.codes("工作室"),
        employer=entry.text("单位"),
        absent_from=entry.day("缺席起"),
        absent_to=entry.day("缺席止"),
        deputy=entry.code("代理委员"),
        is_shown=entry.mark("展示"),
    )


def read_department(entry: Entry) -> Department:
    """The department of a row."""
    return Department(
        name=entry.needed("名称"),
        aliases=entry.many("别名"),
        duties=entry.text("职责"),
        level=entry.label_or_none("级别", DepartmentLevel),
        division=entry.code("区划代码"),
    )


def read_sector(entry: Entry) -> Sector:
    """The sector of a row."""
    return Sector(entry.needed_code("政协"), entry.needed("名称"))


def read_shift(entry: Entry) -> Shift:
    """The shift of a row; a last day that is not written is the first."""
    entry.needed("起")
    first = entry.day("起") or date.min  # a missing day is an error already noted
    return Shift(
        studio=entry.needed_code("工作室"),
        member=entry.needed_code("委员"),
        first_day=first,
        last_day=entry.day("止") or first,
        weekdays=_weekdays(entry),
        hours=plain_hours(entry.text("时段")),
    )


def _weekdays(entry: Entry) -> tuple[int, ...]:
    found = set()
    for part in entry.many("星期"):
        name = part.removeprefix("星期").removeprefix("周")
        number = _SUNDAY_TOO.get(name, WEEKDAYS.find(name) + 1)
        if len(name) == 1 and number:
            found.add(number)
        else:
            entry.complain(f"“星期”应为 {'、'.join(WEEKDAYS)}，而不是“{part}”")
    return tuple(sorted(found))


def plain_hours(written: str) -> str:
    """Hours as 09:00-11:30 from the usual ways to write them."""
    plain = plain_code(written).replace("—", "-").replace("–", "-").replace("至", "-")
    times = [time.strip() for time in plain.replace("--", "-").split("-")]
    return "-".join(f"0{time}" if time[1:2] == ":" else time for time in times)


def read_activity(entry: Entry) -> Activity:
    """The activity of a row."""
    entry.needed("日期")
    return Activity(
        code=entry.needed_code("编号"),
        studio=entry.needed_code("工作室"),
        kind=entry.needed("类别"),
        held_on=entry.day("日期") or date.min,  # a missing day is an error already noted
        subject=entry.needed("主题"),
        members=entry.codes("委员"),
        people_served=entry.count("服务人数"),
        result=entry.text("成果"),
    )
