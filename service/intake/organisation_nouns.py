"""One row of an organisation file made the noun it describes; faults go to the entry."""

from __future__ import annotations

from datetime import date

from service.domain.organisation import (
    Activity,
    Committee,
    CommitteeLevel,
    Department,
    Member,
    Studio,
    StudioKind,
)
from service.intake.organisation_entries import Entry

COMMITTEE_COLUMNS = ("编号", "名称", "级别", "上级", "区划代码")
STUDIO_COLUMNS = (
    *("编号", "名称", "类别", "政协", "地域", "界别", "专题", "召集人", "副召集人"),
    *("联系领导", "开放时间", "容量", "年度经费"),
)
MEMBER_COLUMNS = (
    *("编号", "姓名", "政协", "级别", "界别", "专长", "工作室", "单位"),
    *("缺席起", "缺席止", "代理委员", "展示"),
)
DEPARTMENT_COLUMNS = ("名称", "别名", "职责")
ACTIVITY_COLUMNS = ("编号", "工作室", "类别", "日期", "主题", "委员", "服务人数", "成果")


def read_committee(entry: Entry) -> Committee:
    """The committee of a row of ``COMMITTEE_COLUMNS``."""
    return Committee(
        code=entry.needed("编号"),
        name=entry.needed("名称"),
        level=entry.label("级别", CommitteeLevel),
        parent=entry.text("上级"),
        division=entry.text("区划代码"),
    )


def read_studio(entry: Entry) -> Studio:
    """The studio of a row of ``STUDIO_COLUMNS``."""
    return Studio(
        code=entry.needed("编号"),
        name=entry.needed("名称"),
        kind=entry.label("类别", StudioKind),
        committee=entry.needed("政协"),
        areas=entry.many("地域"),
        sector=entry.text("界别"),
        topics=entry.many("专题"),
        convener=entry.text("召集人"),
        deputies=entry.many("副召集人"),
        contact=entry.text("联系领导"),
        opening_hours=entry.text("开放时间"),
        capacity=entry.count("容量"),
        yearly_allocation=entry.count("年度经费"),
    )


def read_member(entry: Entry) -> Member:
    """The member of a row of ``MEMBER_COLUMNS``."""
    absent_from, absent_to = entry.day("缺席起"), entry.day("缺席止")
    if absent_to is not None and (absent_from is None or absent_to < absent_from):
        entry.complain("“缺席止”早于“缺席起”，或者缺少“缺席起”")
    return Member(
        code=entry.needed("编号"),
        name=entry.needed("姓名"),
        committee=entry.needed("政协"),
        level=entry.label("级别", CommitteeLevel),
        sector=entry.text("界别"),
        specialties=entry.many("专长"),
        studios=entry.many("工作室"),
        employer=entry.text("单位"),
        absent_from=absent_from,
        absent_to=absent_to,
        deputy=entry.text("代理委员"),
        is_shown=entry.mark("展示"),
    )


def read_department(entry: Entry) -> Department:
    """The department of a row of ``DEPARTMENT_COLUMNS``."""
    return Department(entry.needed("名称"), entry.many("别名"), entry.text("职责"))


def read_activity(entry: Entry) -> Activity:
    """The activity of a row of ``ACTIVITY_COLUMNS``."""
    entry.needed("日期")
    return Activity(
        code=entry.needed("编号"),
        studio=entry.needed("工作室"),
        kind=entry.needed("类别"),
        held_on=entry.day("日期") or date.min,  # a missing day is an error already noted
        subject=entry.needed("主题"),
        members=entry.many("委员"),
        people_served=entry.count("服务人数"),
        result=entry.text("成果"),
    )
