"""JSON of matters. Texts are masked: personal data does not leave the case file."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from pydantic import BaseModel, Field

from service.domain.assignment import Assignment
from service.domain.claim import Claim
from service.domain.classification import Verdict
from service.domain.deadline import SHANGHAI, is_overdue
from service.domain.matter import Matter
from service.domain.status import OPEN_STATUSES, MatterStatus
from service.usecases.matters.matter_file import DemandView, EventView, MatterFile
from service.usecases.matters.queue import QueuePage


class MatterOut(BaseModel):
    """一件事项。时间为北京时间。"""

    id: int
    number: str = Field(description="事项编号", examples=["2026-000123"])
    title: str = Field(description="标题，个人信息已遮盖")
    status: str = Field(
        description="、".join(f"{one.value} {one.label_zh}" for one in MatterStatus)
    )
    topic: str = Field(description="主题编码，未分类为空")
    department: str = Field(description="承办单位")
    kind: str = Field(description="诉求类型")
    is_urgent: bool
    is_supervised: bool = Field(description="督办")
    asks_extension: bool = Field(description="申请延期，等待决定")
    is_overdue: bool = Field(description="尚未办结且已超期")
    place: str = Field(description="地点")
    studio: str = Field(description="委员工作室编号")
    member: str = Field(description="委员编号")
    opened_at: datetime
    last_message_at: datetime
    due_at: datetime = Field(description="办理时限：最后一天的 24 时")
    message_count: int = Field(description="留言条数")
    people_count: int = Field(description="人数")
    copy_count: int = Field(description="其中重复件的条数")
    claimed_by: str = Field(description="认领的账号，无人认领为空")
    claim_ends_at: datetime | None = Field(description="认领到何时，到时自行失效")


class QueueOut(BaseModel):
    """待办的一页，按紧急、时限、先后排列。"""

    matters: list[MatterOut]
    next_cursor: str = Field(description="下一页的 cursor，最后一页为空；Link 响应头中也有")
    previous_cursor: str = Field(description="上一页的 cursor，第一页为空；Link 响应头中也有")
    total: int = Field(description="符合条件的事项数，最多数到 1000")
    total_is_exact: bool = Field(description="total 是否就是全部；否则不止这些")
    suggested: list[int] = Field(description="其中可能与另一件是同一件事、待人认定的")
    offered: list[int] = Field(description="其中有来信可能说了几件事、待人认定的")
    crowded: list[int] = Field(
        description="其中来信超过 500 条的：people_count 只数了最近 500 条，不止这些人"
    )


class VerdictOut(BaseModel):
    """一项判断。"""

    label: str
    p: float
    alternatives: list[tuple[str, float]]


class ClassificationOut(BaseModel):
    """分类结果。"""

    topic: VerdictOut
    department: VerdictOut
    kind: VerdictOut
    is_urgent: bool
    urgent_p: float
    review: list[str]
    model_version: str
    decided_by: str = Field(description="model 或作出更正的账号")


class AssignmentOut(BaseModel):
    """交办。"""

    studio: str
    members: list[str]
    department: str
    because: list[str]
    runners_up: list[str]


class DemandOut(BaseModel):
    """事项中的一条留言，个人信息已遮盖。"""

    message_id: int
    part_of: int | None = Field(description="是哪条留言中的一件；整条的留言为 null")
    receipt: str = Field(description="只有看得到原文的账号看得到，否则为空")
    relation: str
    same_p: float = Field(description="与本事项是同一件事的概率")
    because: list[str] = Field(description="并入本事项的依据")
    title: str
    text: str
    channel: str
    sent_at: datetime
    received_at: datetime
    is_anonymous: bool


class EventOut(BaseModel):
    """办理经过中的一步。"""

    at: datetime
    actor: str
    kind: str
    detail: str


class ProposalOut(BaseModel):
    """建议改派：有人正在办理，由办理的人或收件台决定。"""

    at: datetime
    by: str = Field(description="谁的更正引起")
    assignment: AssignmentOut
    changes: list[str] = Field(examples=[["委员工作室：甲工作室 → 乙工作室"]])


class MatterFileOut(BaseModel):
    """事项的案卷。"""

    matter: MatterOut
    part: str = Field(
        description="所查事项的编号，它已并入本事项；查的就是本事项时为空", examples=["2026-000124"]
    )
    demands: list[DemandOut] = Field(description="一页留言，按发送的先后")
    next_after: int = Field(description="下一页留言的 after，没有下一页为 0；Link 响应头中也有")
    classification: ClassificationOut | None
    assignment: AssignmentOut
    proposal: ProposalOut | None = Field(description="待定的改派建议，没有为 null")
    events: list[EventOut] = Field(description="最近的办理经过，先后为序")
    next_before: int = Field(description="更早的经过的 before，没有为 0")
    is_due_provisional: bool = Field(description="时限暂定：到那时的放假安排还没有全部公布")


def as_matter_out(matter: Matter, now: datetime, claim: Claim | None) -> MatterOut:
    """A matter as JSON; ``now`` decides whether it is overdue."""
    values = {part.name: getattr(matter, part.name) for part in fields(matter)}
    for name in ("opened_at", "last_message_at", "due_at"):
        values[name] = values[name].astimezone(SHANGHAI)
    values["status"] = matter.status.value
    is_open = matter.status in OPEN_STATUSES
    return MatterOut(
        **values,
        is_overdue=is_open and is_overdue(matter.due_at, now),
        claimed_by=claim.account if claim else "",
        claim_ends_at=claim.ends_at.astimezone(SHANGHAI) if claim else None,
    )


def as_queue_out(page: QueuePage, now: datetime) -> QueueOut:
    """A page of the queue as JSON."""
    return QueueOut(
        matters=[as_matter_out(one, now, page.claims.get(one.id)) for one in page.matters],
        next_cursor=page.next_cursor,
        previous_cursor=page.previous_cursor,
        total=page.total.number,
        total_is_exact=page.total.is_exact,
        suggested=sorted(page.suggested),
        offered=sorted(page.offered),
        crowded=sorted(page.crowded),
    )


def as_file_out(file: MatterFile, now: datetime, claim: Claim | None) -> MatterFileOut:
    """A case file as JSON."""
    return MatterFileOut(
        matter=as_matter_out(file.matter, now, claim),
        part=file.part_number,
        demands=[_demand(view) for view in file.demands],
        next_after=file.next_after,
        classification=_classification(file),
        assignment=_assignment(file.assignment),
        proposal=_proposal(file),
        events=[_event(event) for event in file.events],
        next_before=file.next_before,
        is_due_provisional=file.is_due_provisional,
    )


def _demand(view: DemandView) -> DemandOut:
    return DemandOut(
        message_id=view.message.id,
        part_of=view.message.part_of,
        receipt=view.message.receipt,
        relation=view.relation.value,
        same_p=round(view.same_probability, 4),
        because=list(view.because),
        title=view.masked_title,
        text=view.masked_text,
        channel=view.message.channel.value,
        sent_at=view.message.sent_at.astimezone(SHANGHAI),
        received_at=view.message.received_at.astimezone(SHANGHAI),
        is_anonymous=view.sender.is_anonymous,
    )


def _classification(file: MatterFile) -> ClassificationOut | None:
    judged = file.classification
    if judged is None:
        return None
    return ClassificationOut(
        topic=_verdict(judged.topic),
        department=_verdict(judged.department),
        kind=_verdict(judged.kind),
        is_urgent=judged.is_urgent,
        urgent_p=round(judged.urgent_probability, 4),
        review=list(judged.review),
        model_version=judged.model_version,
        decided_by=judged.decided_by,
    )


def _verdict(verdict: Verdict) -> VerdictOut:
    return VerdictOut(
        label=verdict.label,
        p=round(verdict.probability, 4),
        alternatives=[(label, round(p, 4)) for label, p in verdict.alternatives],
    )


def _event(event: EventView) -> EventOut:
    at = event.at.astimezone(SHANGHAI)
    return EventOut(at=at, actor=event.actor, kind=event.kind, detail=event.detail)


def _assignment(assignment: Assignment) -> AssignmentOut:
    return AssignmentOut(
        studio=assignment.studio,
        members=list(assignment.members),
        department=assignment.department,
        because=list(assignment.because),
        runners_up=list(assignment.runners_up),
    )


def _proposal(file: MatterFile) -> ProposalOut | None:
    proposal = file.proposal
    if proposal is None:
        return None
    return ProposalOut(
        at=proposal.at.astimezone(SHANGHAI),
        by=proposal.by,
        assignment=_assignment(proposal.assignment),
        changes=list(proposal.changes),
    )
