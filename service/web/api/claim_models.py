"""JSON of claims, bulk actions and saved views."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.domain.claim import Claim
from service.domain.deadline import SHANGHAI
from service.domain.order import MAX_NOTE_CHARS
from service.usecases.matters.bulk import MAX_MATTERS
from service.usecases.matters.claims import MAX_MINUTES
from service.web.queue_query import FilterIn

_Id = Annotated[int, Field(ge=1, le=2**63 - 1, strict=True)]
_Number = Annotated[str, Field(min_length=1, max_length=24, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Code = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Minutes = Annotated[int, Field(ge=0, le=MAX_MINUTES, strict=True)]
_FORBID = ConfigDict(extra="forbid", frozen=True)


class LeaseIn(BaseModel):
    """认领多久。"""

    model_config = _FORBID

    minutes: _Minutes = Field(default=0, description="分钟，0 为系统设定的时长", examples=[30])


class ClaimNextIn(LeaseIn):
    """认领哪个范围中的下一件。"""

    filter: FilterIn = Field(default=FilterIn(), description="筛选条件，与待办的相同")


class ReassignIn(LeaseIn):
    """转交给谁：账号或委员工作室，二者之一。"""

    account: _Code = Field(default="", description="账号，由其认领")
    studio: _Code = Field(default="", description="委员工作室编号")


class BulkIn(ReassignIn):
    """对许多事项做同一件事。"""

    action: Literal["claim", "renew", "release", "reassign", "dispatch", "close"]
    matters: Annotated[list[_Id | _Number], Field(min_length=1, max_length=MAX_MATTERS)] = Field(
        description="事项的内部编号或事项编号", examples=[[12, "2026-000013"]]
    )
    note: Annotated[str, Field(max_length=MAX_NOTE_CHARS)] = Field(
        default="", description="办结时的办理结果"
    )


class ClaimOut(BaseModel):
    """一件事项由谁认领，到何时。"""

    matter: int = Field(description="事项的编号（内部）")
    account: str
    claimed_at: datetime
    ends_at: datetime = Field(description="到时自行失效")


class BulkItemOut(BaseModel):
    """一件的结果。"""

    matter: int | str = Field(description="与请求中写的相同")
    status: int = Field(description="200，或有误时 problem 的 status")
    problem: dict[str, Any] | None = None


class BulkOut(BaseModel):
    """每件一个结果，次序与请求相同。"""

    done: int
    refused: int
    results: list[BulkItemOut]


class ViewIn(BaseModel):
    """存为视图的筛选条件。"""

    model_config = _FORBID

    filter: FilterIn
    shared: bool = Field(default=False, strict=True, description="所有人共用，由管理员设置")


class ViewOut(BaseModel):
    """一个视图。"""

    name: str
    filter: dict[str, Any] = Field(description="筛选条件，与待办地址中的相同")
    shared: bool


class ViewsOut(BaseModel):
    """自己的视图在前，共用的在后。"""

    views: list[ViewOut]


def as_claim_out(claim: Claim) -> ClaimOut:
    """A claim as JSON."""
    return ClaimOut(
        matter=claim.matter_id,
        account=claim.account,
        claimed_at=claim.claimed_at.astimezone(SHANGHAI),
        ends_at=claim.ends_at.astimezone(SHANGHAI),
    )
