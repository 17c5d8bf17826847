"""JSON of intake: what is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel, Field

from service.domain.classification import Verdict
from service.domain.deadline import SHANGHAI
from service.domain.kind import Kind
from service.domain.relation import Relation
from service.triage.rules import ruling_lines, ruling_reasons
from service.usecases.intake.received import PartReceived, Received
from service.web.names import Names

_BEGINNING = 60


class Choice(BaseModel):
    """一个候选及其概率。"""

    name: str = Field(description="名称")
    p: float = Field(description="概率，0–1")


class TopicOut(BaseModel):
    """主题。"""

    code: str = Field(description="分类编码，四位", examples=["0601"])
    level1: str = Field(description="一级主题", examples=["交通运输"])
    level2: str = Field(description="二级主题", examples=["公路水路运输"])
    level1_p: float = Field(description="一级主题的概率，0–1")
    p: float = Field(description="二级主题的概率，0–1")


class DepartmentOut(BaseModel):
    """承办单位。"""

    name: str = Field(description="名称", examples=["交通运输局"])
    p: float = Field(description="概率，0–1")
    alternatives: list[Choice] = Field(description="其他可能的承办单位")


class KindOut(BaseModel):
    """诉求类型。"""

    code: str = Field(description="complaint、report、help、question、suggestion、praise 之一")
    name: str = Field(description="名称", examples=["投诉"])
    p: float = Field(description="概率，0–1")


class CodeName(BaseModel):
    """编号和名称。"""

    code: str = Field(description="编号", examples=["FP-01"])
    name: str = Field(description="名称", examples=["「三农之声」委员工作室"])


class TriageOut(BaseModel):
    """分类和拟交办的结果。模型不可用时 topic、department、kind、urgent 为 null，由人工分类。"""

    topic: TopicOut | None
    department: DepartmentOut | None
    kind: KindOut | None
    urgent: bool | None = Field(description="是否紧急：模型或规则这样判断")
    review: list[str] = Field(description="需要人工复核的原因，空数组表示不需要")
    rules: list[str] = Field(description="适用的办理规则和各自的意见")
    advice: list[str] = Field(description="规则给来信人的提示，如请立即拨打 119")
    because: list[str] = Field(description="交给这个工作室和委员的理由")
    studio: CodeName | None = Field(description="委员工作室")
    members: list[CodeName] = Field(description="委员，最合适的在前")


class MatterRef(BaseModel):
    """留言所属的事项。"""

    id: int = Field(description="事项编号（内部）")
    number: str = Field(description="事项编号", examples=["2026-000123"])
    status: str = Field(description="received、review、assigned、closed 之一")


class PartReceivedOut(BaseModel):
    """来信中的一件，文字已遮盖个人信息。"""

    text: str = Field(description="这一件的开头")
    number: str = Field(description="事项编号", examples=["2026-000124"])
    status: str = Field(description="received、review、assigned、closed 之一")
    due_at: datetime = Field(description="办理时限：最后一天的 24 时，北京时间")


class ReceiptOut(BaseModel):
    """受理的结果。"""

    receipt: str = Field(description="回执码，查询用", examples=["7M3KQ2W9XD0TA"])
    pin: str = Field(
        description="查询密码，留了手机号的为空；首次受理或以同一个 Idempotency-Key 重复提交时才有",
        examples=["204816"],
    )
    matter: MatterRef
    relation: str = Field(
        description="、".join(f"{relation.value} {relation.label_zh}" for relation in Relation)
    )
    is_new: bool = Field(description="false：此前已经收到，回执码是原来的")
    triage: TriageOut
    parts: list[PartReceivedOut] = Field(
        description="此前收到的留言已分件办理的，各件一项，同一个回执；没有分件为空"
    )


class ItemResult(BaseModel):
    """批量受理中一条的结果：result 与 problem 有且只有一个。"""

    index: int = Field(description="在数组中的位置，从 0 起")
    status: int = Field(description="201 已受理；200 此前已收到；4xx 未受理")
    result: ReceiptOut | None = None
    problem: dict[str, object] | None = Field(default=None, description="application/problem+json")


class BatchOut(BaseModel):
    """批量受理的结果，每条一个，次序与请求相同。"""

    received: int = Field(description="新受理的条数")
    repeated: int = Field(description="此前已经收到的条数")
    refused: int = Field(description="未受理的条数")
    results: list[ItemResult]


def as_receipt(received: Received, names: Names, *, is_senders: bool = False) -> ReceiptOut:
    """What is answered for one message that was taken in.

    The PIN of one that was there already is told where ``is_senders``: whoever asks has shown
    to be who handed it in.
    """
    return ReceiptOut(
        receipt=received.receipt,
        pin=received.pin if received.is_new or is_senders else "",
        matter=MatterRef(
            id=received.matter_id, number=received.matter_number, status=received.status.value
        ),
        relation=received.relation.value,
        is_new=received.is_new,
        triage=_triage(received, names),
        parts=[_part(part) for part in received.parts],
    )


def _part(part: PartReceived) -> PartReceivedOut:
    is_long = len(part.text) > _BEGINNING
    return PartReceivedOut(
        text=part.text[:_BEGINNING] + "…" * is_long,
        number=part.matter_number,
        status=part.status.value,
        due_at=part.due_at.astimezone(SHANGHAI),
    )


def _triage(received: Received, names: Names) -> TriageOut:
    judged, assignment = received.classification, received.assignment
    ruling = received.ruling
    is_ruled_urgent = ruling is not None and ruling.is_urgent
    return TriageOut(
        topic=_topic(judged.topic_l1, judged.topic, names) if judged else None,
        department=_department(judged.department) if judged else None,
        kind=_kind(judged.kind) if judged else None,
        urgent=(judged.is_urgent or is_ruled_urgent) if judged else is_ruled_urgent or None,
        review=[*(judged.review if judged else ()), *ruling_reasons(ruling, judged)],
        rules=list(ruling_lines(ruling)) if ruling else [],
        advice=list(ruling.advice) if ruling else [],
        because=list(assignment.because),
        studio=_named(assignment.studio, names.studio) if assignment.studio else None,
        members=[_named(code, names.member) for code in assignment.members],
    )


def _topic(first: Verdict, second: Verdict, names: Names) -> TopicOut:
    return TopicOut(
        code=second.label,
        level1=names.topic_name(first.label),
        level2=names.topic_name(second.label),
        level1_p=_share(first.probability),
        p=_share(second.probability),
    )


def _department(verdict: Verdict) -> DepartmentOut:
    alternatives = [Choice(name=name, p=_share(p)) for name, p in verdict.alternatives]
    return DepartmentOut(
        name=verdict.label, p=_share(verdict.probability), alternatives=alternatives
    )


def _kind(verdict: Verdict) -> KindOut:
    kind = Kind(verdict.label)
    return KindOut(code=kind.value, name=kind.label_zh, p=_share(verdict.probability))


def _named(code: str, name_of: Callable[[str], str]) -> CodeName:
    return CodeName(code=code, name=name_of(code))


def _share(probability: float) -> float:
    """Four digits: more would claim an accuracy that a probability does not have."""
    return round(probability, 4)
