"""The rows of the organisation as the API takes and gives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from service.domain.organisation import (
    Committee,
    CommitteeLevel,
    Department,
    DepartmentLevel,
    Member,
    Shift,
    Studio,
    StudioKind,
)

_MAX_MANY = 500
_MAX_COUNT = 2**31 - 1

Code = Annotated[str, Field(max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Text = Annotated[str, Field(max_length=2_000)]
Many = Annotated[list[Name], Field(max_length=_MAX_MANY)]
Count = Annotated[int, Field(ge=0, le=_MAX_COUNT, strict=True)]


class RowModel(BaseModel):
    """What all rows have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class NounModel(RowModel):
    """A row that stands for a noun of the organisation, whose fields it has but for the code."""

    noun: ClassVar[Callable[..., Any]]

    def as_noun(self, code: str) -> Any:
        """The noun, not yet checked."""
        given = {name: tuple(v) if isinstance(v, list) else v for name, v in self}
        return self.noun(code, **given)

    @classmethod
    def of(cls, item: Any) -> Self:
        """A noun as the API gives it."""
        held = {name: getattr(item, name) for name in cls.model_fields}
        return cls(**{name: list(v) if isinstance(v, tuple) else v for name, v in held.items()})


class CommitteeModel(NounModel):
    """一个政协组织或联络组。"""

    noun = Committee

    name: Name = Field(examples=["富平县政协"])
    level: CommitteeLevel = Field(description="province、city、county 或 liaison（联络组）")
    parent: Code = Field(default="", description="上级的编号")
    division: str = Field(default="", max_length=12, description="区划代码", examples=["610528"])


class StudioModel(NounModel):
    """一个委员工作室。"""

    noun = Studio

    name: Name
    kind: StudioKind = Field(description="area、sector、specialty、personal 或 online")
    committee: Code = Field(min_length=1, description="政协的编号")
    areas: Many = Field(default=[], description="地域的名称")
    sector: Text = Field(default="", description="界别，多个用分号隔开")
    topics: Many = Field(default=[], description="专题，如 教育文体/考试招生")
    convener: Code = Field(default="", description="召集人的编号")
    deputies: Many = Field(default=[], description="副召集人的编号")
    contact: Text = Field(default="", description="联系领导")
    opening_hours: Text = Field(default="", description="开放时间")
    capacity: Count = Field(default=0, description="同时可办的事项数，0 为不限")
    yearly_allocation: Count = Field(default=0, description="年度经费（元）")
    two_signatures: bool = Field(default=False, strict=True, description="答复由起草人之外的人签发")


class AbsenceModel(RowModel):
    """委员何时缺席，由谁代理；都为空即在岗。"""

    absent_from: date | None = Field(default=None, description="缺席起，含当日")
    absent_to: date | None = Field(default=None, description="缺席止，含当日；为空即未定")
    deputy: Code = Field(default="", description="代理委员的编号")


class MemberModel(AbsenceModel, NounModel):
    """一位委员。"""

    noun = Member

    name: Name
    committee: Code = Field(min_length=1, description="政协的编号")
    level: CommitteeLevel
    sector: Text = Field(default="", description="界别")
    specialties: Many = Field(default=[], description="专长，如 农村农业/水利水电")
    studios: Many = Field(default=[], description="工作室的编号")
    employer: Text = Field(default="", description="单位")
    is_shown: bool = Field(default=False, strict=True, description="是否对外展示")


class DepartmentModel(NounModel):
    """一个承办单位；它的编号就是名称。"""

    noun = Department

    aliases: Many = Field(default=[], description="别名")
    duties: Text = Field(default="", description="职责")
    level: DepartmentLevel | None = Field(default=None, description="级别")
    division: str = Field(default="", max_length=12, description="区划代码")


class ShiftModel(RowModel):
    """一位委员在工作室值班的日子。"""

    member: Code = Field(min_length=1, description="委员的编号")
    first_day: date = Field(description="起，含当日")
    last_day: date = Field(description="止，含当日")
    weekdays: list[Annotated[int, Field(ge=1, le=7, strict=True)]] = Field(
        default=[], max_length=7, description="1 为周一；为空即每天"
    )
    hours: str = Field(default="", max_length=20, examples=["09:00-11:30"])

    def as_noun(self, studio: str) -> Shift:
        """The shift, not yet checked."""
        weekdays = tuple(sorted(set(self.weekdays)))
        return Shift(studio, self.member, self.first_day, self.last_day, weekdays, self.hours)

    @classmethod
    def of(cls, item: Shift) -> ShiftModel:
        """A shift as the API gives it."""
        return cls(
            member=item.member,
            first_day=item.first_day,
            last_day=item.last_day,
            weekdays=list(item.weekdays),
            hours=item.hours,
        )
