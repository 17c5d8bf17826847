"""The tables that describe an organisation: a sheet of the workbook each, or a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.organisation import Organisation, OrganisationBook
from service.intake import organisation_cells as cells
from service.intake import organisation_nouns as nouns
from service.intake.organisation_cells import Cells
from service.intake.organisation_entries import Entry


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: what its sheet and its file are called, and how a row becomes a noun and back.

    ``stem`` names the field of ``Organisation`` too. ``key`` are the columns that tell rows
    apart, ``optional`` those that a file may lack.
    """

    title: str
    stem: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    read: Callable[[Entry], Any]
    cells: Callable[[Any], Cells]
    optional: tuple[str, ...] = ()

    def of(self, book: OrganisationBook) -> tuple[Any, ...]:
        """The nouns of this table."""
        found: tuple[Any, ...] = getattr(
            book if self is ACTIVITIES else book.organisation, self.stem
        )
        return found

    def row(self, noun: Any) -> dict[str, Any]:
        """The cells of a noun by column."""
        return dict(zip(self.columns, self.cells(noun), strict=True))


COMMITTEES = Sheet(
    "政协",
    "committees",
    ("编号", "名称", "级别", "上级", "区划代码"),
    ("编号",),
    nouns.read_committee,
    cells.committee_cells,
)
STUDIOS = Sheet(
    "工作室",
    "studios",
    (
        *("编号", "名称", "类别", "政协", "地域", "界别", "专题", "召集人", "副召集人"),
        *("联系领导", "开放时间", "容量", "年度经费", "双人签发"),
    ),
    ("编号",),
    nouns.read_studio,
    cells.studio_cells,
    optional=("双人签发",),
)
MEMBERS = Sheet(
    "委员",
    "members",
    (
        *("编号", "姓名", "政协", "级别", "界别", "专长", "工作室", "单位"),
        *("缺席起", "缺席止", "代理委员", "展示"),
    ),
    ("编号",),
    nouns.read_member,
    cells.member_cells,
)
DEPARTMENTS = Sheet(
    "承办单位",
    "departments",
    ("名称", "别名", "职责", "级别", "区划代码"),
    ("名称",),
    nouns.read_department,
    cells.department_cells,
    optional=("级别", "区划代码"),
)
SECTORS = Sheet(
    "界别",
    "sectors",
    ("政协", "名称"),
    ("政协", "名称"),
    nouns.read_sector,
    cells.sector_cells,
)
SHIFTS = Sheet(
    "值班",
    "shifts",
    ("工作室", "委员", "起", "止", "星期", "时段"),
    ("工作室", "委员", "起", "止", "星期", "时段"),
    nouns.read_shift,
    cells.shift_cells,
)
ACTIVITIES = Sheet(
    "活动",
    "activities",
    ("编号", "工作室", "类别", "日期", "主题", "委员", "服务人数", "成果"),
    ("编号",),
    nouns.read_activity,
    cells.activity_cells,
)
SHEETS = (COMMITTEES, STUDIOS, MEMBERS, DEPARTMENTS, SECTORS, SHIFTS, ACTIVITIES)


def make_book(found: Mapping[str, tuple[Any, ...]]) -> OrganisationBook:
    """The book of nouns by the stems of their tables."""
    rest = dict(found)
    activities = rest.pop(ACTIVITIES.stem)
    return OrganisationBook(Organisation(**rest), activities)
