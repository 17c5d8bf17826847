"""``/api/v1/calendar``: the notices of days of rest that were loaded."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from service.usecases.in_force.work_calendar import import_calendar_text, show_calendar
from service.web.allowed import MayRule
from service.web.api.documented import problems
from service.web.dependencies import CurrentContext

router = APIRouter(tags=["放假安排"])

_MAX_CHARS = 200_000


class DayOut(BaseModel):
    """一天的安排。"""

    day: date
    is_working: bool = Field(description="上班（调休）还是放假")
    name: str = Field(examples=["元旦"])


class CalendarOut(BaseModel):
    """已载入的放假安排。"""

    days: list[DayOut]
    last_known_year: int = Field(description="放假安排知道到哪一年，此后的时限是暂定的")


class CalendarIn(BaseModel):
    """放假安排的 CSV 文字。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    csv: str = Field(
        max_length=_MAX_CHARS,
        description="列为 日期,安排,名称；安排为 放假 或 上班",
        examples=["日期,安排,名称\n2027-01-01,放假,元旦\n"],
    )


class LoadedOut(BaseModel):
    """载入之后。"""

    days: int
    years: list[int] = Field(description="这些年份此前载入的被代替")
    moved: int = Field(description="时限有变的事项数")


@router.get(
    "/calendar",
    summary="放假安排",
    response_model=CalendarOut,
    responses=problems(401, 503),
)
def get_calendar(context: CurrentContext, account: MayRule) -> CalendarOut:
    """管理员载入的各天；其他年份按国务院公布的安排。"""
    found = show_calendar(context)
    return CalendarOut(
        days=[DayOut(day=d.day, is_working=d.is_working, name=d.name) for d in found.days],
        last_known_year=found.last_known_year,
    )


@router.put(
    "/calendar",
    summary="载入放假安排",
    response_model=LoadedOut,
    responses=problems(400, 401, 403, 413, 422, 503),
)
def put_calendar(wanted: CalendarIn, context: CurrentContext, account: MayRule) -> LoadedOut:
    """整体检查后生效；未办结事项的时限重新计算，记入办理经过。"""
    loaded = import_calendar_text(context, wanted.csv, account.name)
    return LoadedOut(days=loaded.day_count, years=list(loaded.years), moved=loaded.moved_count)
